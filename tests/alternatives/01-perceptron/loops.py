"""Plain Python loops over every number; math instead of NumPy functions."""

# %% [extra]
import math

# %% [task-1-step]
def step(phi):
    phi = np.asarray(phi)
    result = np.zeros(phi.shape, dtype=int)
    for index in np.ndindex(*phi.shape):
        if phi[index] > 0:
            result[index] = 1
    return result

# %% [task-2-sigmoid-relu]
def sigmoid(phi):
    phi = np.asarray(phi)
    result = np.zeros(phi.shape)
    for index in np.ndindex(*phi.shape):
        value = float(phi[index])
        if value >= 0:
            result[index] = 1 / (1 + math.exp(-value))
        else:
            result[index] = math.exp(value) / (1 + math.exp(value))
    return result


def relu(phi):
    phi = np.asarray(phi)
    result = phi.copy()
    for index in np.ndindex(*phi.shape):
        if phi[index] < 0:
            result[index] = 0
    return result

# %% [task-3-predict]
def predict(w, X):
    outputs = []
    for row in X:
        activity = w[0]
        for i in range(len(row)):
            activity = activity + w[i + 1] * row[i]
        if activity > 0:
            outputs.append(1)
        else:
            outputs.append(0)
    return np.array(outputs)

# %% [task-4-perceptron-step]
def perceptron_step(w, x, target):
    activity = w[0]
    for i in range(len(x)):
        activity += w[i + 1] * x[i]
    output = 0
    if activity > 0:
        output = 1
    new_w = np.zeros(len(w))
    for i in range(len(w)):
        new_w[i] = w[i]
    if output == 0 and target == 1:
        new_w[0] += 1
        for i in range(len(x)):
            new_w[i + 1] += x[i]
    elif output == 1 and target == 0:
        new_w[0] -= 1
        for i in range(len(x)):
            new_w[i + 1] -= x[i]
    return new_w

# %% [task-5-train]
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.array([0.0] * (len(X[0]) + 1))
    errors = []
    epoch = 0
    while epoch < max_epochs:
        errors.append(0)
        for i in range(len(X)):
            new_w = perceptron_step(w, X[i], targets[i])
            if predict(w, X[i : i + 1])[0] != targets[i]:
                errors[-1] += 1
            w = new_w
        epoch += 1
        if errors[-1] == 0:
            return w, errors
    return w, errors
