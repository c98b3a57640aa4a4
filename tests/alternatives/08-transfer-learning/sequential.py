"""Sequential networks; the frozen body stands in them as a layer and is not told training=False."""

# %% [task-2-build-transfer-model]
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    backbone.trainable = False
    model = keras.Sequential()
    model.add(keras.Input(shape=backbone.input_shape[1:]))
    model.add(backbone)
    model.add(keras.layers.GlobalAvgPool2D(name="mean_of_each_channel"))
    model.add(keras.layers.Dropout(rate=dropout))
    model.add(keras.layers.Dense(n_classes))
    model.add(keras.layers.Softmax())
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(), optimizer=keras.optimizers.Adam(learning_rate=learning_rate)
    )
    return model

# %% [task-6-quality]
def train_transferred(images, labels):
    model = build_transfer_model(load_backbone(), 10, dropout=0.0, learning_rate=2e-2)
    model.fit(images, labels, batch_size=25, epochs=8, verbose=0)
    return model
