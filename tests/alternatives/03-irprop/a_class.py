"""An optimizer object that keeps the state; the steps are thin wrappers of one helper."""

# %% [extra]
class Memory:
    def __init__(self, arrays, initial_step):
        self.remembered = {k: a * 0.0 for k, a in arrays.items()}
        self.sizes = {k: a * 0.0 + initial_step for k, a in arrays.items()}

    def step(self, arrays, grads):
        new = {}
        for k in arrays:
            result = irprop_minus_step(arrays[k], grads[k], self.remembered[k], self.sizes[k])
            new[k], self.remembered[k], self.sizes[k] = result
        return new


def running_mean(old, new, share):
    return share * old + (1 - share) * new

# %% [task-1-momentum]
def momentum_step(w, grad, m, eta=0.01, beta=0.9):
    m = running_mean(m, grad, beta)
    return w - eta * m, m

# %% [task-3-train]
def train_irprop_minus(params, X, targets, epochs, initial_step=0.1):
    memory, losses = Memory(params, initial_step), []
    while len(losses) < epochs:
        _, output = forward(params, X)
        losses.append(loss(output, targets))
        params = memory.step(params, backward(params, X, targets))
    return params, losses

# %% [task-4-rmsprop]
def rmsprop_step(w, grad, v, eta=0.001, alpha=0.9, eps=1e-8):
    v = running_mean(v, grad ** 2, alpha)
    return w - eta * (grad / (np.sqrt(v) + eps)), v

# %% [task-5-adam]
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = running_mean(m, grad, beta1), running_mean(v, grad ** 2, beta2)
    # The same formula, with both corrections drawn to the front.
    root = np.sqrt(1 - beta2 ** t)
    return w - eta * root / (1 - beta1 ** t) * m / (np.sqrt(v) + eps * root), m, v
