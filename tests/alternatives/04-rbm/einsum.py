"""Einstein's sums, with letters n for samples, i for visible and j for hidden neurons; Glorot's initial weights."""

# %% [task-1-probabilities]
def hidden_probabilities(v, W, c):
    return sigmoid(np.einsum("ni,ji->nj", v, W) + c)


def visible_probabilities(h, W, b):
    return sigmoid(np.einsum("nj,ji->ni", h, W) + b)

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    share = 1 / len(v0)
    return share * (np.einsum("nj,ni->ji", h0, v0) - np.einsum("nj,ni->ji", h1, v1)), share * np.einsum("ni->i", v0 - v1), share * np.einsum("nj->j", h0 - h1)

# %% [task-4-train]
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    limit = np.sqrt(6 / (V.shape[1] + n_hidden))
    W = rng.uniform(-limit, limit, (n_hidden, V.shape[1]))
    b, c = np.zeros(V.shape[1]), np.zeros(n_hidden)
    errors = np.empty(epochs)
    for epoch in range(epochs):
        shuffled = rng.permutation(V)
        for place in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(shuffled[place:place + batch_size], W, b, c, rng)
            W += eta * dW
            b += eta * db
            c += eta * dc
        errors[epoch] = np.square(visible_probabilities(hidden_probabilities(V, W, c), W, b) - V).mean()
    return W, b, c, errors

# %% [task-6-quality]
def digit_rbm(V, rng):
    return train_rbm(V, 100, 6, 0.1, 20, rng)
