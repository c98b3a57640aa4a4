"""Training without the given functions: forward, error and gradients written out once more."""

# %% [task-3-train]
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    memory = [(np.zeros(a.shape), initial_step * np.ones(a.shape)) for a in (W1, b1, W2, b2)]
    n, losses = len(X), []
    for _ in range(epochs):
        hidden = 1 / (1 + np.exp(-(X @ W1 + b1)))
        output = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
        losses.append(0.5 * np.sum((output - targets) ** 2) / n)
        e_out = (output - targets) * output * (1 - output)
        e_hidden = (e_out @ W2.T) * hidden * (1 - hidden)
        gradients = [np.einsum("ni,nj->ij", X, e_hidden) / n, e_hidden.mean(axis=0),
                     np.einsum("nj,nk->jk", hidden, e_out) / n, e_out.mean(axis=0)]
        for i, (array, gradient) in enumerate(zip([W1, b1, W2, b2], gradients)):
            new, *memory[i] = irprop_minus_step(array, gradient, *memory[i])
            if i == 0: W1 = new
            elif i == 1: b1 = new
            elif i == 2: W2 = new
            else: b2 = new
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses
