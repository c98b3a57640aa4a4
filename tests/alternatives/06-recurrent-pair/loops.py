"""Plain Python: lists, loops and the math module, neuron by neuron."""

# %% [extra]
import math

# %% [task-1-tanh]
def tanh_transfer(x):
    x = np.asarray(x, dtype=float)
    values = [math.copysign(2 / (1 + math.exp(-2 * abs(value))) - 1, value) for value in x.ravel().tolist()]
    return np.array(values).reshape(x.shape)

# %% [task-2-step]
def step(o, W, b):
    new = []
    for j in range(len(b)):
        phi = float(b[j])
        for i in range(len(o)):
            phi += W[j][i] * o[i]
        new.append(math.tanh(phi))
    return new

# %% [task-3-simulate]
def simulate(W, b, o_start, n_steps):
    trajectory = [[float(value) for value in o_start]]
    while len(trajectory) <= n_steps:
        trajectory.append(step(trajectory[-1], W, b))
    return np.array(trajectory)

# %% [task-4-phase]
def plot_phase(trajectory, ax=None):
    if ax is None:
        fig = plt.figure()
        ax = fig.add_subplot()
    right, up = [], []
    for row in trajectory:
        right.append(row[0])
        up.append(row[1])
    ax.plot(right, up, "o", color="tab:blue", markersize=2)
    ax.set_xlabel("first neuron")
    ax.set_ylabel("second neuron")
    return ax

# %% [task-5-lyapunov]
def lyapunov(W, b, o_start, n_steps):
    n = len(o_start)
    W, b, o = np.array(W).tolist(), np.array(b).tolist(), list(map(float, o_start))
    v = [1 / math.sqrt(n)] * n
    total = 0
    for _ in range(n_steps):
        o = step(o, W, b)
        v = [(1 - o[j] ** 2) * sum(W[j][i] * v[i] for i in range(n)) for j in range(n)]
        length = math.hypot(*v)
        v = [value / length for value in v]
        total += math.log(length)
    return total / n_steps
