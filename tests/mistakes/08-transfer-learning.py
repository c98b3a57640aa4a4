# Known mistakes in unit 08, read by `course audit 08-transfer-learning`. One mistake a cell: its code is put after the
# worked solution of the task, so that it replaces the functions it defines. The hint is a fragment of what its check
# must say.

# %% [task-1-freeze] nothing returned
# hint: Return backbone itself
def freeze(backbone):
    backbone.trainable = False

# %% [task-1-freeze] a copy is frozen
# hint: Return backbone itself
def freeze(backbone):
    copy = keras.models.clone_model(backbone)
    copy.trainable = False
    return copy

# %% [task-1-freeze] another attribute is set
# hint: Nothing is frozen
def freeze(backbone):
    backbone.training = False
    return backbone

# %% [task-1-freeze] only the convolutions
# hint: Batch normalisation is still trainable
def freeze(backbone):
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.trainable = False
    return backbone

# %% [task-1-freeze] only the last layer with weights
# hint: Only the last layer that has weights is frozen
def freeze(backbone):
    [layer for layer in backbone.layers if layer.weights][-1].trainable = False
    return backbone

# %% [task-1-freeze] trainable is turned over
# hint: whatever it was before
def freeze(backbone):
    backbone.trainable = not backbone.trainable
    return backbone

# %% [task-1-freeze] weights set to zero
# hint: The weights keep their values
def freeze(backbone):
    backbone.trainable = False
    backbone.set_weights([0 * w for w in backbone.get_weights()])
    return backbone

# %% [task-2-build-transfer-model] body not frozen
# hint: The body is not frozen
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] frozen after compiling
# hint: The body was frozen after compiling
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    freeze(backbone)
    return model

# %% [task-2-build-transfer-model] batch normalisation not frozen
# hint: Batch normalisation is not frozen
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    for layer in backbone.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] everything frozen
# hint: Everything is frozen, the head too
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = freeze(keras.Model(inputs, x))
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] body called in training mode
# hint: The body is called in training mode
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=True))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] dropout also outside of training
# hint: or dropout is always on
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x, training=True))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] head without softmax
# hint: softmax is missing
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes)(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% [task-2-build-transfer-model] softmax twice
# hint: Softmax is there twice
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, keras.layers.Softmax()(x))
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] sigmoid
# hint: This is sigmoid
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="sigmoid")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] flatten
# hint: use global average pooling, which keeps 4
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.Flatten()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] max pooling
# hint: This is global max pooling
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalMaxPooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] one input size only
# hint: keras.Input(backbone.input_shape[1:])
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] what compile returns is returned
# hint: which itself returns None
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    return keras.Model(inputs, x).compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")

# %% [task-2-build-transfer-model] dropout missing
# hint: Dropout is missing
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    model = keras.Model(inputs, keras.layers.Dense(n_classes, activation="softmax")(x))
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] share that is kept
# hint: The rate is the share that is dropped
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(1 - dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] dropout's rate ignored
# hint: The parameter dropout is ignored: this is the rate 0.2
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(0.2)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] dropout before pooling
# hint: between global average pooling and the dense layer
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.Dropout(dropout)(backbone(inputs, training=False)))
    model = keras.Model(inputs, keras.layers.Dense(n_classes, activation="softmax")(x))
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] dropout behind softmax
# hint: it comes before the dense layer
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dropout(dropout)(keras.layers.Dense(n_classes, activation="softmax")(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] not compiled
# hint: Call model.compile(...)
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    return keras.Model(inputs, keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x)))

# %% [task-2-build-transfer-model] learning rate ignored
# hint: The learning rate is ignored: this is Adam's own
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile("adam", "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] SGD
# hint: Task 2 asks for Adam
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.SGD(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] loss for one-hot labels
# hint: The loss cannot take whole numbers as labels
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), "categorical_crossentropy")
    return model

# %% [task-2-build-transfer-model] loss for logits
# hint: The loss expects logits
def build_transfer_model(backbone, n_classes, dropout=0.2, learning_rate=1e-3):
    freeze(backbone)
    inputs = keras.Input(backbone.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(backbone(inputs, training=False))
    x = keras.layers.Dense(n_classes, activation="softmax")(keras.layers.Dropout(dropout)(x))
    model = keras.Model(inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% [task-3-trainable-parameters] all parameters
# hint: These are all parameters
def trainable_parameters(model):
    return model.count_params()

# %% [task-3-trainable-parameters] arrays counted
# hint: These are arrays
def trainable_parameters(model):
    return len(model.trainable_weights)

# %% [task-3-trainable-parameters] those that are not trained
# hint: These are the parameters that are not trained
def trainable_parameters(model):
    return sum(int(np.prod(w.shape)) for w in model.non_trainable_weights)

# %% [task-3-trainable-parameters] the outer layers' flags only
# hint: look into the network inside the network
def trainable_parameters(model):
    return sum(int(np.prod(w.shape)) for layer in model.layers if layer.trainable for w in layer.weights
               if "moving" not in w.name)

# %% [task-3-trainable-parameters] not an int
# hint: A count is a whole number
def trainable_parameters(model):
    return float(sum(np.prod(w.shape) for w in model.trainable_weights))

# %% [task-4-fine-tune] the whole network unfrozen
# hint: The whole network is unfrozen
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] n_layers ignored
# hint: n_layers is ignored
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    for layer in backbone.layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] batch normalisation unfrozen
# hint: Batch normalisation is unfrozen
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    left = n_layers
    for layer in reversed(backbone.layers):
        layer.trainable = left > 0
        if layer.weights and not isinstance(layer, keras.layers.BatchNormalization):
            left -= 1
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] batch normalisation unfrozen and counted
# hint: it stays frozen and does not count
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    with_weights = [layer for layer in backbone.layers if layer.weights]
    for layer in backbone.layers:
        layer.trainable = layer in with_weights[-n_layers:]
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] batch normalisation counted
# hint: and so it does not count
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    with_weights = [layer for layer in backbone.layers if layer.weights]
    for layer in backbone.layers:
        layer.trainable = layer in with_weights[-n_layers:] and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] layers without weights counted
# hint: Layers without weights count
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    for layer in backbone.layers[:-n_layers]:
        layer.trainable = False
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] compiled and nothing unfrozen
# hint: Nothing of the body is trained
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] not compiled again
# hint: The network was not compiled again
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[max(0, len(candidates) - n_layers):]
    model.optimizer.learning_rate = learning_rate
    return model

# %% [task-4-fine-tune] compiled before unfreezing
# hint: compile last
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[max(0, len(candidates) - n_layers):]
    return model

# %% [task-4-fine-tune] the old learning rate
# hint: The old learning rate is kept
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[max(0, len(candidates) - n_layers):]
    model.compile(keras.optimizers.Adam(float(model.optimizer.learning_rate)), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] Adam's own learning rate
# hint: This is Adam's own learning rate
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[max(0, len(candidates) - n_layers):]
    model.compile("adam", "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] zero layers are all layers
# hint: layers[-0:] is the whole list
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[-n_layers:]
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] more layers than there are
# hint: a slice that starts before the list
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[len(candidates) - n_layers:]
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] what an earlier call unfroze stays
# hint: freeze the rest of the body anew
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    if not backbone.trainable:
        backbone.trainable = True
        for layer in backbone.layers:
            layer.trainable = False
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in candidates[max(0, len(candidates) - n_layers):]:
        layer.trainable = True
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] only Conv2D
# hint: Only Conv2D layers count
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if type(layer) is keras.layers.Conv2D]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[max(0, len(candidates) - n_layers):]
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] the first layers
# hint: The first layers are unfrozen
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[:n_layers]
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] the head frozen
# hint: The head is frozen
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    for layer in model.layers:
        layer.trainable = False
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[max(0, len(candidates) - n_layers):]
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model

# %% [task-4-fine-tune] the body returned
# hint: Return model itself
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    candidates = [layer for layer in backbone.layers if layer.weights and not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in backbone.layers:
        layer.trainable = layer in candidates[max(0, len(candidates) - n_layers):]
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return backbone

# %% [task-5-top-k-accuracy] one class too few
# hint: k is off by one, one class too few
def top_k_accuracy(probabilities, labels, k):
    first = np.argsort(-probabilities, axis=1, kind="stable")[:, :k - 1]
    return float(np.mean(np.any(first == labels[:, None], axis=1)))

# %% [task-5-top-k-accuracy] one class too many
# hint: k is off by one
def top_k_accuracy(probabilities, labels, k):
    first = np.argsort(-probabilities, axis=1, kind="stable")[:, :k + 1]
    return float(np.mean(np.any(first == labels[:, None], axis=1)))

# %% [task-5-top-k-accuracy] ties by the higher index
# hint: Of equal probabilities the lower class index comes first
def top_k_accuracy(probabilities, labels, k):
    first = np.argsort(probabilities, axis=1, kind="stable")[:, ::-1][:, :k]
    return float(np.mean(np.any(first == labels[:, None], axis=1)))

# %% [task-5-top-k-accuracy] all of a tie count
# hint: do not all count
def top_k_accuracy(probabilities, labels, k):
    smallest = np.sort(probabilities, axis=1)[:, -k]
    return float(np.mean(probabilities[np.arange(len(labels)), labels] >= smallest))

# %% [task-5-top-k-accuracy] the smallest probabilities
# hint: These are the smallest probabilities
def top_k_accuracy(probabilities, labels, k):
    first = np.argsort(probabilities, axis=1, kind="stable")[:, :k]
    return float(np.mean(np.any(first == labels[:, None], axis=1)))

# %% [task-5-top-k-accuracy] rows counted
# hint: divide by their number
def top_k_accuracy(probabilities, labels, k):
    first = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return float(np.sum(first == labels[:, None]))

# %% [task-5-top-k-accuracy] divided by rows times k
# hint: not by rows times k
def top_k_accuracy(probabilities, labels, k):
    first = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return float(np.mean(first == labels[:, None]))

# %% [task-5-top-k-accuracy] written into the probabilities
# hint: changed in place
def top_k_accuracy(probabilities, labels, k):
    probabilities *= -1
    first = np.argsort(probabilities, axis=1, kind="stable")[:, :k]
    probabilities *= -1.0000001
    return float(np.mean(np.any(first == labels[:, None], axis=1)))

# %% [task-6-quality] a body with random weights
# hint: the body with its trained weights
def train_transferred(images, labels):
    model = build_transfer_model(load_backbone(weights=None), 10, learning_rate=1e-2)
    model.fit(images, labels, batch_size=20, epochs=3, verbose=0)
    return model

# %% [task-6-quality] hardly trained
# hint: Train longer or with a larger rate
def train_transferred(images, labels):
    model = build_transfer_model(load_backbone(), 10, learning_rate=1e-5)
    model.fit(images, labels, batch_size=50, epochs=1, verbose=0)
    return model

# %% [task-6-quality] the history returned
# hint: model.fit(...) returns a history
def train_transferred(images, labels):
    model = build_transfer_model(load_backbone(), 10, learning_rate=1e-2)
    return model.fit(images, labels, batch_size=50, epochs=1, verbose=0)
