"""All weights and biases in one long vector, cut into arrays for forward and backward."""

# %% [extra after task-2-irprop]
def flatten(arrays):
    return np.concatenate([arrays[name].ravel() for name in ("W1", "b1", "W2", "b2")])


def cut(vector, like):
    arrays, start = {}, 0
    for name in ("W1", "b1", "W2", "b2"):
        size = like[name].size
        arrays[name] = vector[start : start + size].reshape(like[name].shape)
        start += size
    return arrays

# %% [task-3-train]
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    w = flatten(params)
    previous, size = np.zeros(w.size), np.repeat(initial_step, w.size)
    losses = []
    for _ in range(epochs):
        now = cut(w, params)
        losses.append(loss(forward(now, X)[1], targets))
        w, previous, size = irprop_minus_step(w, flatten(backward(now, X, targets)), previous, size)
    return cut(w, params), losses
