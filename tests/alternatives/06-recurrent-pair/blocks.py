"""The derivative taken at the old outputs, length 1 only after every ten steps, warnings silenced."""

# %% [task-1-tanh]
def tanh_transfer(x):
    with np.errstate(over="ignore"):
        return 2 / (1 + np.exp(-2 * np.asarray(x, dtype=float))) - 1

# %% [task-2-step]
def step(o, W, b):
    o = np.asarray(o, dtype=np.longdouble)
    return tanh_transfer((o @ W.T + b).astype(float))

# %% [task-3-simulate]
def simulate(W, b, o_start, n_steps):
    if n_steps == 0:
        return np.array([o_start], dtype=float)
    before = simulate(W, b, o_start, n_steps - 1) if n_steps < 500 else None
    if before is None:
        before = np.zeros((n_steps, len(o_start)))
        before[0] = o_start
        for k in range(1, n_steps):
            before[k] = step(before[k - 1], W, b)
    return np.concatenate([before, [step(before[-1], W, b)]])

# %% [task-5-lyapunov]
def lyapunov(W, b, o_start, n_steps):
    trajectory = simulate(W, b, o_start, n_steps)
    v, total = np.full(len(o_start), 1.0), 0.0
    for k in range(n_steps):
        v = W @ ((1 - trajectory[k] ** 2) * v)
        if k % 10 == 9 or k == n_steps - 1:
            total += np.log(np.linalg.norm(v))
            v = v / np.linalg.norm(v)
    return total / n_steps
