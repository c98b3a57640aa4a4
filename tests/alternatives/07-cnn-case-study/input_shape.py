"""The first layer is told the shape of the images; the optimizer is made from a dict; the accuracy comes from evaluate."""

# %% [task-2-build-cnn]
def build_cnn(config):
    shape = {"input_shape": (28, 28, 1)}
    layers = []
    for filters in config.filters:
        layers += [keras.layers.Conv2D(filters, config.kernel_size, activation=config.activation, padding=config.padding, **shape), keras.layers.MaxPooling2D(config.pool_size)]
        shape = {}
    layers += [keras.layers.Flatten(**shape), keras.layers.Dropout(config.dropout)]
    layers += [keras.layers.Dense(units, activation=config.activation) for units in config.dense_units]
    layers += [keras.layers.Dense(10, "softmax")]
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get({"class_name": config.optimizer, "config": {"learning_rate": config.learning_rate}})
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
    return model

# %% [task-5-run-experiment]
def run_experiment(config, data):
    train, (x_val, y_val) = data
    model = build_cnn(config)
    before = time.time()
    for epoch in range(config.epochs):
        model.fit(train[0], train[1], config.batch_size, verbose=0)
    after = time.time()
    _, accuracy = model.evaluate(x_val, y_val, verbose=0)
    return {name: getattr(config, name) for name in config.__dataclass_fields__} | dict(val_accuracy=accuracy, parameters=int(model.count_params()), seconds=after - before)
