"""Changes in place, on copies that hold floats."""

# %% [task-1-momentum]
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    w, m = w.astype(float), m.astype(float)
    m *= beta
    m += (1 - beta) * grad
    w -= eta * m
    return w, m

# %% [task-2-irprop]
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    w, grad, step_size = np.array(w, dtype=float), np.array(grad, dtype=float), np.array(step_size, dtype=float)
    product = grad * previous_grad
    step_size[product > 0] *= eta_plus
    step_size[product < 0] *= eta_minus
    np.clip(step_size, step_min, step_max, out=step_size)
    grad[product < 0] = 0
    w[grad > 0] -= step_size[grad > 0]
    w[grad < 0] += step_size[grad < 0]
    return w, grad, step_size

# %% [task-3-train]
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    params = {name: array.copy() for name, array in params.items()}
    previous = {name: np.zeros_like(array) for name, array in params.items()}
    sizes = {name: np.full_like(array, initial_step) for name, array in params.items()}
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        losses[epoch] = loss(forward(params, X)[1], targets)
        grads = backward(params, X, targets)
        for name in params:
            params[name][...], previous[name][...], sizes[name][...] = irprop_minus_step(
                params[name], grads[name], previous[name], sizes[name])
    return params, losses

# %% [task-4-rmsprop]
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    w, v = w.astype(float), v.astype(float)
    v *= alpha
    v += (1 - alpha) * grad ** 2
    w -= eta * grad / (np.sqrt(v) + eps)
    return w, v
