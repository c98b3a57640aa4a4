"""Small and unusual dtypes: int8 and uint8 outputs, float32 weights, long double, integers for XOR."""

# %% [task-1-step]
def step(phi):
    return np.greater(phi, 0).astype(np.int8)

# %% [task-2-sigmoid-relu]
def sigmoid(phi):
    phi = np.asarray(phi, dtype=np.longdouble)
    return np.exp(-np.logaddexp(0, -phi))


def relu(phi):
    return np.clip(np.asarray(phi, dtype=np.float32), 0, None)

# %% [task-3-predict]
def predict(w, X):
    activity = np.asarray(X, dtype=np.float32) @ np.asarray(w[1:], dtype=np.float32) + np.float32(w[0])
    return (activity > 0).astype(np.uint8)

# %% [task-4-perceptron-step]
def perceptron_step(w, x, target):
    x = np.concatenate([np.ones(1, dtype=np.float32), x.astype(np.float32)])
    output = np.int64(x @ w > 0)
    return (w + np.sign(target - output) * x).astype(np.float32)

# %% [task-5-train]
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1, dtype=int)
    errors = []
    for _ in range(max_epochs):
        wrong = np.uint8(0)
        for x, target in zip(X, targets.astype(bool)):
            if bool(predict(w, x[np.newaxis]).item()) is not bool(target):
                wrong += np.uint8(1)
                w = perceptron_step(w, x, int(target))
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-6-xor-weights]
def xor_weights():
    return np.array([[-10, 20, -20], [-10, -20, 20]], dtype=np.int16), np.array([-1, 3, 5], dtype=np.int16)
