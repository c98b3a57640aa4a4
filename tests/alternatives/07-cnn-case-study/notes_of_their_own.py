"""Cells of the student's own between the tasks, blocks of layers from a function, dropout before Flatten, which is the same."""

# %% [extra after given-config]
# A first look at a network.
first = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
first.compile(loss="sparse_categorical_crossentropy")
first.summary()

# %% [task-2-build-cnn]
def convolution(filters, config):
    return [
        keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=None),
        keras.layers.Activation(config.activation),
        keras.layers.MaxPooling2D(config.pool_size, padding="valid"),
    ]

def build_cnn(config):
    blocks = [convolution(filters, config) for filters in config.filters]
    head = [keras.layers.Dense(units, config.activation) for units in config.dense_units]
    model = keras.Sequential(
        [keras.Input(shape=(28, 28, 1)), *sum(blocks, []), keras.layers.Dropout(config.dropout), keras.layers.Flatten(), *head, keras.layers.Dense(10), keras.layers.Softmax()]
    )
    model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.deserialize({"class_name": config.optimizer, "config": {"learning_rate": config.learning_rate}}), metrics=["acc"])
    return model

# %% [extra after task-6-quality]
x = y = model = config = rows = None
