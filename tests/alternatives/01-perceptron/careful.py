"""Defensive code: everything converted and asserted, own errors for bad shapes, masks instead of formulas, keyword calls."""

# %% [task-1-step]
def step(phi):
    phi = np.array(phi, dtype=float, copy=True)
    result = np.zeros_like(phi, dtype=int)
    result[phi > 0] = 1
    assert result.shape == phi.shape
    return result

# %% [task-2-sigmoid-relu]
def sigmoid(phi):
    phi = np.array(phi, dtype=float)
    result = np.empty_like(phi)
    positive = phi >= 0
    result[positive] = 1 / (1 + np.exp(-phi[positive]))
    small = np.exp(phi[~positive])
    result[~positive] = small / (1 + small)
    assert np.all((result >= 0) & (result <= 1))
    return result


def relu(phi):
    phi = np.asarray(phi)
    return np.where(phi > 0, phi, np.zeros_like(phi))

# %% [task-3-predict]
def predict(w, X):
    w, X = np.asarray(w, dtype=float), np.asarray(X, dtype=float)
    if X.ndim != 2 or w.shape != (X.shape[1] + 1,):
        raise ValueError(f"w {w.shape} does not fit X {X.shape}")
    return step(phi=(w[0] + (X * w[1:]).sum(axis=1)))

# %% [task-4-perceptron-step]
def perceptron_step(w, x, target):
    if target not in (0, 1):
        raise ValueError("target must be 0 or 1")
    w, x = np.array(w, dtype=float), np.array(x, dtype=float)
    output = predict(w=w, X=x.reshape(1, len(x)))[0]
    if output == target:
        return w
    sign = 1 if target == 1 else -1
    w[0] += sign
    w[1:] += sign * x
    return w

# %% [task-5-train]
def train_perceptron(X, targets, max_epochs=100, w=None):
    X, targets = np.array(X, dtype=float), np.array(targets, dtype=int)
    if len(X) != len(targets):
        raise ValueError("as many targets as samples are needed")
    w = np.zeros(X.shape[1] + 1) if w is None else np.array(w, dtype=float)
    errors = []
    for epoch in range(max_epochs):
        errors.append(0)
        for n in range(X.shape[0]):
            new = perceptron_step(w=w, x=X[n], target=targets[n])
            if not (new == w).all():
                errors[epoch] += 1
            w = new
        if errors[epoch] == 0:
            break
    return w, errors

# %% [task-6-xor-weights]
def xor_weights():
    W_hidden = np.zeros((2, 3))
    W_hidden[0] = -0.5, 1, 1
    W_hidden[1] = 1.5, -1, -1
    w_out = np.full(3, 1.0)
    w_out[0] = -1.5
    assert [int(w_out @ [1, *(W_hidden @ [1, a, b] > 0)] > 0) for a in (0, 1) for b in (0, 1)] == [0, 1, 1, 0]
    return W_hidden, w_out
