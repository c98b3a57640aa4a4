"""Boolean masks on copies instead of np.where; running means in steps."""

# %% [task-2-irprop]
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    same = grad * previous_grad > 0
    changed = grad * previous_grad < 0
    size = step_size.copy()
    size[same] = np.minimum(size[same] * eta_plus, step_max)
    size[changed] = np.maximum(size[changed] * eta_minus, step_min)
    remember = grad.copy()
    remember[changed] = 0
    return w - np.sign(remember) * size, remember, size

# %% [task-4-rmsprop]
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v = v * alpha
    v = v + (1 - alpha) * grad * grad
    w = w - eta / (v ** 0.5 + eps) * grad
    return w, v

# %% [task-5-adam]
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    return w - eta * (m / (1 - beta1 ** t)) / ((v / (1 - beta2 ** t)) ** 0.5 + eps), m, v
