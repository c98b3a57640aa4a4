# Known mistakes in unit 02, read by `course audit 02-backprop`. One mistake a cell: its code is put after the worked
# solution of the task, so that it replaces the functions it defines. The hint is a fragment of what its check must say.

# %% [task-1-delta-rule-step] gradient added instead of subtracted
# hint: The gradient is added instead of subtracted
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return w + eta * (output - target) * x

# %% [task-1-delta-rule-step] eta left out
# hint: eta is left out
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return w - (output - target) * x

# %% [task-1-delta-rule-step] eta fixed
# hint: The learning rate is fixed in your code
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return w - 0.1 * (output - target) * x

# %% [task-1-delta-rule-step] input left out
# hint: The input is left out
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return w - eta * (output - target)

# %% [task-1-delta-rule-step] error times w
# hint: multiplied by w instead of x
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return w - eta * (output - target) * w

# %% [task-1-delta-rule-step] error squared
# hint: The error is squared
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return w - eta * (output - target) ** 2 * x

# %% [task-1-delta-rule-step] factor 2
# hint: The factor 2 is too much
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return w - eta * 2 * (output - target) * x

# %% [task-1-delta-rule-step] factor one half
# hint: The 1/2 is too much
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return w - eta * 0.5 * (output - target) * x

# %% [task-1-delta-rule-step] returns the change only
# hint: This is only the change
def delta_rule_step(w, x, target, eta):
    output = w @ x
    return eta * (output - target) * x

# %% [task-1-delta-rule-step] w changed in place
# hint: w was changed in place
def delta_rule_step(w, x, target, eta):
    output = w @ x
    w -= (eta * (output - target) * x).astype(w.dtype)
    return w

# %% [task-1-delta-rule-step] writes into a copy of whole numbers
# hint: build a new array
def delta_rule_step(w, x, target, eta):
    output = w @ x
    new = w.copy()
    new[:] = w - eta * (output - target) * x
    return new

# %% [task-1-delta-rule-step] returns nothing
# hint: forget return
def delta_rule_step(w, x, target, eta):
    output = w @ x
    new = w - eta * (output - target) * x

# %% [task-1-delta-rule-step] output with a sigmoid
# hint: A linear neuron has no sigmoid
def delta_rule_step(w, x, target, eta):
    return w - eta * (sigmoid(w @ x) - target) * x

# %% [task-2-forward] b1 left out
# hint: The bias b1 is left out
def forward(params, X):
    hidden = sigmoid(X @ params["W1"])
    return hidden, sigmoid(hidden @ params["W2"] + params["b2"])

# %% [task-2-forward] b2 left out
# hint: The bias b2 is left out
def forward(params, X):
    hidden = sigmoid(X @ params["W1"] + params["b1"])
    return hidden, sigmoid(hidden @ params["W2"])

# %% [task-2-forward] hidden layer without sigmoid
# hint: The hidden layer has no sigmoid
def forward(params, X):
    hidden = X @ params["W1"] + params["b1"]
    return hidden, sigmoid(hidden @ params["W2"] + params["b2"])

# %% [task-2-forward] output layer without sigmoid
# hint: The output layer has no sigmoid
def forward(params, X):
    hidden = sigmoid(X @ params["W1"] + params["b1"])
    return hidden, hidden @ params["W2"] + params["b2"]

# %% [task-2-forward] output from the hidden activities
# hint: it needs hidden, after the sigmoid
def forward(params, X):
    phi_hidden = X @ params["W1"] + params["b1"]
    return sigmoid(phi_hidden), sigmoid(phi_hidden @ params["W2"] + params["b2"])

# %% [task-2-forward] order swapped
# hint: The order is swapped
def forward(params, X):
    hidden = sigmoid(X @ params["W1"] + params["b1"])
    return sigmoid(hidden @ params["W2"] + params["b2"]), hidden

# %% [task-2-forward] returns the output only
# hint: Return the pair (hidden, output)
def forward(params, X):
    hidden = sigmoid(X @ params["W1"] + params["b1"])
    return sigmoid(hidden @ params["W2"] + params["b2"])

# %% [task-2-forward] a sigmoid that overflows
# hint: Use the sigmoid that is given
def forward(params, X):
    hidden = 1 / (1 + np.exp(-(X @ params["W1"] + params["b1"])))
    return hidden, 1 / (1 + np.exp(-(hidden @ params["W2"] + params["b2"])))

# %% [task-2-forward] first sample only
# hint: any sizes
def forward(params, X):
    hidden = sigmoid(X[:1] @ params["W1"] + params["b1"])
    return hidden, sigmoid(hidden @ params["W2"] + params["b2"])

# %% [task-2-forward] params changed in place
# hint: X or params was changed in place
def forward(params, X):
    params["W1"] = params["W1"] * 1.0
    params["W1"][0] = params["W1"][0] + 1e-9
    hidden = sigmoid(X @ params["W1"] + params["b1"])
    return hidden, sigmoid(hidden @ params["W2"] + params["b2"])

# %% [task-2-forward] bias that belongs to the samples
# hint: b1 has one entry for each hidden neuron
def forward(params, X):
    hidden = sigmoid(X @ params["W1"] + params["b1"].mean())
    return hidden, sigmoid(hidden @ params["W2"] + params["b2"])

# %% [task-3-loss] one half missing
# hint: The factor 1/2 is missing
def loss(output, targets):
    return float(np.sum((output - targets) ** 2) / len(output))

# %% [task-3-loss] 1/n missing
# hint: The mean over the samples is missing
def loss(output, targets):
    return float(np.sum((output - targets) ** 2) / 2)

# %% [task-3-loss] sum of squares
# hint: mean over the samples and the factor 1/2 are missing
def loss(output, targets):
    return float(np.sum((output - targets) ** 2))

# %% [task-3-loss] mean over everything
# hint: np.mean divides by the number of outputs too
def loss(output, targets):
    return float(np.mean((output - targets) ** 2) / 2)

# %% [task-3-loss] mean squared error of a library
# hint: and the factor 1/2 is missing
def loss(output, targets):
    return float(np.mean((output - targets) ** 2))

# %% [task-3-loss] divided by the number of outputs
# hint: you divided by the number of outputs instead
def loss(output, targets):
    return float(np.sum((output - targets) ** 2) / 2 / output.shape[1])

# %% [task-3-loss] absolute differences
# hint: The difference is squared
def loss(output, targets):
    return float(np.sum(np.abs(output - targets)) / 2 / len(output))

# %% [task-3-loss] sum before the square
# hint: Square each difference first
def loss(output, targets):
    return float(np.sum(np.sum(output - targets, axis=1) ** 2) / 2 / len(output))

# %% [task-3-loss] one error per sample
# hint: E is one number
def loss(output, targets):
    return np.sum((output - targets) ** 2, axis=1) / 2

# %% [task-3-loss] targets changed in place
# hint: output or targets was changed in place
def loss(output, targets):
    difference = np.asarray(targets)
    if difference.dtype.kind == "f":
        difference -= output
    else:
        difference = difference - output
    return float(np.sum(difference ** 2) / 2 / len(output))

# %% [task-4-backward] derivative at the output, in the output layer
# hint: The sigmoid is applied twice: output is F(phi) already
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * sigmoid(output) * (1 - sigmoid(output))
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] derivative at the output, in the hidden layer
# hint: The sigmoid is applied twice: hidden is F(phi) already
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * sigmoid(hidden) * (1 - sigmoid(hidden))
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] derivative at the output, in both layers
# hint: The sigmoid is applied twice
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * sigmoid(output) * (1 - sigmoid(output))
    e_hidden = e_out @ params["W2"].T * sigmoid(hidden) * (1 - sigmoid(hidden))
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] short form at the activity, in the hidden layer
# hint: belongs to hidden, not to the activity
def backward(params, X, targets):
    phi = X @ params["W1"] + params["b1"]
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * phi * (1 - phi)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] short form at the activity, in the output layer
# hint: belongs to output, not to the activity
def backward(params, X, targets):
    phi = forward(params, X)[0] @ params["W2"] + params["b2"]
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * phi * (1 - phi)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] output error without F'
# hint: The derivative of the sigmoid is missing in e_out
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = output - targets
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] hidden error without F'
# hint: The hidden error is without F'
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] hidden error with F' of the output
# hint: The hidden error uses F' of the output layer
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = (e_out * output * (1 - output)) @ params["W2"].T
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] 1/n missing
# hint: 1/n is missing
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden, "b1": e_hidden.sum(axis=0),
            "W2": hidden.T @ e_out, "b2": e_out.sum(axis=0)}

# %% [task-4-backward] 1/n missing for the biases
# hint: 1/n is missing
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0),
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0)}

# %% [task-4-backward] 1/n missing for the hidden layer
# hint: 1/n is missing
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden, "b1": e_hidden.sum(axis=0),
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] 1/n twice
# hint: Divided by n twice
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output) / n
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] biases with 1/n twice
# hint: Divided by n twice
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.mean(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.mean(axis=0) / n}

# %% [task-4-backward] missing one half against the gradient
# hint: Twice too large
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = 2 * (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] the half kept
# hint: Half as large
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = 0.5 * (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] divided by the number of outputs
# hint: not by the number of outputs too
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output) / output.shape[1]
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] sign swapped
# hint: The sign is swapped
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (targets - output) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] W2 not transposed
# hint: e_out @ W2.T
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"] * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] W2 reshaped instead of transposed
# hint: W2 is transposed wrongly
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].reshape(params["W2"].shape[::-1]) * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] errors not sent over the weights
# hint: Error gradients go back over the weights
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out.sum(axis=1, keepdims=True) * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] bias gradients not summed
# hint: is not summed over the samples
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden / n,
            "W2": hidden.T @ e_out / n, "b2": e_out / n}

# %% [task-4-backward] bias gradient of the hidden layer not summed
# hint: is not summed over the samples
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] bias gradients summed over the neurons
# hint: it belongs over the samples: axis 0
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=1) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=1) / n}

# %% [task-4-backward] bias gradients summed over everything
# hint: each output neuron has its own bias
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum() / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum() / n}

# %% [task-4-backward] gradients of the weights transposed
# hint: its rows are the neurons that the weights come from
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": e_hidden.T @ X / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": e_out.T @ hidden / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] gradient of W1 transposed
# hint: its rows are the inputs
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": e_hidden.T @ X / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-4-backward] returns a tuple
# hint: Return a dict with the keys "W1", "b1", "W2" and "b2"
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return X.T @ e_hidden / n, e_hidden.sum(axis=0) / n, hidden.T @ e_out / n, e_out.sum(axis=0) / n

# %% [task-4-backward] biases forgotten
# hint: Return a dict with the keys "W1", "b1", "W2" and "b2"
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "W2": hidden.T @ e_out / n}

# %% [task-4-backward] takes the step itself, in place
# hint: was changed in place
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * output * (1 - output)
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    gradients = {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
                 "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}
    for key in params:
        params[key] = params[key] - 0.1 * gradients[key]
    return gradients

# %% [task-4-backward] neurons near saturation cut off
# hint: Near 0 and 1 the derivative
def backward(params, X, targets):
    n = len(X)
    hidden, output = forward(params, X)
    e_out = (output - targets) * np.where((output < 1e-3) | (output > 1 - 1e-3), 0, output * (1 - output))
    e_hidden = e_out @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ e_hidden / n, "b1": e_hidden.sum(axis=0) / n,
            "W2": hidden.T @ e_out / n, "b2": e_out.sum(axis=0) / n}

# %% [task-5-train] gradient added instead of subtracted
# hint: The gradient is added instead of subtracted
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] + eta * gradients[key] for key in params}
    return params, losses

# %% [task-5-train] params changed in place
# hint: params was changed in place
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        for key in params:
            params[key] -= eta * gradients[key]
    return params, losses

# %% [task-5-train] params changed in place through a copy of the dict
# hint: params was changed in place
def train(params, X, targets, eta, epochs):
    params = dict(params)
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        for key in params:
            params[key] -= eta * gradients[key]
    return params, losses

# %% [task-5-train] entries of params replaced
# hint: params was changed in place
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        for key in params:
            params[key] = params[key] - eta * gradients[key]
    return params, losses

# %% [task-5-train] error noted after the update
# hint: The error is noted after the update
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] for key in params}
        losses.append(loss(forward(params, X)[1], targets))
    return params, losses

# %% [task-5-train] one error too many
# hint: One error too many
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] for key in params}
    return params, losses + [loss(forward(params, X)[1], targets)]

# %% [task-5-train] one epoch only
# hint: Only one epoch was trained
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] for key in params}
        return params, losses
    return params, losses

# %% [task-5-train] one epoch missing
# hint: One epoch is missing
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs - 1):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] for key in params}
    return params, losses

# %% [task-5-train] updates thrown away
# hint: The parameters do not change from epoch to epoch
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        new = {key: params[key] - eta * gradients[key] for key in params}
    return new, losses

# %% [task-5-train] eta left out
# hint: eta is left out
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - gradients[key] for key in params}
    return params, losses

# %% [task-5-train] eta fixed
# hint: The learning rate is fixed in your code
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - 0.5 * gradients[key] for key in params}
    return params, losses

# %% [task-5-train] one step for each sample
# hint: use all samples for every step
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        for x, target in zip(X, targets):
            gradients = backward(params, x[None], target[None])
            params = {key: params[key] - eta * gradients[key] for key in params}
    return params, losses

# %% [task-5-train] divided by n once more
# hint: backward has taken the mean already
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] / len(X) for key in params}
    return params, losses

# %% [task-5-train] only the weights are updated
# hint: The biases did not change
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = params | {key: params[key] - eta * gradients[key] for key in ("W1", "W2")}
    return params, losses

# %% [task-5-train] layers updated one after the other
# hint: take all four at the same parameters
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        for key in ("W2", "b2", "W1", "b1"):
            params = params | {key: params[key] - eta * backward(params, X, targets)[key]}
    return params, losses

# %% [task-5-train] returns the start parameters
# hint: update all four keys, and return the new dict
def train(params, X, targets, eta, epochs):
    start = params
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] for key in params}
    return start, losses

# %% [task-5-train] last error only
# hint: losses is the list of all errors
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] for key in params}
    return params, losses[-1]

# %% [task-5-train] order swapped
# hint: Return the pair (params, losses)
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] for key in params}
    return losses, params

# %% [task-5-train] last update missing
# hint: Return the parameters after the last update
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        old = params
        params = {key: params[key] - eta * gradients[key] for key in params}
    return old, losses

# %% [task-5-train] stops when the error is small
# hint: train for all of them
def train(params, X, targets, eta, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        gradients = backward(params, X, targets)
        params = {key: params[key] - eta * gradients[key] for key in params}
        if len(losses) == 10:
            break
    return params, losses

# %% [task-6-softmax] wrong axis
# hint: The sum runs along the wrong axis
def softmax(z):
    powers = np.exp(z - np.max(z, axis=0))
    return powers / np.sum(powers, axis=0)

# %% [task-6-softmax] over the whole array
# hint: The sum runs over the whole array
def softmax(z):
    powers = np.exp(z - np.max(z))
    return powers / np.sum(powers)

# %% [task-6-softmax] keepdims forgotten
# hint: use keepdims=True
def softmax(z):
    powers = np.exp(z - np.max(z, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1)

# %% [task-6-softmax] maximum without keepdims
# hint: use keepdims=True
def softmax(z):
    powers = np.exp(z - np.max(z, axis=1))
    return powers / np.sum(powers, axis=1, keepdims=True)

# %% [task-6-softmax] overflows
# hint: Subtract from each row its own maximum
def softmax(z):
    powers = np.exp(z)
    return powers / np.sum(powers, axis=1, keepdims=True)

# %% [task-6-softmax] maximum of the whole array
# hint: Subtract from each row its own maximum
def softmax(z):
    powers = np.exp(z - np.max(z))
    return powers / np.sum(powers, axis=1, keepdims=True)

# %% [task-6-softmax] clipped
# hint: the maximum of the whole array is not the same
def softmax(z):
    powers = np.exp(np.clip(z, -500, 500))
    return powers / np.sum(powers, axis=1, keepdims=True)

# %% [task-6-softmax] tiny number against division by zero
# hint: add nothing to the sum
def softmax(z):
    powers = np.exp(z - np.max(z))
    return powers / (np.sum(powers, axis=1, keepdims=True) + 1e-12)

# %% [task-6-softmax] exp left out
# hint: The exponential is missing
def softmax(z):
    return z / np.sum(z, axis=1, keepdims=True)

# %% [task-6-softmax] sum left out
# hint: Divide by the sum of each row, so that the row sums to 1
def softmax(z):
    return np.exp(z)

# %% [task-6-softmax] only the maximum subtracted
# hint: the maximum alone is not enough
def softmax(z):
    return np.exp(z - np.max(z, axis=1, keepdims=True))

# %% [task-6-softmax] sigmoid
# hint: This is the sigmoid of each number
def softmax(z):
    return sigmoid(z)

# %% [task-6-softmax] minus in the exponent
# hint: The sign in the exponent is swapped
def softmax(z):
    powers = np.exp(-(z - np.min(z, axis=1, keepdims=True)))
    return powers / np.sum(powers, axis=1, keepdims=True)

# %% [task-6-softmax] only the largest
# hint: not only the largest entry
def softmax(z):
    return (z == np.max(z, axis=1, keepdims=True)).astype(float)

# %% [task-6-softmax] z changed in place
# hint: z was changed in place
def softmax(z):
    z -= np.max(z, axis=1, keepdims=True)
    powers = np.exp(z)
    return powers / np.sum(powers, axis=1, keepdims=True)

# %% [task-7-cross-entropy] log of zero
# hint: This takes the log of zero
def cross_entropy(targets, probabilities):
    return float(-np.sum(targets * np.log(probabilities)) / len(targets))

# %% [task-7-cross-entropy] log of zero, warnings silenced
# hint: 0 * log(0) is nan
def cross_entropy(targets, probabilities):
    with np.errstate(all="ignore"):
        return float(-np.sum(targets * np.log(probabilities)) / len(targets))

# %% [task-7-cross-entropy] log of zero taken as zero
# hint: must cost a lot, not nothing
def cross_entropy(targets, probabilities):
    logs = np.log(np.where(probabilities > 0, probabilities, 1))
    return float(-np.sum(targets * logs) / len(targets))

# %% [task-7-cross-entropy] log of zero for the right class
# hint: This takes the log of zero
def cross_entropy(targets, probabilities):
    return float(-np.mean(np.log(np.sum(targets * probabilities, axis=1))))

# %% [task-7-cross-entropy] one added before the logarithm
# hint: -log of the right class's probability
def cross_entropy(targets, probabilities):
    return float(-np.sum(targets * np.log(probabilities + 1)) / len(targets))

# %% [task-7-cross-entropy] minus sign missing
# hint: The minus sign is missing
def cross_entropy(targets, probabilities):
    return float(np.sum(targets * np.log(np.maximum(probabilities, 1e-12))) / len(targets))

# %% [task-7-cross-entropy] 1/n missing
# hint: The mean over the samples is missing
def cross_entropy(targets, probabilities):
    return float(-np.sum(targets * np.log(np.maximum(probabilities, 1e-12))))

# %% [task-7-cross-entropy] mean over everything
# hint: np.mean over everything divides by the number of classes too
def cross_entropy(targets, probabilities):
    return float(-np.mean(targets * np.log(np.maximum(probabilities, 1e-12))))

# %% [task-7-cross-entropy] logarithm to base 2
# hint: logarithm to base 2
def cross_entropy(targets, probabilities):
    return float(-np.sum(targets * np.log2(np.maximum(probabilities, 1e-12))) / len(targets))

# %% [task-7-cross-entropy] logarithm to base 10
# hint: logarithm to base 10
def cross_entropy(targets, probabilities):
    return float(-np.sum(targets * np.log10(np.maximum(probabilities, 1e-12))) / len(targets))

# %% [task-7-cross-entropy] roles swapped
# hint: The roles are swapped
def cross_entropy(targets, probabilities):
    return float(-np.sum(probabilities * np.log(np.maximum(targets, 1e-12))) / len(targets))

# %% [task-7-cross-entropy] binary cross entropy
# hint: This adds (1 - p) log(1 - q)
def cross_entropy(targets, probabilities):
    q = np.clip(probabilities, 1e-12, 1 - 1e-12)
    return float(-np.sum(targets * np.log(q) + (1 - targets) * np.log(1 - q)) / len(targets))

# %% [task-7-cross-entropy] one error per sample
# hint: H is one number
def cross_entropy(targets, probabilities):
    return -np.sum(targets * np.log(np.maximum(probabilities, 1e-12)), axis=1)

# %% [task-7-cross-entropy] logarithm left out
# hint: The logarithm is missing
def cross_entropy(targets, probabilities):
    return float(-np.sum(targets * probabilities) / len(targets))

# %% [task-7-cross-entropy] largest probability counts
# hint: also where the network gives another one more
def cross_entropy(targets, probabilities):
    q = np.maximum(probabilities, 1e-12)
    return float(-np.mean(np.log(np.max(q, axis=1))))

# %% [task-7-cross-entropy] probabilities changed in place
# hint: An input was changed in place
def cross_entropy(targets, probabilities):
    probabilities[probabilities == 0] = 1e-12
    return float(-np.sum(targets * np.log(probabilities)) / len(targets))

# %% [task-7-cross-entropy] clipped far too high
# hint: Replace zeros by a number as tiny as 1e-12
def cross_entropy(targets, probabilities):
    return float(-np.sum(targets * np.log(np.maximum(probabilities, 0.1))) / len(targets))
