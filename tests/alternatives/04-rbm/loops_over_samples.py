"""One sample after the other with outer products; all four steps in plain loops where the batches are small."""

# %% [task-1-probabilities]
def hidden_probabilities(v, W, c):
    return np.array([1 / (1 + np.exp(-(W.dot(sample_) + c))) for sample_ in v])


def visible_probabilities(h, W, b):
    return np.array([1 / (1 + np.exp(-(W.T.dot(states) + b))) for states in h])

# %% [task-2-sample]
def sample(p, rng):
    flat = [1 if rng.random() < q else 0 for q in p.flat]
    return np.array(flat).reshape(p.shape)

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    dW, db, dc = np.zeros_like(W), np.zeros_like(b), np.zeros_like(c)
    for v in v0:
        p = sigmoid(W @ v + c)
        h = (rng.random(len(p)) < p) * 1.0
        again = sigmoid(W.T @ h + b)
        p_again = sigmoid(W @ again + c)
        dW += np.outer(p, v) - np.outer(p_again, again)
        db += v - again
        dc += p - p_again
    return [dW / len(v0), db / len(v0), dc / len(v0)]

# %% [task-6-quality]
def digit_rbm(V, rng):
    return train_rbm(V, 100, 3, 0.1, 10, rng)
