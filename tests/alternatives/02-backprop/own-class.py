"""A class of the student's own in an extra cell; the graded functions only pass things on to it."""

# %% [extra]
class Network:
    def __init__(self, params):
        self.params = {key: np.array(value, dtype=float) for key, value in params.items()}

    def run(self, X):
        self.inputs = np.array(X, dtype=float)
        self.hidden = sigmoid(self.inputs @ self.params["W1"] + self.params["b1"])
        self.output = sigmoid(self.hidden @ self.params["W2"] + self.params["b2"])
        return self.output

    def error(self, targets):
        return float(((self.output - targets) ** 2).sum(axis=1).mean() / 2)

    def gradients(self, targets):
        n = len(self.inputs)
        e_out = (self.output - targets) * self.output * (1 - self.output) / n
        e_hidden = (e_out @ self.params["W2"].T) * self.hidden * (1 - self.hidden)
        one = np.ones(n)
        return {"W1": self.inputs.T @ e_hidden, "b1": one @ e_hidden, "W2": self.hidden.T @ e_out, "b2": one @ e_out}

    def learn(self, X, targets, eta):
        self.run(X)
        error = self.error(targets)
        for key, gradient in self.gradients(targets).items():
            self.params[key] -= eta * gradient
        return error

# %% [task-2-forward]
def forward(params, X):
    network = Network(params)
    network.run(X)
    return network.hidden, network.output

# %% [task-4-backward]
def backward(params, X, targets):
    network = Network(params)
    network.run(X)
    return network.gradients(targets)

# %% [task-5-train]
def train(params, X, targets, eta, epochs):
    network = Network(params)
    losses = [network.learn(X, targets, eta) for _ in range(epochs)]
    return network.params, losses
