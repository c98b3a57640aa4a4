"""Fine tuning walks through the layers from the end and counts down; parameters are counted by recursion."""

# %% [task-3-trainable-parameters]
def trainable_parameters(model):
    if not model.trainable:
        return 0
    inside = getattr(model, "layers", None)
    if inside is not None:
        return sum(trainable_parameters(layer) for layer in inside)
    return sum(np.array(w).size for w in model.trainable_variables)

# %% [task-4-fine-tune]
def fine_tune(model, backbone, n_layers, learning_rate=1e-5):
    backbone.trainable = True
    left = n_layers
    for layer in backbone.layers[::-1]:
        layer.trainable = False
        if len(layer.get_weights()) == 0 or type(layer).__name__ == "BatchNormalization":
            continue
        if left > 0:
            layer.trainable = True
            left = left - 1
    model.compile(keras.optimizers.Adam(learning_rate), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model
