"""The drawn h0 stands in the averages too; the reconstruction stays a probability."""

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    h0 = sample(hidden_probabilities(v0, W, c), rng)
    v1 = visible_probabilities(h0, W, b)
    h1 = hidden_probabilities(v1, W, c)
    n = v0.shape[0]
    dW = h0.T @ v0 / n - h1.T @ v1 / n
    db = v0.mean(axis=0) - v1.mean(axis=0)
    dc = h0.mean(axis=0) - h1.mean(axis=0)
    return dW, db, dc
