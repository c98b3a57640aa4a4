"""Training starts from single numbers that broadcast to arrays in the first step; returns lists and tuples."""

# %% [task-2-irprop]
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    size = np.select([product > 0, product < 0],
                     [np.minimum(step_size * eta_plus, step_max), np.maximum(step_size * eta_minus, step_min)], step_size)
    remember = np.where(product >= 0, grad, 0)
    return [w - np.sign(remember) * size, remember, size]

# %% [task-3-train]
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = dict.fromkeys(params, (0.0, initial_step))
    losses = ()
    for _ in range(epochs):
        losses += (loss(forward(params, X)[1], targets),)
        grads = backward(params, X, targets)
        steps = {name: irprop_minus_step(params[name], grads[name], *memory[name]) for name in params}
        params = {name: step[0] for name, step in steps.items()}
        memory = {name: step[1:] for name, step in steps.items()}
    return params, losses
