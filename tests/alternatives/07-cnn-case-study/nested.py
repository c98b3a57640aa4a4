"""A network for the pictures inside a network, and ReLU, softmax and cross entropy as functions of Keras."""

# %% [extra after given-config]
def eyes(config):
    body = keras.Sequential([keras.Input((28, 28, 1))], name="eyes")
    for filters in config.filters:
        body.add(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=getattr(keras.activations, config.activation)))
        body.add(keras.layers.MaxPooling2D(config.pool_size))
    body.add(keras.layers.Flatten())
    return body

# %% [task-2-build-cnn]
def build_cnn(config):
    image = keras.Input((28, 28, 1))
    x = keras.layers.Dropout(config.dropout)(eyes(config)(image))
    for units in config.dense_units:
        x = getattr(keras.activations, config.activation)(keras.layers.Dense(units)(x))
    model = keras.Model(inputs=image, outputs=keras.ops.softmax(keras.layers.Dense(10)(x)))
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate.assign(config.learning_rate)
    model.compile(optimizer=optimizer, loss=lambda y, p: keras.losses.sparse_categorical_crossentropy(y, p), metrics=["accuracy"])
    return model
