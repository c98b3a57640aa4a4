"""itertools, a generator of outputs, and the first row marked once more in the figure."""

# %% [extra]
from itertools import accumulate, islice


def outputs(W, b, o):
    while True:
        yield o
        o = step(o, W, b)

# %% [task-1-tanh]
def tanh_transfer(x):
    e = np.exp(-2.0 * np.abs(x))
    return np.where(np.asarray(x) < 0, e - 1, 1 - e) / (1 + e)

# %% [task-2-step]
def step(o, W, b):
    return tanh_transfer(np.sum(W * o, axis=1) + b)

# %% [task-3-simulate]
def simulate(W, b, o_start, n_steps):
    return np.array(list(islice(outputs(W, b, o_start), n_steps + 1)))

# %% [task-4-phase]
def plot_phase(trajectory, ax=None):
    if ax is None:
        ax = plt.figure(layout="constrained").add_subplot(aspect="equal")
    ax.scatter(*trajectory[1:, :2].T, s=0.5, marker="s", label="later")
    ax.scatter(*trajectory[0, :2], s=60, marker="*", label="start")
    ax.legend()
    ax.set(xlabel=r"$o_{1}$", ylabel=r"$o_{2}$", title="o_1 and o_2")
    return ax

# %% [task-5-lyapunov]
def lyapunov(W, b, o_start, n_steps):
    def follow(state, o):
        v, total = state
        v = (1 - o * o) * np.matmul(W, v)
        length = np.sqrt(np.sum(v * v))
        return v / length, total + np.log(length)

    trajectory = islice(outputs(W, b, o_start), 1, n_steps + 1)
    start = np.ones(len(o_start)), 0.0
    *_, (_, total) = accumulate(trajectory, follow, initial=start)
    return total / n_steps
