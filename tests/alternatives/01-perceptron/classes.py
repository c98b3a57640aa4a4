"""Lambdas, partial functions and a class whose bound methods are the functions that are asked for."""

# %% [task-1-step]
step = lambda phi: np.where(np.greater(phi, 0), 1, 0)

# %% [task-2-sigmoid-relu]
from functools import partial

sigmoid = np.vectorize(lambda p: 1 / (1 + np.exp(-p)) if p >= 0 else 1 - 1 / (1 + np.exp(p)), otypes=[float])
relu = partial(np.maximum, 0)

# %% [task-3-predict]
class Perceptron:
    """A perceptron that remembers nothing but its transfer function."""

    def __init__(self, transfer):
        self.transfer = transfer

    def __call__(self, w, X):
        return self.transfer(w[0] + np.einsum("nd,d->n", X, w[1:]))

    def learn(self, w, x, target):
        signs = {(0, 1): 1, (1, 0): -1}
        return w + signs.get((int(self(w, x[None])[0]), int(target)), 0) * np.r_[1, x]

    def train(self, X, targets, max_epochs=100, w=None):
        w = np.zeros(X.shape[1] + 1) if w is None else w
        errors = []
        for _ in range(max_epochs):
            before = [w]
            for x, target in zip(X, targets):
                before.append(self.learn(before[-1], x, target))
            w = before[-1]
            errors.append(sum(not np.array_equal(a, b) for a, b in zip(before, before[1:])))
            if errors[-1] == 0:
                break
        return w, errors


predict = Perceptron(step)

# %% [task-4-perceptron-step]
perceptron_step = predict.learn

# %% [task-5-train]
train_perceptron = predict.train

# %% [task-6-xor-weights]
class Weights:
    OR, AND = [-0.1, 0.2, 0.2], [-0.3, 0.2, 0.2]
    out = [-0.1, 0.2, -0.3]


xor_weights = lambda: (np.array([Weights.OR, Weights.AND]), np.array(Weights.out))
