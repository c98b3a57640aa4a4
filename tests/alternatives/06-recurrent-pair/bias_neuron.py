"""A bias neuron o_0 = 1 with its own column of W; clipping against the overflow."""

# %% [extra]
def with_bias(W, b):
    return np.column_stack([b, W])

# %% [task-1-tanh]
def tanh_transfer(x):
    return 2 / (1 + np.exp(-2 * np.clip(x, -300, 300))) - 1

# %% [task-2-step]
def step(o, W, b):
    return tanh_transfer(with_bias(W, b) @ np.append(1, o))

# %% [task-3-simulate]
def simulate(W, b, o_start, n_steps):
    V = with_bias(W, b)
    o = np.append(1.0, o_start)
    rows = np.zeros((n_steps + 1, len(o)))
    for k in range(n_steps + 1):
        rows[k] = o
        o = np.append(1.0, tanh_transfer(V @ o))
    return rows[:, 1:]

# %% [task-4-phase]
def plot_phase(trajectory, ax=None):
    if not ax:
        _, ax = plt.subplots()
    o_1, o_2 = np.array(trajectory)[:, :2].T
    ax.plot(o_1, o_2, linestyle="none", marker=".", markersize=1)
    ax.set_xlabel("output of neuron 1")
    ax.set_ylabel("output of neuron 2")
    return ax

# %% [task-5-lyapunov]
def lyapunov(W, b, o_start, n_steps):
    V = with_bias(W, b)
    # The bias neuron's own direction stays 0: it is the same for both copies.
    o, v = np.append(1.0, o_start), np.append(0.0, np.ones(len(o_start)))
    total = 0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        new = tanh_transfer(V @ o)
        v = np.append(0.0, (1 - new**2) * (V @ v))
        o = np.append(1.0, new)
        total = total + np.log(np.linalg.norm(v))
    return total / n_steps
