"""np.tanh throughout, an array made beforehand and filled row by row, one marker per pixel."""

# %% [task-1-tanh]
def tanh_transfer(x):
    return np.tanh(x)

# %% [task-2-step]
def step(o, W, b):
    return np.tanh(np.dot(W, o) + b)

# %% [task-3-simulate]
def simulate(W, b, o_start, n_steps):
    trajectory = np.empty((n_steps + 1, len(o_start)))
    trajectory[0] = o_start
    for k in range(n_steps):
        trajectory[k + 1] = np.tanh(W @ trajectory[k] + b)
    return trajectory

# %% [task-4-phase]
def plot_phase(trajectory, ax=None):
    ax = plt.subplots(figsize=(5, 5))[1] if ax is None else ax
    ax.plot(trajectory[:, 0], trajectory[:, 1], ",k")
    ax.axhline(0, color="grey", linewidth=0.5)
    ax.axvline(0, color="grey", linewidth=0.5)
    ax.set(xlabel="$o_1$", ylabel="$o_2$", xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), title="phase portrait")
    return ax

# %% [task-5-lyapunov]
def lyapunov(W, b, o_start, n_steps):
    trajectory = simulate(W, b, o_start, n_steps)
    v = np.zeros(len(o_start))
    v += 1 / np.sqrt(len(v))
    logs = np.empty(n_steps)
    for k, o in enumerate(trajectory[1:]):
        v = np.diag(1 - o**2) @ W @ v
        logs[k] = np.log(np.sqrt(v @ v))
        v /= np.sqrt(v @ v)
    return logs.mean()
