"""All exponents by QR decomposition, of which the largest is returned; pyplot's state machine for the figure."""

# %% [task-4-phase]
def plot_phase(trajectory, ax=None):
    if ax is None:
        plt.figure()
        ax = plt.gca()
    plt.sca(ax)
    plt.scatter(trajectory[:, 0], trajectory[:, 1], c=np.arange(len(trajectory)), s=2)
    plt.xlabel("o₁")
    plt.ylabel("o₂")
    return ax

# %% [task-5-lyapunov]
def lyapunov(W, b, o_start, n_steps):
    n = len(o_start)
    rng = np.random.default_rng(0)
    Q, _ = np.linalg.qr(rng.normal(size=(n, n)))
    o, sums = o_start, np.zeros(n)
    for _ in range(n_steps):
        o = step(o, W, b)
        Q, R = np.linalg.qr((1 - o**2)[:, None] * (W @ Q))
        sums += np.log(np.abs(np.diag(R)))
    return np.max(sums) / n_steps
