"""The network is a subclass of keras.Model with a call of its own."""

# %% [extra]
class Transferred(keras.Model):
    def __init__(self, body, n_classes, dropout):
        super().__init__()
        self.body = body
        self.pool = keras.layers.GlobalAveragePooling2D()
        self.dropout = keras.layers.Dropout(dropout)
        self.head = keras.layers.Dense(n_classes, activation="softmax")

    def call(self, images, training=None):
        means = self.pool(self.body(images, training=False))
        return self.head(self.dropout(means, training=training))

# %% [task-2-build-transfer-model]
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    model = Transferred(freeze(backbone), n_classes, dropout)
    size = [side or 8 for side in backbone.input_shape[1:]]
    model(np.zeros([1, *size], dtype="float32"))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model
