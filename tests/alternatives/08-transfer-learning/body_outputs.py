"""The head is appended to the body's own output, so that the body's layers become layers of the network."""

# %% [task-2-build-transfer-model]
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    for layer in backbone.layers:
        layer.trainable = False
    backbone.trainable = False
    means = keras.layers.GlobalAveragePooling2D(name="means")(backbone.outputs[0])
    head = keras.Sequential([keras.layers.Dropout(dropout), keras.layers.Dense(n_classes, "softmax", name="classes")])
    model = keras.Model(inputs=backbone.inputs, outputs=head(means), name="transferred")
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=keras.losses.sparse_categorical_crossentropy)
    return model
