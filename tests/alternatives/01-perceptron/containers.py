"""Lists, tuples and arrays where the contract leaves the choice: errors as an array, XOR's weights as nested tuples."""

# %% [task-4-perceptron-step]
def perceptron_step(w, x, target):
    output = sum(a * b for a, b in zip(w, [1, *x])) > 0
    if output and not target:
        return np.array([a - b for a, b in zip(w, (1, *x))])
    if target and not output:
        return np.array([a + b for a, b in zip(w, (1, *x))])
    return np.array(list(w))

# %% [task-5-train]
def train_perceptron(X, targets, max_epochs=100, w=None):
    w = [0.0] * (X.shape[1] + 1) if w is None else list(w)
    errors = np.zeros(0, dtype=int)
    for _ in range(max_epochs):
        wrong = [False] * len(targets)
        for i, (x, target) in enumerate(zip(X.tolist(), targets.tolist())):
            wrong[i] = bool(predict(np.array(w), np.array([x]))[0] != target)
            w = list(perceptron_step(np.array(w), np.array(x), target))
        errors = np.append(errors, sum(wrong))
        if not any(wrong):
            break
    return np.array(w), errors

# %% [task-6-xor-weights]
def xor_weights():
    return ((-0.5, 1, -1), (-0.5, -1, 1)), (-0.5, 1, 1)
