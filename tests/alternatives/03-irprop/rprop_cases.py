"""np.vectorize over a function for one weight; training by recursion over the epochs."""

# %% [task-2-irprop]
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    def one(a, g, p, size):
        product = g * p
        if product < 0:
            return a, 0.0, max(step_min, eta_minus * size)
        if product > 0:
            size = min(step_max, eta_plus * size)
        return a - (g > 0) * size + (g < 0) * size, g, size

    return np.vectorize(one, otypes=[float, float, float])(w, grad, previous_grad, step_size)

# %% [task-3-train]
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1, state=None):
    if epochs == 0:
        return params, []
    if state is None:
        state = {name: (np.zeros(params[name].shape), np.full(params[name].shape, float(initial_step))) for name in params}
    error = loss(forward(params, X)[1], targets)
    grads = backward(params, X, targets)
    steps = {name: irprop_minus_step(params[name], grads[name], *state[name]) for name in params}
    rest = train_irprop_minus({n: s[0] for n, s in steps.items()}, X, targets, epochs - 1,
                              state={n: s[1:] for n, s in steps.items()})
    return rest[0], [error] + rest[1]
