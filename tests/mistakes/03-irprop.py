# Known mistakes in unit 03, read by `course audit 03-irprop`. One mistake a cell: its code is put after the worked
# solution of the task, so that it replaces the functions it defines. The hint is a fragment of what its check must say.

# %% [task-1-momentum] factors swapped
# hint: beta and 1 - beta are swapped
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m_new = (1 - beta) * m + beta * grad
    return w - eta * m_new, m_new

# %% [task-1-momentum] without the factor 1 - beta
# hint: The factor 1 - beta is missing
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m_new = beta * m + grad
    return w - eta * m_new, m_new

# %% [task-1-momentum] old m used for the step
# hint: The old m was used
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m_new = beta * m + (1 - beta) * grad
    return w - eta * m, m_new

# %% [task-1-momentum] plain gradient descent
# hint: This is plain gradient descent
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m_new = beta * m + (1 - beta) * grad
    return w - eta * grad, m_new

# %% [task-1-momentum] beta fixed
# hint: beta comes from the caller
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m_new = 0.9 * m + 0.1 * grad
    return w - eta * m_new, m_new

# %% [task-1-momentum] m changed in place
# hint: w or m was changed in place
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m *= beta
    m += (1 - beta) * grad
    return w - eta * m, m

# %% [task-1-momentum] w changed in place
# hint: w or m was changed in place
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m_new = beta * m + (1 - beta) * grad
    w -= eta * m_new
    return w, m_new

# %% [task-1-momentum] in the integers' dtype
# hint: build a new array
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m_new = np.zeros_like(m)
    m_new[...] = beta * m + (1 - beta) * grad
    return w - eta * m_new, m_new

# %% [task-2-irprop] gradient instead of its sign
# hint: The gradient was used instead of its sign
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    larger, smaller = np.minimum(step_size * eta_plus, step_max), np.maximum(step_size * eta_minus, step_min)
    step_size = np.where(product > 0, larger, np.where(product < 0, smaller, step_size))
    grad = np.where(product < 0, 0, grad)
    return w - grad * step_size, grad, step_size

# %% [task-2-irprop] step taken where the sign changed
# hint: A step was taken where the sign changed
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    larger, smaller = np.minimum(step_size * eta_plus, step_max), np.maximum(step_size * eta_minus, step_min)
    step_size = np.where(product > 0, larger, np.where(product < 0, smaller, step_size))
    return w - np.sign(grad) * step_size, np.where(product < 0, 0, grad), step_size

# %% [task-2-irprop] as on the slide: steps and remembers the changed gradient
# hint: A step was taken where the sign changed (the slide does that too)
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    larger, smaller = np.minimum(step_size * eta_plus, step_max), np.maximum(step_size * eta_minus, step_min)
    step_size = np.where(product > 0, larger, np.where(product < 0, smaller, step_size))
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] no step, but the changed gradient remembered
# hint: the gradient itself is remembered
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    larger, smaller = np.minimum(step_size * eta_plus, step_max), np.maximum(step_size * eta_minus, step_min)
    step_size = np.where(product > 0, larger, np.where(product < 0, smaller, step_size))
    return w - np.where(product < 0, 0, np.sign(grad)) * step_size, grad, step_size

# %% [task-2-irprop] last step taken back where the sign changed
# hint: the last step was taken back
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    larger, smaller = np.minimum(step_size * eta_plus, step_max), np.maximum(step_size * eta_minus, step_min)
    new_size = np.where(product > 0, larger, np.where(product < 0, smaller, step_size))
    back = w + np.sign(previous_grad) * step_size
    grad = np.where(product < 0, 0, grad)
    return np.where(product < 0, back, w - np.sign(grad) * new_size), grad, new_size

# %% [task-2-irprop] limits missing
# hint: The limits are missing
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    step_size = np.where(product > 0, step_size * eta_plus, np.where(product < 0, step_size * eta_minus, step_size))
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] only the upper limit
# hint: at least step_min = 1e-6
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    larger = np.minimum(step_size * eta_plus, step_max)
    step_size = np.where(product > 0, larger, np.where(product < 0, step_size * eta_minus, step_size))
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] minimum and maximum swapped
# hint: The limits are swapped
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    larger, smaller = np.maximum(step_size * eta_plus, step_max), np.minimum(step_size * eta_minus, step_min)
    step_size = np.where(product > 0, larger, np.where(product < 0, smaller, step_size))
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] 1.2 and 0.5 swapped
# hint: 1.2 and 0.5 are swapped
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_minus, np.where(product < 0, eta_plus, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] factors written as numbers
# hint: The factors are fixed to 1.2 and 0.5
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, 1.2, np.where(product < 0, 0.5, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] a zero product cuts the step size
# hint: A product of 0 is taken for a change of sign
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    step_size = np.clip(np.where(product > 0, eta_plus, eta_minus) * step_size, step_min, step_max)
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] a zero product cuts the step size and forgets the gradient
# hint: A product of 0 is taken for a change of sign
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    step_size = np.clip(np.where(product > 0, eta_plus, eta_minus) * step_size, step_min, step_max)
    grad = np.where(product > 0, grad, 0)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] a zero product forgets the gradient
# hint: 0 is remembered only where the product is negative
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_plus, np.where(product < 0, eta_minus, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    grad = np.where(product <= 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] a zero product enlarges the step size
# hint: A product of 0 is taken for the same sign
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    step_size = np.clip(np.where(product < 0, eta_minus, eta_plus) * step_size, step_min, step_max)
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] signs compared instead of the product
# hint: A product of 0 is taken for a change of sign
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    same = np.sign(grad) == np.sign(previous_grad)
    step_size = np.clip(np.where(same, eta_plus, eta_minus) * step_size, step_min, step_max)
    grad = np.where(same, grad, 0)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] one step size for all weights
# hint: There is one decision for all weights
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = np.sum(grad * previous_grad)
    if product > 0:
        step_size = np.minimum(step_size * eta_plus, step_max)
    elif product < 0:
        step_size = np.maximum(step_size * eta_minus, step_min)
        grad = np.zeros_like(grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] one scalar step size
# hint: The product of grad and previous_grad decides for each weight
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad @ previous_grad if grad.ndim == 1 else np.sum(grad * previous_grad)
    size = float(np.mean(step_size))
    size = min(size * eta_plus, step_max) if product > 0 else max(size * eta_minus, step_min)
    return w - np.sign(grad) * size, grad, size

# %% [task-2-irprop] uphill
# hint: The step goes uphill
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_plus, np.where(product < 0, eta_minus, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    grad = np.where(product < 0, 0, grad)
    return w + np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] old step size used
# hint: The old step size was used
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_plus, np.where(product < 0, eta_minus, 1))
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, np.clip(step_size * factor, step_min, step_max)

# %% [task-2-irprop] sign of the previous gradient
# hint: by the sign of the previous gradient
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_plus, np.where(product < 0, eta_minus, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    direction = np.where(product < 0, 0, np.sign(previous_grad))
    return w - direction * step_size, np.where(product < 0, 0, grad), step_size

# %% [task-2-irprop] the sign remembered
# hint: The sign of the gradient is remembered
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_plus, np.where(product < 0, eta_minus, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    sign = np.where(product < 0, 0, np.sign(grad))
    return w - sign * step_size, sign, step_size

# %% [task-2-irprop] step sizes unchanged
# hint: The step sizes did not change at all
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] step sizes changed in place
# hint: An argument was changed in place
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    step_size[product > 0] = np.minimum(step_size[product > 0] * eta_plus, step_max)
    step_size[product < 0] = np.maximum(step_size[product < 0] * eta_minus, step_min)
    grad = np.where(product < 0, 0, grad)
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] gradient changed in place
# hint: An argument was changed in place
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_plus, np.where(product < 0, eta_minus, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    grad[product < 0] = 0
    return w - np.sign(grad) * step_size, grad, step_size

# %% [task-2-irprop] previous gradient overwritten in place
# hint: An argument was changed in place
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_plus, np.where(product < 0, eta_minus, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    previous_grad[...] = np.where(product < 0, 0, grad)
    return w - np.sign(previous_grad) * step_size, previous_grad, step_size

# %% [task-2-irprop] weights in the integers' dtype
# hint: build new arrays
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    product = grad * previous_grad
    factor = np.where(product > 0, eta_plus, np.where(product < 0, eta_minus, 1))
    step_size = np.clip(step_size * factor, step_min, step_max)
    grad = np.where(product < 0, 0, grad)
    w_new = w.copy()
    w_new[...] = w - np.sign(grad) * step_size
    return w_new, grad, step_size

# %% [task-3-train] errors noted after the step
# hint: The errors are noted after the step
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        grads = backward(params, X, targets)
        for name in params:
            params[name], *memory[name] = irprop_minus_step(params[name], grads[name], *memory[name])
        losses.append(loss(forward(params, X)[1], targets))
    return params, losses

# %% [task-3-train] one error too many
# hint: no further one at the end
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in params:
            params[name], *memory[name] = irprop_minus_step(params[name], grads[name], *memory[name])
    losses.append(loss(forward(params, X)[1], targets))
    return params, losses

# %% [task-3-train] sample by sample
# hint: The samples were learned one at a time
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        for i in range(len(X)):
            grads = backward(params, X[i : i + 1], targets[i : i + 1])
            for name in params:
                params[name], *memory[name] = irprop_minus_step(params[name], grads[name], *memory[name])
    return params, losses

# %% [task-3-train] step sizes thrown away
# hint: The step sizes are thrown away
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    remembered = {name: np.zeros_like(p) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in params:
            size = np.full_like(params[name], initial_step)
            params[name], remembered[name], _ = irprop_minus_step(params[name], grads[name], remembered[name], size)
    return params, losses

# %% [task-3-train] remembered gradients thrown away
# hint: The remembered gradients are thrown away
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    size = {name: np.full_like(p, initial_step) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in params:
            zero = np.zeros_like(params[name])
            params[name], _, size[name] = irprop_minus_step(params[name], grads[name], zero, size[name])
    return params, losses

# %% [task-3-train] the gradient itself remembered
# hint: The gradient itself is remembered
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    size = {name: np.full_like(p, initial_step) for name, p in params.items()}
    remembered = {name: np.zeros_like(p) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in params:
            params[name], _, size[name] = irprop_minus_step(params[name], grads[name], remembered[name], size[name])
        remembered = grads
    return params, losses

# %% [task-3-train] biases left out
# hint: The biases do not learn
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in ("W1", "W2"):
            params[name], *memory[name] = irprop_minus_step(params[name], grads[name], *memory[name])
    return params, losses

# %% [task-3-train] one step size for a whole array
# hint: There is one step size for a whole array
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    size = {name: initial_step for name in params}
    remembered = {name: np.zeros_like(p) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name, grad in grads.items():
            product = np.sum(grad * remembered[name])
            if product > 0:
                size[name] = min(1.2 * size[name], 50.0)
            elif product < 0:
                size[name] = max(0.5 * size[name], 1e-6)
                grad = 0 * grad
            remembered[name] = grad
            params[name] = params[name] - np.sign(grad) * size[name]
    return params, losses

# %% [task-3-train] the new arrays are thrown away
# hint: go on with the new arrays
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    size = {name: np.full_like(p, initial_step) for name, p in params.items()}
    remembered = {name: np.zeros_like(p) for name, p in params.items()}
    losses, new = [], {}
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in params:
            new[name], remembered[name], size[name] = irprop_minus_step(
                params[name], grads[name], remembered[name], size[name])
    return new, losses

# %% [task-3-train] still gradient descent
# hint: This is still gradient descent
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        params = {name: params[name] - initial_step * grads[name] for name in params}
    return params, losses

# %% [task-3-train] gradients computed anew for each array
# hint: Compute all gradients first
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        for name in params:
            grad = backward(params, X, targets)[name]
            params[name], *memory[name] = irprop_minus_step(params[name], grad, *memory[name])
    return params, losses

# %% [task-3-train] initial_step ignored
# hint: initial_step is ignored
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, 0.1)) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in params:
            params[name], *memory[name] = irprop_minus_step(params[name], grads[name], *memory[name])
    return params, losses

# %% [task-3-train] params changed in place
# hint: params was changed in place
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in params:
            params[name], *memory[name] = irprop_minus_step(params[name], grads[name], *memory[name])
    return params, losses

# %% [task-3-train] arrays of params changed in place
# hint: params was changed in place
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    params, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        grads = backward(params, X, targets)
        for name in params:
            new, *memory[name] = irprop_minus_step(params[name], grads[name], *memory[name])
            params[name][...] = new
    return params, losses

# %% [task-3-train] start weights returned
# hint: Return the trained ones
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    trained, losses = dict(params), []
    for _ in range(epochs):
        losses.append(loss(forward(trained, X)[1], targets))
        grads = backward(trained, X, targets)
        for name in trained:
            trained[name], *memory[name] = irprop_minus_step(trained[name], grads[name], *memory[name])
    return params, losses

# %% [task-3-train] last step left out
# hint: These are the weights before the last step
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory = {name: (np.zeros_like(p), np.full_like(p, initial_step)) for name, p in params.items()}
    params, losses = dict(params), []
    for epoch in range(epochs):
        losses.append(loss(forward(params, X)[1], targets))
        if epoch == epochs - 1:
            break
        grads = backward(params, X, targets)
        for name in params:
            params[name], *memory[name] = irprop_minus_step(params[name], grads[name], *memory[name])
    return params, losses

# %% [task-4-rmsprop] eps inside the root
# hint: eps is inside the root
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v_new = alpha * v + (1 - alpha) * grad ** 2
    return w - eta * grad / np.sqrt(v_new + eps), v_new

# %% [task-4-rmsprop] eps left out
# hint: eps is left out
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v_new = alpha * v + (1 - alpha) * grad ** 2
    return w - eta * grad / np.sqrt(v_new), v_new

# %% [task-4-rmsprop] gradient not squared
# hint: The gradient is not squared
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v_new = alpha * v + (1 - alpha) * grad
    return w - eta * grad / (np.sqrt(v_new) + eps), v_new

# %% [task-4-rmsprop] root missing
# hint: The root is missing
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v_new = alpha * v + (1 - alpha) * grad ** 2
    return w - eta * grad / (v_new + eps), v_new

# %% [task-4-rmsprop] factors swapped
# hint: alpha and 1 - alpha are swapped
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v_new = (1 - alpha) * v + alpha * grad ** 2
    return w - eta * grad / (np.sqrt(v_new) + eps), v_new

# %% [task-4-rmsprop] a sum instead of a mean
# hint: The factor 1 - alpha is missing
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v_new = alpha * v + grad ** 2
    return w - eta * grad / (np.sqrt(v_new) + eps), v_new

# %% [task-4-rmsprop] old v used for the step
# hint: The old v was used
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v_new = alpha * v + (1 - alpha) * grad ** 2
    return w - eta * grad / (np.sqrt(v) + eps), v_new

# %% [task-4-rmsprop] uphill
# hint: The step goes uphill
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v_new = alpha * v + (1 - alpha) * grad ** 2
    return w + eta * grad / (np.sqrt(v_new) + eps), v_new

# %% [task-4-rmsprop] v changed in place
# hint: w or v was changed in place
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v *= alpha
    v += (1 - alpha) * grad ** 2
    return w - eta * grad / (np.sqrt(v) + eps), v

# %% [task-5-adam] correction with beta, as on the slide
# hint: The correction uses beta, as the slide prints it
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    m_hat, v_hat = m_new / (1 - beta1), v_new / (1 - beta2)
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m_new, v_new

# %% [task-5-adam] beta times t
# hint: Correct with beta to the power t
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    m_hat, v_hat = m_new / (1 - beta1 * t), v_new / (1 - beta2 * t)
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m_new, v_new

# %% [task-5-adam] no correction
# hint: The corrections are missing
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    return w - eta * m_new / (np.sqrt(v_new) + eps), m_new, v_new

# %% [task-5-adam] t counted from zero
# hint: t counts from 1
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    m_hat, v_hat = m_new / (1 - beta1 ** (t + 1)), v_new / (1 - beta2 ** (t + 1))
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m_new, v_new

# %% [task-5-adam] only m corrected
# hint: Only m is corrected
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    return w - eta * m_new / (1 - beta1 ** t) / (np.sqrt(v_new) + eps), m_new, v_new

# %% [task-5-adam] only v corrected
# hint: Only v is corrected
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    return w - eta * m_new / (np.sqrt(v_new / (1 - beta2 ** t)) + eps), m_new, v_new

# %% [task-5-adam] eps inside the root
# hint: eps is inside the root
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    m_hat, v_hat = m_new / (1 - beta1 ** t), v_new / (1 - beta2 ** t)
    return w - eta * m_hat / np.sqrt(v_hat + eps), m_new, v_new

# %% [task-5-adam] eps before the correction
# hint: eps is added before the correction
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    rate = eta * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
    return w - rate * m_new / (np.sqrt(v_new) + eps), m_new, v_new

# %% [task-5-adam] eps left out
# hint: eps is left out
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    return w - eta * m_new / (1 - beta1 ** t) / np.sqrt(v_new / (1 - beta2 ** t)), m_new, v_new

# %% [task-5-adam] corrected means returned
# hint: The corrected mean is returned
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = (beta1 * m + (1 - beta1) * grad) / (1 - beta1 ** t)
    v = (beta2 * v + (1 - beta2) * grad ** 2) / (1 - beta2 ** t)
    return w - eta * m / (np.sqrt(v) + eps), m, v

# %% [task-5-adam] the gradient instead of m
# hint: Use the corrected mean m_hat
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    return w - eta * grad / (np.sqrt(v_new / (1 - beta2 ** t)) + eps), m_new, v_new

# %% [task-5-adam] betas swapped
# hint: beta1 and beta2 are swapped
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta2 * m + (1 - beta2) * grad
    v_new = beta1 * v + (1 - beta1) * grad ** 2
    m_hat, v_hat = m_new / (1 - beta2 ** t), v_new / (1 - beta1 ** t)
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m_new, v_new

# %% [task-5-adam] root missing
# hint: The root is missing
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad ** 2
    m_hat, v_hat = m_new / (1 - beta1 ** t), v_new / (1 - beta2 ** t)
    return w - eta * m_hat / (v_hat + eps), m_new, v_new

# %% [task-5-adam] m and v changed in place
# hint: w, m or v was changed in place
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    for mean, beta, new in ((m, beta1, grad), (v, beta2, grad ** 2)):
        mean[...] = beta * mean + (1 - beta) * new
    m_hat, v_hat = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m, v

# %% [task-5-adam] in the integers' dtype
# hint: build a new array
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new, v_new = np.zeros_like(m), np.zeros_like(v)
    m_new[...] = beta1 * m + (1 - beta1) * grad
    v_new[...] = beta2 * v + (1 - beta2) * grad ** 2
    m_hat, v_hat = m_new / (1 - beta1 ** t), v_new / (1 - beta2 ** t)
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m_new, v_new
