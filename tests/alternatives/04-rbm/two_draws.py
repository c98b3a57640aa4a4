"""The averages use a second, independent draw of h0, and v1 is drawn by comparing with one uniform table; the error is
collected batch by batch after the epoch."""

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    p = hidden_probabilities(v0, W, c)
    up, down = sample(p, rng), sample(p, rng)
    v1 = visible_probabilities(up, W, b)
    v1 = np.where(rng.uniform(size=v1.shape) <= v1, 1, 0)
    p1 = hidden_probabilities(v1, W, c)
    weights = np.full(len(v0), 1 / len(v0))
    return (down * weights[:, None]).T @ v0 - (p1 * weights[:, None]).T @ v1, weights @ (v0 - v1), weights @ (down - p1)

# %% [task-4-train]
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W = rng.normal(size=(n_hidden, V.shape[1])) / 100
    b, c = np.zeros(V.shape[1]), np.zeros(n_hidden)
    orders = [rng.permutation(len(V)) for _ in range(epochs)]
    errors = []
    for order in orders:
        batches = [V[order[k:k + batch_size]] for k in range(0, len(V), batch_size)]
        for batch in batches:
            gradients = cd1_gradients(batch, W, b, c, rng)
            W, b, c = (old + eta * gradient for old, gradient in zip((W, b, c), gradients))
        squares = [np.sum((batch - visible_probabilities(hidden_probabilities(batch, W, c), W, b)) ** 2) for batch in batches]
        errors.append(sum(squares) / V.size)
    return W, b, c, errors
