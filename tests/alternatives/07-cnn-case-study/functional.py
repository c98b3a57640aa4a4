"""The functional interface, activations as layers of their own, softmax as a layer, loss and optimizer as objects."""

# %% [task-2-build-cnn]
def build_cnn(config):
    L = keras.layers
    start = keras.Input(shape=(28, 28, 1), name="garment")
    x = start
    for number, filters in enumerate(config.filters):
        x = L.Conv2D(filters, config.kernel_size, padding=config.padding, name=f"look_{number}")(x)
        x = L.Activation(config.activation)(x)
        x = L.MaxPool2D(pool_size=(config.pool_size, config.pool_size), strides=config.pool_size)(x)
    x = L.Flatten(name="row")(x)
    x = L.Dropout(config.dropout, seed=3)(x)
    for units in config.dense_units:
        x = L.Dense(units)(x)
        x = L.Activation(config.activation)(x)
    x = L.Dense(10)(x)
    model = keras.Model(start, L.Softmax()(x))
    kind = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD, "rmsprop": keras.optimizers.RMSprop, "adagrad": keras.optimizers.Adagrad}
    model.compile(kind[config.optimizer](config.learning_rate), keras.losses.SparseCategoricalCrossentropy(from_logits=False), metrics=["accuracy"])
    return model

# %% [task-5-run-experiment]
def run_experiment(config, data):
    model = build_cnn(config)
    start = time.time_ns()
    history = model.fit(*data[0], validation_data=data[1], batch_size=config.batch_size, epochs=config.epochs, verbose=0)
    row = vars(config).copy()
    row["seconds"] = (time.time_ns() - start) / 1e9
    row["val_accuracy"] = history.history["val_accuracy"][-1]
    row["parameters"] = sum(int(np.prod(w.shape)) for w in model.weights)
    row["when"] = time.strftime("%H:%M")
    return row
