"""One matrix holds weights and biases, with a bias neuron in each layer; no random order, draws before anything else."""

# %% [extra]
def joined(W, b, c):
    table = np.zeros((len(c) + 1, len(b) + 1))
    table[1:, 1:], table[0, 1:], table[1:, 0] = W, b, c
    return table


def with_bias(x):
    return np.hstack([np.ones((len(x), 1)), x])

# %% [task-1-probabilities]
def hidden_probabilities(v, W, c):
    return sigmoid(with_bias(v) @ np.column_stack([c, W]).T)


def visible_probabilities(h, W, b):
    return sigmoid(with_bias(h) @ np.vstack([b, W]))

# %% [task-2-sample]
def sample(p, rng):
    return (p > rng.random(p.shape)) + 0

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    luck = rng.random((len(v0), len(c)))
    table = joined(W, b, c)
    v0 = with_bias(v0)
    h0 = with_bias(1 / (1 + np.exp(-v0 @ table[1:].T)))
    drawn = with_bias(luck < h0[:, 1:])
    v1 = with_bias(1 / (1 + np.exp(-drawn @ table[:, 1:])))
    h1 = with_bias(1 / (1 + np.exp(-v1 @ table[1:].T)))
    change = (h0.T @ v0 - h1.T @ v1) / len(v0)
    return change[1:, 1:], change[0, 1:], change[1:, 0]

# %% [task-4-train]
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(scale=0.1, size=(n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    while len(errors) < epochs:
        start = 0
        while start < len(V):
            for array, gradient in zip((W, b, c), cd1_gradients(V[start:start + batch_size], W, b, c, rng)):
                array += eta * gradient
            start += batch_size
        errors += [((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2).mean()]
    return W, b, c, errors

# %% [task-6-quality]
def digit_rbm(V, rng):
    return train_rbm(V, n_hidden=100, epochs=8, eta=0.15, batch_size=15, rng=rng)
