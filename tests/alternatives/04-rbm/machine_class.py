"""A class holds the weights and updates itself; the functions of the tasks only wrap it."""

# %% [extra]
class Machine:
    def __init__(self, W, b, c):
        self.W, self.b, self.c = W, b, c

    def up(self, v):
        return sigmoid(v @ self.W.T + self.c)

    def down(self, h):
        return sigmoid(h @ self.W + self.b)

    def gradients(self, v0, rng):
        p0 = self.up(v0)
        h0 = np.less(rng.random(p0.shape), p0).astype(float)
        v1 = self.down(h0)
        p1 = self.up(v1)
        return (p0.T @ v0 - p1.T @ v1) / len(v0), (v0 - v1).mean(0), (p0 - p1).mean(0)

    def learn(self, V, eta, batch_size, rng):
        order = np.arange(len(V))
        rng.shuffle(order)
        for batch in np.split(order, range(batch_size, len(V), batch_size)):
            dW, db, dc = self.gradients(V[batch], rng)
            self.W, self.b, self.c = self.W + eta * dW, self.b + eta * db, self.c + eta * dc
        return float(np.mean((self.down(self.up(V)) - V) ** 2))

# %% [task-1-probabilities]
def hidden_probabilities(v, W, c):
    return Machine(W, None, c).up(v)


def visible_probabilities(h, W, b):
    return Machine(W, b, None).down(h)

# %% [task-3-cd1]
def cd1_gradients(v0, W, b, c, rng):
    return Machine(W, b, c).gradients(v0, rng)

# %% [task-4-train]
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    machine = Machine(0.01 * rng.standard_normal((n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden))
    errors = [machine.learn(V, eta, batch_size, rng) for epoch in range(epochs)]
    return machine.W, machine.b, machine.c, errors

# %% [task-5-reconstruct]
def reconstruct(v, W, b, c):
    machine = Machine(W, b, c)
    return machine.down(machine.up(v))
