"""Works with samples as columns, as the lecture's formulas do, and transposes at the border."""

# %% [extra]
def up(v, W, c):
    return sigmoid(W @ v + c[:, np.newaxis])


def down(h, W, b):
    return sigmoid(W.T @ h + b[:, np.newaxis])

# %% [task-1-probabilities]
def hidden_probabilities(v, W, c):
    return up(v.T, W, c).T


def visible_probabilities(h, W, b):
    return down(h.T, W, b).T

# %% [task-2-sample]
def sample(p, rng):
    return rng.random(p.shape) < p

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    v = v0.T
    h = up(v, W, c)
    v_new = down(sample(h, rng), W, b)
    h_new = up(v_new, W, c)
    return np.stack([h @ v.T, -h_new @ v_new.T]).sum(axis=0) / v.shape[1], np.mean(v - v_new, axis=1), np.mean(h - h_new, axis=1)

# %% [task-5-reconstruct]
def reconstruct(v, W, b, c):
    return down(up(v.T, W, c), W, b).T
