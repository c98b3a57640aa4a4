"""h0 and the reconstruction are drawn and stand in the averages; draws with rng.binomial, which gives integers."""

# %% [task-2-sample]
def sample(p, rng):
    return rng.binomial(1, p)

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    h0 = rng.binomial(1, hidden_probabilities(v0, W, c))
    v1 = rng.binomial(1, visible_probabilities(h0, W, b))
    h1 = hidden_probabilities(v1, W, c)
    positive, negative = np.matmul(h0.T, v0), np.matmul(h1.T, v1)
    return (positive - negative) / len(v0), np.average(v0 - v1, axis=0), np.average(h0 - h1, axis=0)
