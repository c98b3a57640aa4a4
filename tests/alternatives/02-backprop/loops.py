"""Everything neuron by neuron in plain Python, with lists and math, arrays only where they are returned."""

# %% [extra]
import math

# %% [task-1-delta-rule-step]
def delta_rule_step(w, x, target, eta):
    output = 0.0
    for i in range(len(w)):
        output += w[i] * x[i]
    new = []
    for i in range(len(w)):
        new.append(w[i] - eta * (output - target) * x[i])
    return np.array(new)

# %% [task-2-forward]
def layer(rows, W, b):
    result = np.zeros((len(rows), len(b)))
    for s, row in enumerate(rows):
        for j in range(len(b)):
            phi = b[j]
            for i in range(len(row)):
                phi = phi + row[i] * W[i, j]
            result[s, j] = float(sigmoid(phi))
    return result


def forward(params, X):
    hidden = layer(X, params["W1"], params["b1"])
    output = layer(hidden, params["W2"], params["b2"])
    return hidden, output

# %% [task-3-loss]
def loss(output, targets):
    total = 0.0
    for o_row, t_row in zip(output, targets):
        for o, t in zip(o_row, t_row):
            total += 0.5 * (o - t) ** 2
    return total / len(output)

# %% [task-4-backward]
def backward(params, X, targets):
    gradients = {key: np.zeros(np.shape(value)) for key, value in params.items()}
    hidden, output = forward(params, X)
    n, n_in = X.shape
    n_hidden, n_out = params["W2"].shape
    for s in range(n):
        e_out = [(output[s, k] - targets[s, k]) * output[s, k] * (1 - output[s, k]) for k in range(n_out)]
        for j in range(n_hidden):
            e_j = 0.0
            for k in range(n_out):
                e_j += e_out[k] * params["W2"][j, k]
                gradients["W2"][j, k] += e_out[k] * hidden[s, j] / n
            e_j *= hidden[s, j] * (1 - hidden[s, j])
            gradients["b1"][j] += e_j / n
            for i in range(n_in):
                gradients["W1"][i, j] += e_j * X[s, i] / n
        for k in range(n_out):
            gradients["b2"][k] += e_out[k] / n
    return gradients

# %% [task-5-train]
def train(params, X, targets, eta, epochs):
    losses = []
    epoch = 0
    while epoch < epochs:
        output = forward(params, X)[1]
        losses.append(loss(output, targets))
        gradients = backward(params, X, targets)
        new = {}
        for key in params:
            new[key] = params[key] - eta * gradients[key]
        params = new
        epoch += 1
    return params, losses

# %% [task-6-softmax]
def softmax(z):
    rows = []
    for row in z:
        largest = max(row)
        powers = [math.exp(value - largest) for value in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows)

# %% [task-7-cross-entropy]
def cross_entropy(targets, probabilities):
    total = 0.0
    for p_row, q_row in zip(targets, probabilities):
        for p, q in zip(p_row, q_row):
            if p > 0:
                total -= p * math.log(max(q, 1e-15))
    return total / len(targets)
