"""A deep copy at the start, then updates in place; the errors in an array that is filled."""

# %% [extra after setup]
from copy import deepcopy

# %% [task-1-delta-rule-step]
def delta_rule_step(w, x, target, eta):
    w = np.array(w, dtype=float)
    w -= eta * (w @ x - target) * np.asarray(x)
    return w

# %% [task-5-train]
def train(params, X, targets, eta, epochs):
    params = deepcopy(params)
    losses = np.empty(epochs)
    for epoch in range(epochs):
        _, output = forward(params, X)
        losses[epoch] = loss(output, targets)
        gradients = backward(params, X, targets)
        for key in params:
            params[key] -= eta * gradients[key]
    return params, losses

# %% [task-6-softmax]
def softmax(z):
    result = np.empty(z.shape)
    for row in range(z.shape[0]):
        result[row] = np.exp(z[row] - z[row].max())
        result[row] /= result[row].sum()
    return result

# %% [task-7-cross-entropy]
def cross_entropy(targets, probabilities):
    q = np.array(probabilities, dtype=float)
    q[q < 1e-9] = 1e-9
    return np.mean(-np.sum(targets * np.log(q), axis=1))
