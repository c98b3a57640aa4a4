# Known mistakes in unit 01, read by `course audit 01-perceptron`. One mistake a cell: its code is put after the worked
# solution of the task, so that it replaces the functions it defines. The hint is a fragment of what its check must say.

# %% [task-1-step] fires at zero
# hint: use > and not >=
def step(phi):
    return (np.asarray(phi) >= 0).astype(int)

# %% [task-1-step] booleans
# hint: turn them into integers
def step(phi):
    return np.asarray(phi) > 0

# %% [task-1-step] floats
# hint: turn them into integers
def step(phi):
    return np.heaviside(phi, 0)

# %% [task-1-step] swapped
# hint: the wrong way round
def step(phi):
    return np.where(np.asarray(phi) > 0, 0, 1)

# %% [task-1-step] minus one and one
# hint: The outputs are 0 and 1, not -1 and 1.
def step(phi):
    return np.where(np.asarray(phi) > 0, 1, -1)

# %% [task-1-step] sign of the activity
# hint: The output is 1 where phi > 0 and 0 everywhere else.
def step(phi):
    return np.sign(phi).astype(int)

# %% [task-1-step] half at zero
# hint: its output is 0, not one half
def step(phi):
    return np.heaviside(phi, 0.5)

# %% [task-1-step] a loop that needs an array
# hint: phi may be a plain number
def step(phi):
    return np.array([1 if p > 0 else 0 for p in phi])

# %% [task-1-step] a loop over the rows of a table
# hint: phi may have any shape
def step(phi):
    return np.array([1 if np.sum(p) > 0 else 0 for p in np.atleast_1d(phi)]) if np.ndim(phi) else int(phi > 0)

# %% [task-1-step] one decision for the whole array
# hint: works on a whole array
def step(phi):
    if phi > 0:
        return 1
    return 0

# %% [task-1-step] changes phi in place
# hint: phi was changed in place
def step(phi):
    phi = np.asarray(phi)
    fires = phi > 0
    phi[fires] = 1
    phi[~fires] = 0
    return phi.astype(int)

# %% [task-1-step] returns nothing
# hint: did you forget return
def step(phi):
    result = (np.asarray(phi) > 0).astype(int)

# %% [task-2-sigmoid-relu] sigmoid overflows
# hint: exp(1000) overflows
def sigmoid(phi):
    return 1 / (1 + np.exp(-np.asarray(phi, dtype=float)))

# %% [task-2-sigmoid-relu] sigmoid overflows, other form
# hint: exp(1000) overflows
def sigmoid(phi):
    return np.exp(phi) / (1 + np.exp(phi))

# %% [task-2-sigmoid-relu] sigmoid overflows in the branch that np.where drops
# hint: exp(1000) overflows
def sigmoid(phi):
    phi = np.asarray(phi, dtype=float)
    return np.where(phi >= 0, 1 / (1 + np.exp(-phi)), np.exp(phi) / (1 + np.exp(phi)))

# %% [task-2-sigmoid-relu] sigmoid silences the warning and gives nan
# hint: Far below zero the sigmoid is 0, far above it is 1.
def sigmoid(phi):
    with np.errstate(all="ignore"):
        return np.exp(phi) / (1 + np.exp(phi))

# %% [task-2-sigmoid-relu] sigmoid of minus phi
# hint: The sign in the exponent is swapped
def sigmoid(phi):
    return 1 / (1 + np.exp(np.clip(phi, -500, 500)))

# %% [task-2-sigmoid-relu] sigmoid without the brackets
# hint: 1 / (1 + exp(-phi))
def sigmoid(phi):
    return 1 / 1 + np.exp(-np.asarray(phi))

# %% [task-2-sigmoid-relu] sigmoid of the absolute value
# hint: exp(-phi)
def sigmoid(phi):
    return 1 / (1 + np.exp(-np.abs(phi)))

# %% [task-2-sigmoid-relu] sigmoid is tanh
# hint: This is tanh
def sigmoid(phi):
    return np.tanh(phi)

# %% [task-2-sigmoid-relu] sigmoid cut off near zero
# hint: do not cut phi off near zero
def sigmoid(phi):
    return 1 / (1 + np.exp(-np.clip(phi, -10, 10)))

# %% [task-2-sigmoid-relu] sigmoid with math.exp takes one number only
# hint: element by element
def sigmoid(phi):
    import math
    return 1 / (1 + math.exp(-phi))

# %% [task-2-sigmoid-relu] sigmoid in the integers' dtype
# hint: holds floats
def sigmoid(phi):
    phi = np.asarray(phi)
    result = np.zeros_like(phi)
    small = np.exp(-np.abs(phi))
    result[...] = np.where(phi >= 0, 1 / (1 + small), small / (1 + small))
    return result

# %% [task-2-sigmoid-relu] sigmoid with an index needs an array
# hint: phi may be a plain number
def sigmoid(phi):
    result = np.zeros(np.shape(phi))
    result[phi >= 0] = 1 / (1 + np.exp(-phi[phi >= 0]))
    result[phi < 0] = np.exp(phi[phi < 0]) / (1 + np.exp(phi[phi < 0]))
    return result

# %% [task-2-sigmoid-relu] sigmoid changes phi in place
# hint: phi was changed in place
def sigmoid(phi):
    phi = np.asarray(phi)
    small = np.exp(-np.abs(phi))
    result = np.where(phi >= 0, 1 / (1 + small), small / (1 + small))
    if phi.ndim and phi.dtype.kind == "f":
        phi[:] = result
        return phi
    return result

# %% [task-2-sigmoid-relu] relu as a step
# hint: relu returns phi itself where it is positive, not 1
def relu(phi):
    return (np.asarray(phi) > 0).astype(int)

# %% [task-2-sigmoid-relu] relu is the absolute value
# hint: This is the absolute value
def relu(phi):
    return np.abs(phi)

# %% [task-2-sigmoid-relu] relu keeps the negative half
# hint: relu keeps positive values
def relu(phi):
    return np.minimum(phi, 0)

# %% [task-2-sigmoid-relu] relu leaks
# hint: replaces all others by 0
def relu(phi):
    return np.where(np.asarray(phi) > 0, phi, 0.01 * np.asarray(phi))

# %% [task-2-sigmoid-relu] relu takes the maximum of the array
# hint: relu keeps positive values
def relu(phi):
    return max(0, np.max(phi))

# %% [task-2-sigmoid-relu] relu cut off above
# hint: nothing is cut off above
def relu(phi):
    return np.clip(phi, 0, 6)

# %% [task-2-sigmoid-relu] relu changes phi in place
# hint: phi was changed in place
def relu(phi):
    phi = np.asarray(phi)
    phi[phi < 0] = 0
    return phi

# %% [task-3-predict] bias left out
# hint: The bias is left out
def predict(w, X):
    return step(X @ w[1:])

# %% [task-3-predict] bias subtracted
# hint: The bias has the wrong sign
def predict(w, X):
    return step(X @ w[1:] - w[0])

# %% [task-3-predict] bias weight last
# hint: The bias weight is w[0], the first entry of w
def predict(w, X):
    return step(X @ w[:-1] + w[-1])

# %% [task-3-predict] column of ones put last
# hint: The bias weight is w[0], the first entry of w
def predict(w, X):
    return step(np.column_stack([X, np.ones(len(X))]) @ w)

# %% [task-3-predict] fires at zero
# hint: use > and not >=
def predict(w, X):
    return (X @ w[1:] + w[0] >= 0).astype(int)

# %% [task-3-predict] booleans
# hint: neither floats nor booleans
def predict(w, X):
    return X @ w[1:] + w[0] > 0

# %% [task-3-predict] floats
# hint: neither floats nor booleans
def predict(w, X):
    return np.where(X @ w[1:] + w[0] > 0, 1.0, 0.0)

# %% [task-3-predict] activity without the step
# hint: This is the activity. Compare it with 0
def predict(w, X):
    return X @ w[1:] + w[0]

# %% [task-3-predict] minus one and one
# hint: The outputs are 0 and 1, not -1 and 1.
def predict(w, X):
    return np.where(X @ w[1:] + w[0] > 0, 1, -1)

# %% [task-3-predict] a column
# hint: one number per row
def predict(w, X):
    return step(X @ w[1:].reshape(-1, 1) + w[0])

# %% [task-3-predict] written for two inputs
# hint: w[1:] for the inputs
def predict(w, X):
    return step(w[0] + w[1] * X[:, 0] + w[2] * X[:, 1])

# %% [task-3-predict] one sum over the whole table
# hint: one number per row
def predict(w, X):
    return step(np.sum(X * w[1:]) + w[0])

# %% [task-3-predict] drops the axis of a single row
# hint: also for a single row
def predict(w, X):
    return step(np.squeeze(X @ w[1:] + w[0]))

# %% [task-3-predict] changes w in place
# hint: w or X was changed in place
def predict(w, X):
    w *= 2
    return step(X @ w[1:] + w[0])

# %% [task-4-perceptron-step] bias left out of the activity
# hint: The bias is left out of the activity
def perceptron_step(w, x, target):
    output = int(w[1:] @ x > 0)
    return w + (target - output) * np.concatenate(([1.0], x))

# %% [task-4-perceptron-step] bias not updated
# hint: The bias weight is not updated
def perceptron_step(w, x, target):
    output = int(w[0] + w[1:] @ x > 0)
    new = np.array(w, dtype=float)
    new[1:] += (target - output) * x
    return new

# %% [task-4-perceptron-step] sign of the update swapped
# hint: The sign of the update is swapped
def perceptron_step(w, x, target):
    output = int(w[0] + w[1:] @ x > 0)
    return w + (output - target) * np.concatenate(([1.0], x))

# %% [task-4-perceptron-step] updates although right
# hint: updated although the output is right
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    return w + x_with_bias if target == 1 else w - x_with_bias

# %% [task-4-perceptron-step] adds although the output is right
# hint: updated although the output is right
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    output = int(w @ x_with_bias > 0)
    return w - x_with_bias if output > target else w + x_with_bias

# %% [task-4-perceptron-step] subtracts although the output is right
# hint: updated although the output is right
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    output = int(w @ x_with_bias > 0)
    return w + x_with_bias if output < target else w - x_with_bias

# %% [task-4-perceptron-step] never subtracts
# hint: the output is 1 and the target is 0
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    output = int(w @ x_with_bias > 0)
    return w + x_with_bias if output < target else w

# %% [task-4-perceptron-step] fires at zero
# hint: use > and not >=
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    output = int(w @ x_with_bias >= 0)
    return w + (target - output) * x_with_bias

# %% [task-4-perceptron-step] w changed in place
# hint: w was changed in place
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    error = target - int(w @ x_with_bias > 0)
    if error:
        w += (error * x_with_bias).astype(w.dtype)
    return w

# %% [task-4-perceptron-step] w changed in place by entries
# hint: w was changed in place
def perceptron_step(w, x, target):
    error = target - int(w[0] + w[1:] @ x > 0)
    w[0] += error
    w[1:] = w[1:] + error * x
    return w

# %% [task-4-perceptron-step] still the delta rule
# hint: This is still the delta rule
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    output = w @ x_with_bias
    return w - 0.1 * (output - target) * x_with_bias

# %% [task-4-perceptron-step] delta rule without eta
# hint: The error is target - activity here
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    output = w @ x_with_bias
    return w - (output - target) * x_with_bias

# %% [task-4-perceptron-step] perceptron rule with eta
# hint: The perceptron rule has no eta
def perceptron_step(w, x, target, eta=0.1):
    x_with_bias = np.concatenate(([1.0], x))
    output = int(w @ x_with_bias > 0)
    return w + eta * (target - output) * x_with_bias

# %% [task-4-perceptron-step] bias last
# hint: The bias weight is w[0], the first entry: put the 1 in front
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate((x, [1.0]))
    output = int(w @ x_with_bias > 0)
    return w + (target - output) * x_with_bias

# %% [task-4-perceptron-step] returns the change only
# hint: This is only the change
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    return (target - int(w @ x_with_bias > 0)) * x_with_bias

# %% [task-4-perceptron-step] returns nothing when the output is right
# hint: did you forget return
def perceptron_step(w, x, target):
    x_with_bias = np.concatenate(([1.0], x))
    output = int(w @ x_with_bias > 0)
    if output != target:
        return w + (target - output) * x_with_bias

# %% [task-4-perceptron-step] updates an integer copy
# hint: build a new array
def perceptron_step(w, x, target):
    error = target - int(w[0] + w[1:] @ x > 0)
    new = w.copy()
    new[0] += error
    new[1:] = new[1:] + error * x
    return new

# %% [task-4-perceptron-step] written for two inputs
# hint: any number of inputs
def perceptron_step(w, x, target):
    error = target - int(w[0] + w[1] * x[0] + w[2] * x[1] > 0)
    return np.array([w[0] + error, w[1] + error * x[0], w[2] + error * x[1]])

# %% [task-5-train] bias left out
# hint: The bias is left out
def train_perceptron(X, targets, max_epochs=100, w=None):
    w = np.zeros(X.shape[1] + 1) if w is None else np.array(w, dtype=float)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            error = target - int(w[1:] @ x > 0)
            wrong += error != 0
            w = w + error * np.concatenate(([1.0], x))
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] bias not updated
# hint: The bias is left out: w[0] belongs into the activity, and each update changes it
def train_perceptron(X, targets, max_epochs=100, w=None):
    w = np.zeros(X.shape[1] + 1) if w is None else np.array(w, dtype=float)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            error = target - int(w[0] + w[1:] @ x > 0)
            wrong += error != 0
            w[1:] += error * x
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] sign of the update swapped
# hint: The sign of the update is swapped
def train_perceptron(X, targets, max_epochs=100, w=None):
    w = np.zeros(X.shape[1] + 1) if w is None else np.array(w, dtype=float)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            error = target - int(w[0] + w[1:] @ x > 0)
            wrong += error != 0
            w = w - error * np.concatenate(([1.0], x))
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] updates although right
# hint: although the output is right
def train_perceptron(X, targets, max_epochs=100, w=None):
    w = np.zeros(X.shape[1] + 1) if w is None else np.array(w, dtype=float)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            wrong += predict(w, x[None])[0] != target
            w = w + (2 * target - 1) * np.concatenate(([1.0], x))
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] fires at zero
# hint: use > and not >=
def train_perceptron(X, targets, max_epochs=100, w=None):
    w = np.zeros(X.shape[1] + 1) if w is None else np.array(w, dtype=float)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            error = target - int(w[0] + w[1:] @ x >= 0)
            wrong += error != 0
            w = w + error * np.concatenate(([1.0], x))
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] w changed in place
# hint: changed in place
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            error = target - predict(w, x[None])[0]
            if error:
                wrong += 1
                w += error * np.concatenate(([1.0], x))
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] one epoch only
# hint: Only one epoch was trained
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    wrong = 0
    for x, target in zip(X, targets):
        if predict(w, x[None])[0] != target:
            wrong += 1
            w = perceptron_step(w, x, target)
    return w, [wrong]

# %% [task-5-train] returns inside the loop
# hint: Only one epoch was trained
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
        return w, errors

# %% [task-5-train] errors counted after the update
# hint: The errors are counted after the update
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            w = perceptron_step(w, x, target)
            if predict(w, x[None])[0] != target:
                wrong += 1
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] errors counted at the end of the epoch
# hint: counted at the end of the epoch
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        for x, target in zip(X, targets):
            w = perceptron_step(w, x, target)
        errors.append(int(np.sum(predict(w, X) != targets)))
        if errors[-1] == 0:
            break
    return w, errors

# %% [task-5-train] errors counted before the epoch
# hint: The errors are counted before the epoch
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        errors.append(int(np.sum(predict(w, X) != targets)))
        if errors[-1] == 0:
            break
        for x, target in zip(X, targets):
            w = perceptron_step(w, x, target)
    return w, errors

# %% [task-5-train] never stops on separable data
# hint: Training goes on after an epoch without error
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
    return w, errors

# %% [task-5-train] endless loop on separable data
# hint: Leave the loop after the first epoch without an error
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors, epoch = [], 0
    while epoch < max_epochs:
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        if wrong:
            errors.append(wrong)
            epoch += 1
    return w, errors

# %% [task-5-train] endless loop on XOR
# hint: max_epochs is the limit
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    while not errors or errors[-1] > 0:
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
    return w, errors

# %% [task-5-train] last epoch missing from the list
# hint: the one without error, belongs to the list too
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        if wrong == 0:
            break
        errors.append(wrong)
    return w, errors

# %% [task-5-train] the new weights are thrown away
# hint: keep what perceptron_step returns
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                perceptron_step(w, x, target)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] each epoch starts from zeros
# hint: start from zeros once
def train_perceptron(X, targets, max_epochs=100, w=None):
    errors = []
    for _ in range(max_epochs):
        w = np.zeros(X.shape[1] + 1)
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] start weights ignored
# hint: The start weights are ignored
def train_perceptron(X, targets, max_epochs=100, w=None):
    w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] random start weights
# hint: Start from zeros
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.random.default_rng(0).normal(size=X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] one update at the end of an epoch
# hint: There is one update for each epoch
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        error = targets - predict(w, X)
        errors.append(int(np.sum(error != 0)))
        if errors[-1] == 0:
            break
        w = w + np.concatenate(([error.sum()], error @ X))
    return w, errors

# %% [task-5-train] one sum of errors over all epochs
# hint: errors holds one number for each epoch
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    total = 0
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        total += wrong
        if wrong == 0:
            break
    return w, total

# %% [task-5-train] the counter is never put back to zero
# hint: The count goes on from epoch to epoch
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors, wrong = [], 0
    for _ in range(max_epochs):
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] shuffles the samples
# hint: take the samples in their order
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    rng, errors = np.random.default_rng(1), []
    for _ in range(max_epochs):
        wrong = 0
        for i in rng.permutation(len(X)):
            if predict(w, X[i][None])[0] != targets[i]:
                wrong += 1
                w = perceptron_step(w, X[i], targets[i])
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] max_epochs ignored
# hint: max_epochs is ignored
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(100):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] one epoch too many
# hint: That is one epoch too many
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors, epoch = [], 0
    while epoch <= max_epochs:
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
        epoch += 1
        if wrong == 0:
            break
    return w, errors

# %% [task-5-train] errors and weights in the other order
# hint: first the d + 1 weights, then the list
def train_perceptron(X, targets, max_epochs=100, w=None):
    if w is None:
        w = np.zeros(X.shape[1] + 1)
    errors = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w = perceptron_step(w, x, target)
        errors.append(wrong)
        if wrong == 0:
            break
    return errors, w

# %% [task-6-xor-weights] OR
# hint: This is OR
def xor_weights():
    return np.array([[-0.5, 1, 1], [-0.5, 1, 1]]), np.array([-0.5, 1, 1])

# %% [task-6-xor-weights] AND
# hint: This is AND
def xor_weights():
    return np.array([[-1.5, 1, 1], [-1.5, 1, 1]]), np.array([-0.5, 1, 1])

# %% [task-6-xor-weights] the opposite of XOR
# hint: This is the opposite of XOR
def xor_weights():
    return np.array([[-0.5, 1, 1], [-1.5, 1, 1]]), np.array([0.5, -1, 2])

# %% [task-6-xor-weights] bias weight of the output neuron too small
# hint: The output is always 0
def xor_weights():
    return np.array([[-0.5, 1, 1], [-1.5, 1, 1]]), np.array([-1.5, 1, -2])

# %% [task-6-xor-weights] rows and columns swapped
# hint: One row for each hidden neuron
def xor_weights():
    return np.array([[-0.5, 1, 1], [-1.5, 1, 1]]).T, np.array([-0.5, 1, -2])

# %% [task-6-xor-weights] bias weight last
# hint: look at the bias weights
def xor_weights():
    return np.array([[1, 1, -0.5], [1, 1, -1.5]]), np.array([1, -2, -0.5])

# %% [task-6-xor-weights] no bias weights
# hint: bias weight, two input weights
def xor_weights():
    return np.array([[1.0, -1.0], [-1.0, 1.0]]), np.array([1.0, 1.0])

# %% [task-6-xor-weights] NAND in place of AND with the weights for AND
# hint: This is AND. Which corners should answer 1 for XOR?
def xor_weights():
    return np.array([[-0.5, 1, 1], [1.5, -1, -1]]), np.array([-0.5, 1, -2])

# %% [task-6-xor-weights] activity of exactly zero counted as firing
# hint: whether an activity is exactly 0
def xor_weights():
    return np.array([[-1, 1, 1], [-2, 1, 1]]), np.array([-1, 1, -2])

# %% [task-6-xor-weights] output neuron's weights as a row
# hint: The output neuron has a bias weight and one weight for each hidden neuron
def xor_weights():
    return np.array([[-0.5, 1, 1], [-1.5, 1, 1]]), np.array([[-0.5, 1, -2]])
