"""Plain Python loops over every weight, lists in between."""

# %% [task-1-momentum]
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m_new = np.array([beta * a + (1 - beta) * g for a, g in zip(m.ravel(), grad.ravel())]).reshape(m.shape)
    w_new = np.array([a - eta * b for a, b in zip(w.ravel(), m_new.ravel())]).reshape(w.shape)
    return w_new, m_new

# %% [task-2-irprop]
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    weights, remember, sizes = [], [], []
    for a, g, p, size in zip(w.flat, grad.flat, previous_grad.flat, step_size.flat):
        if g * p > 0:
            size = min(size * eta_plus, step_max)
        elif g * p < 0:
            size = max(size * eta_minus, step_min)
            g = 0
        if g > 0:
            a = a - size
        if g < 0:
            a = a + size
        weights.append(a)
        remember.append(g)
        sizes.append(size)
    return tuple(np.reshape(values, w.shape) for values in (weights, remember, sizes))

# %% [task-4-rmsprop]
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    w_new, v_new = np.empty(w.shape), np.empty(v.shape)
    for place in np.ndindex(w.shape):
        v_new[place] = alpha * v[place] + (1 - alpha) * grad[place] ** 2
        w_new[place] = w[place] - eta * grad[place] / (v_new[place] ** 0.5 + eps)
    return w_new, v_new
