"""A class of its own that inherits from keras.Model, built before it is compiled."""

# %% [task-2-build-cnn]
class CNN(keras.Model):
    def __init__(self, config):
        super().__init__()
        self.steps = []
        for filters in config.filters:
            self.steps.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
            self.steps.append(keras.layers.MaxPooling2D(config.pool_size))
        self.steps += [keras.layers.Flatten(), keras.layers.Dropout(config.dropout)]
        self.steps += [keras.layers.Dense(units, activation=config.activation) for units in config.dense_units]
        self.steps.append(keras.layers.Dense(10, activation="softmax"))

    def call(self, x, training=False):
        for step in self.steps:
            x = step(x, training=training) if isinstance(step, keras.layers.Dropout) else step(x)
        return x


def build_cnn(config):
    model = CNN(config)
    model(np.zeros((1, 28, 28, 1), dtype="float32"))
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
