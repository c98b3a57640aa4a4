"""The digits are learned in two stages, head first and then the last two layers of the body; AdamW, and a name for each layer."""

# %% [task-2-build-transfer-model]
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    images = keras.Input(shape=backbone.input_shape[1:], name="images")
    maps = freeze(backbone)(images)
    means = keras.layers.Lambda(lambda x: keras.ops.mean(x, axis=[1, 2]), name="means")(maps)
    classes = keras.layers.Dense(n_classes, name="classes", activation=keras.activations.softmax)
    model = keras.Model(images, classes(keras.layers.Dropout(dropout, seed=3)(means)), name="transfer")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
    model.compile(optimizer=keras.optimizers.AdamW(learning_rate, weight_decay=0.0), loss=loss, metrics=["acc"])
    return model

# %% [task-6-quality]
def train_transferred(images, labels):
    body = load_backbone()
    model = build_transfer_model(body, 10, dropout=0.1, learning_rate=2e-2)
    model.fit(images, labels, batch_size=20, epochs=6, verbose=0)
    fine_tune(model, body, 2, learning_rate=1e-3)
    model.fit(images, labels, batch_size=50, epochs=2, verbose=0)
    return model
