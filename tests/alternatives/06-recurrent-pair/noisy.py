"""Own imports, prints and warnings from right code; a figure that is shown at once."""

# %% [extra]
import sys
import warnings

warnings.warn("my own warning")

# %% [task-1-tanh]
def tanh_transfer(x):
    print("tanh of", np.shape(x), file=sys.stderr)
    size = (1 - np.exp(-2 * np.abs(x))) / (1 + np.exp(-2 * np.abs(x)))
    return size * np.sign(x)

# %% [task-2-step]
def step(o, W, b):
    phi = np.zeros(len(b))
    phi[:] = b
    phi += np.matmul(W, o)
    return np.tanh(phi)

# %% [task-4-phase]
def plot_phase(trajectory, ax=None):
    if ax is None:
        fig, ax = plt.subplots()
    warnings.warn("drawing", UserWarning)
    print(len(trajectory), "points")
    ax.plot(trajectory[:, 0], trajectory[:, 1], "o", ms=1, alpha=0.5)
    ax.set_xlabel("Ausgabe 1")
    ax.set_ylabel("Ausgabe 2")
    ax.grid(True)
    return ax
