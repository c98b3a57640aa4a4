"""Training by recursion, other containers where the contract allows: lists instead of tuples and arrays."""

# %% [task-1-delta-rule-step]
def delta_rule_step(w, x, target, eta):
    output = sum(w_i * x_i for w_i, x_i in zip(w, x))
    return [w_i - eta * (output - target) * x_i for w_i, x_i in zip(w, x)]

# %% [task-3-loss]
def loss(output, targets):
    return np.mean(np.sum((np.asarray(targets) - output) ** 2, axis=1)) * 0.5

# %% [task-5-train]
def train(params, X, targets, eta, epochs):
    if epochs == 0:
        return [params, []]
    E = loss(forward(params, X)[1], targets)
    gradients = backward(params, X, targets)
    after, losses = train({key: params[key] - eta * gradients[key] for key in gradients}, X, targets, eta, epochs - 1)
    return after, [E] + losses

# %% [task-6-softmax]
def softmax(z):
    return [list(np.exp(row - max(row)) / sum(np.exp(row - max(row)))) for row in np.asarray(z)]

# %% [task-7-cross-entropy]
def cross_entropy(targets, probabilities):
    right = np.sum(np.asarray(targets) * np.asarray(probabilities), axis=1)
    return -np.log(np.where(right == 0, 1e-7, right)).mean()
