"""Own helper functions in cells of the student's own, before and between the tasks, and own checks."""

# %% [extra]
def add_bias(x):
    """Put the 1 of the bias neuron in front of a sample or of every row."""
    x = np.asarray(x, dtype=float)
    return np.insert(x, 0, 1.0, axis=x.ndim - 1)

# %% [extra]
assert add_bias([2, 3]).tolist() == [1, 2, 3]
assert add_bias([[2, 3]]).tolist() == [[1, 2, 3]]

# %% [extra after task-2-sigmoid-relu]
def activity(w, x):
    return add_bias(x) @ w

# %% [task-3-predict]
def predict(w, X):
    return step(activity(w, X))

# %% [extra after test-3-predict-2]
corners = "scratch"
w = x = errors = None
assert predict(np.array([-0.5, 1, 1]), np.array([[0, 0], [1, 0]])).tolist() == [0, 1]

# %% [task-4-perceptron-step]
def error_of(w, x, target):
    return target - int(activity(w, x) > 0)


def perceptron_step(w, x, target):
    return w + error_of(w, x, target) * add_bias(x)

# %% [task-5-train]
def one_epoch(w, X, targets):
    wrong = 0
    for x, target in zip(X, targets):
        wrong += abs(error_of(w, x, target))
        w = perceptron_step(w, x, target)
    return w, wrong


def train_perceptron(X, targets, max_epochs=100, w=None):
    w = np.zeros(X.shape[1] + 1) if w is None else w
    errors = []
    for epoch in range(max_epochs):
        w, wrong = one_epoch(w, X, targets)
        errors += [wrong]
        if not wrong:
            break
    return w, errors

# %% [extra after task-5-train]
train_perceptron(np.array([[0.0], [1.0]]), np.array([0, 1]))
