"""Loops in place of array operations: layers frozen one by one, parameters and ranks counted."""

# %% [task-1-freeze]
def freeze(backbone):
    for layer in backbone.layers:
        layer.trainable = False
    return backbone

# %% [task-3-trainable-parameters]
def trainable_parameters(model):
    total = 0
    for weights in model.trainable_variables:
        size = 1
        for side in weights.shape:
            size *= side
        total += size
    return total

# %% [task-4-fine-tune]
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    candidates = []
    for layer in backbone.layers:
        if not isinstance(layer, keras.layers.BatchNormalization) and layer.count_params() > 0:
            candidates.append(layer)
    backbone.trainable = True
    for layer in backbone.layers:
        layer.trainable = False
    for place in range(len(candidates)):
        if place >= len(candidates) - n_layers:
            candidates[place].trainable = True
    model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=learning_rate))
    return model

# %% [task-5-top-k-accuracy]
def top_k_accuracy(probabilities, labels, k):
    right = 0
    for row, label in zip(probabilities, labels):
        order = sorted(range(len(row)), key=lambda c: (-row[c], c))
        if label in order[:k]:
            right += 1
    return right / len(labels)
