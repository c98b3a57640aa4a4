"""The reconstruction is drawn; h0 stands in the averages as a probability. Draws with rng.uniform."""

# %% [task-2-sample]
def sample(p, rng):
    return np.ceil(p - rng.uniform(0.0, 1.0, size=p.shape)).clip(0, 1)

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = sample(visible_probabilities(sample(h0, rng), W, b), rng)
    h1 = hidden_probabilities(v1, W, c)
    n = len(v0)
    return (np.dot(h0.T, v0) - np.dot(h1.T, v1)) / n, (v0 - v1).sum(axis=0) / n, (h0 - h1).sum(axis=0) / n
