"""The exponent from two trajectories 1e-8 apart, brought back to that distance after each step."""

# %% [task-1-tanh]
def tanh_transfer(x):
    return -np.expm1(-2 * np.abs(x)) / (1 + np.exp(-2 * np.abs(x))) * np.where(np.less(x, 0), -1.0, 1.0)

# %% [task-3-simulate]
def simulate(W, b, o_start, n_steps):
    trajectory = np.array([o_start], dtype=float)
    for _ in range(n_steps):
        trajectory = np.vstack([trajectory, step(trajectory[-1], W, b)])
    return trajectory

# %% [task-5-lyapunov]
def lyapunov(W, b, o_start, n_steps):
    tiny = 1e-8
    one = np.array(o_start, dtype=float)
    direction = np.ones(len(one)) / np.sqrt(len(one))
    total = 0.0
    for _ in range(n_steps):
        other = step(one + tiny * direction, W, b)
        one = step(one, W, b)
        distance = np.sqrt(np.sum((other - one) ** 2))
        direction = (other - one) / distance
        total += np.log(distance / tiny)
    return total / n_steps
