"""The product of the signs as an exponent, one clip for both limits."""

# %% [task-2-irprop]
def irprop_minus_step(w, grad, previous_grad, step_size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    agreement = np.sign(grad) * np.sign(previous_grad)
    factor = np.choose(agreement.astype(int) + 1, [eta_minus, 1.0, eta_plus])
    size = np.clip(step_size * factor, step_min, step_max)
    remember = grad * (agreement >= 0)
    return w - np.copysign(size, remember) * (remember != 0), remember, size

# %% [task-5-adam]
def adam_step(w, grad, m, v, t, eta=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    means = []
    for mean, beta, value in ((m, beta1, grad), (v, beta2, np.square(grad))):
        means.append(np.add(np.multiply(beta, mean), np.multiply(1 - beta, value)))
    corrected = [mean / (1 - np.power(beta, t)) for mean, beta in zip(means, (beta1, beta2))]
    step = eta * corrected[0] / np.add(np.sqrt(corrected[1]), eps)
    return w - step, *means
