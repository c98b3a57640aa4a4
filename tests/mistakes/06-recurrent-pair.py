# Known mistakes in unit 06, read by `course audit 06-recurrent-pair`. One mistake a cell: its code is put after the
# worked solution of the task, so that it replaces the functions it defines. The hint is a fragment of what its check
# must say.

# %% [task-1-tanh] factor 2 missing in the exponent
# hint: The 2 in the exponent is missing
def tanh_transfer(x):
    return np.sign(x) * (2 / (1 + np.exp(-np.abs(x))) - 1)

# %% [task-1-tanh] last - 1 missing
# hint: The last - 1 is missing: 2 / (1 + e^(-2|x|)) lies between
def tanh_transfer(x):
    return np.sign(x) * (2 / (1 + np.exp(-2 * np.abs(x))))

# %% [task-1-tanh] last - 1 missing, without the sign
# hint: the values reach from 0 to 2
def tanh_transfer(x):
    return 2 / (1 + np.exp(-2 * x))

# %% [task-1-tanh] x instead of |x| inside
# hint: All values are positive
def tanh_transfer(x):
    size = 2 / (1 + np.exp(-2 * x)) - 1
    return np.sign(x) * size

# %% [task-1-tanh] exponent with the wrong sign
# hint: The exponent has the wrong sign
def tanh_transfer(x):
    return np.sign(x) * (2 / (1 + np.exp(2 * np.abs(x))) - 1)

# %% [task-1-tanh] the sigmoid
# hint: This is the sigmoid. tanh reaches from -1 to 1
def tanh_transfer(x):
    return 1 / (1 + np.exp(-x))

# %% [task-1-tanh] overflow
# hint: e^2000 overflows
def tanh_transfer(x):
    return 2 / (1 + np.exp(-2 * x)) - 1

# %% [task-1-tanh] quotient of infinities
# hint: e^2000 overflows
def tanh_transfer(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))

# %% [task-1-tanh] not a number, in silence
# hint: A quotient of two infinities is not a number
def tanh_transfer(x):
    with np.errstate(all="ignore"):
        return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))

# %% [task-1-tanh] in the integers' dtype
# hint: build a new array of floats
def tanh_transfer(x):
    out = np.zeros_like(x)
    out[...] = np.tanh(x)
    return out

# %% [task-2-step] second neuron reads the new output of the first
# hint: The second neuron used the new output of the first
def step(o, W, b):
    new = np.array(o, dtype=float)
    for j in range(len(b)):
        new[j] = tanh_transfer(W[j] @ new + b[j])
    return new

# %% [task-2-step] W transposed
# hint: W is transposed
def step(o, W, b):
    return tanh_transfer(o @ W + b)

# %% [task-2-step] bias left out
# hint: The bias is left out
def step(o, W, b):
    return tanh_transfer(W @ o)

# %% [task-2-step] bias outside of tanh
# hint: The bias is added outside of tanh
def step(o, W, b):
    return tanh_transfer(W @ o) + b

# %% [task-2-step] bias subtracted
# hint: The bias has the wrong sign
def step(o, W, b):
    return tanh_transfer(W @ o - b)

# %% [task-2-step] transfer function forgotten
# hint: These are the activities
def step(o, W, b):
    return W @ o + b

# %% [task-2-step] old output added
# hint: The old output is added to the new one
def step(o, W, b):
    return o + tanh_transfer(W @ o + b)

# %% [task-2-step] elementwise product
# hint: The new outputs are tanh of W @ o + b
def step(o, W, b):
    return tanh_transfer(W * o + b)

# %% [task-2-step] only for two neurons
# hint: The number of neurons comes from the arrays
def step(o, W, b):
    return tanh_transfer(np.array([W[0, 0] * o[0] + W[0, 1] * o[1] + b[0], W[1, 0] * o[0] + W[1, 1] * o[1] + b[1]]))

# %% [task-2-step] o overwritten
# hint: An argument was changed in place
def step(o, W, b):
    o[:] = tanh_transfer(W @ o + b)
    return o

# %% [task-2-step] b overwritten
# hint: An argument was changed in place
def step(o, W, b):
    b += W @ o
    return tanh_transfer(b)

# %% [task-2-step] in the integers' dtype
# hint: build a new array of floats
def step(o, W, b):
    new = np.zeros_like(o)
    for j in range(len(b)):
        new[j] = tanh_transfer(W[j] @ o + b[j])
    return new

# %% [task-3-simulate] start missing
# hint: The start is missing
def simulate(W, b, o_start, n_steps):
    trajectory = []
    for _ in range(n_steps):
        o_start = step(o_start, W, b)
        trajectory.append(o_start)
    return np.array(trajectory)

# %% [task-3-simulate] last step missing
# hint: The last step is missing
def simulate(W, b, o_start, n_steps):
    trajectory = [o_start]
    for _ in range(n_steps - 1):
        trajectory.append(step(trajectory[-1], W, b))
    return np.array(trajectory)

# %% [task-3-simulate] one step too many
# hint: There is one step too many
def simulate(W, b, o_start, n_steps):
    trajectory = [o_start]
    for _ in range(n_steps + 1):
        trajectory.append(step(trajectory[-1], W, b))
    return np.array(trajectory)

# %% [task-3-simulate] start replaced by the first step
# hint: The start was replaced by the first step
def simulate(W, b, o_start, n_steps):
    trajectory = []
    for _ in range(n_steps + 1):
        o_start = step(o_start, W, b)
        trajectory.append(o_start)
    return np.array(trajectory)

# %% [task-3-simulate] one row for each neuron
# hint: Rows and columns are swapped
def simulate(W, b, o_start, n_steps):
    trajectory = [o_start]
    for _ in range(n_steps):
        trajectory.append(step(trajectory[-1], W, b))
    return np.array(trajectory).T

# %% [task-3-simulate] one array appended again and again
# hint: Every row is the last one
def simulate(W, b, o_start, n_steps):
    o = np.array(o_start, dtype=float)
    trajectory = [o]
    for _ in range(n_steps):
        o[:] = step(o, W, b)
        trajectory.append(o)
    return np.array(trajectory)

# %% [task-3-simulate] only the last outputs
# hint: Only the last outputs are returned
def simulate(W, b, o_start, n_steps):
    for _ in range(n_steps):
        o_start = step(o_start, W, b)
    return o_start

# %% [task-3-simulate] always from the start
# hint: Every row is one step from the start
def simulate(W, b, o_start, n_steps):
    trajectory = [o_start]
    for _ in range(n_steps):
        trajectory.append(step(o_start, W, b))
    return np.array(trajectory)

# %% [task-3-simulate] start always zero
# hint: The network starts at zero
def simulate(W, b, o_start, n_steps):
    trajectory = np.zeros((n_steps + 1, len(o_start)))
    for k in range(n_steps):
        trajectory[k + 1] = step(trajectory[k], W, b)
    return trajectory

# %% [task-3-simulate] outputs cut to integers
# hint: The outputs were cut to integers
def simulate(W, b, o_start, n_steps):
    trajectory = np.array([o_start] * (n_steps + 1))
    for k in range(n_steps):
        trajectory[k + 1] = step(trajectory[k], W, b)
    return trajectory

# %% [task-3-simulate] o_start overwritten
# hint: o_start was changed in place
def simulate(W, b, o_start, n_steps):
    trajectory = [np.array(o_start, dtype=float)]
    for _ in range(n_steps):
        new = step(trajectory[-1], W, b)
        if o_start.dtype.kind == "f":
            o_start[:] = new
        trajectory.append(new)
    return np.array(trajectory)

# %% [task-3-simulate] one neuron squeezed away
# hint: One neuron still gives a table
def simulate(W, b, o_start, n_steps):
    trajectory = [o_start]
    for _ in range(n_steps):
        trajectory.append(step(trajectory[-1], W, b))
    return np.array(trajectory).squeeze()

# %% [task-4-phase] line instead of points
# hint: A line joins points that the network never visits
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.plot(trajectory[:, 0], trajectory[:, 1])
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] line with markers
# hint: A line joins points that the network never visits
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.plot(trajectory[:, 0], trajectory[:, 1], "o-")
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] neither line nor marks
# hint: No point is drawn
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.plot(trajectory[:, 0], trajectory[:, 1], linestyle="none")
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] axes swapped
# hint: The axes are swapped
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.scatter(trajectory[:, 1], trajectory[:, 0], s=1)
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] both outputs over time
# hint: These are both outputs over time
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.plot(trajectory, ".")
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] first output over time
# hint: This is o_1 over time
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.plot(trajectory[:, 0], ".")
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] rows taken for columns
# hint: Rows and columns are mixed up
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.scatter(trajectory[0][:2], trajectory[1][:2], s=1)
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] start left out
# hint: The first row is missing
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.scatter(trajectory[1:, 0], trajectory[1:, 1], s=1)
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] one label missing
# hint: Say what each axis shows
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.scatter(trajectory[:, 0], trajectory[:, 1], s=1)
    ax.set_xlabel("$o_1$")
    return ax

# %% [task-4-phase] labels swapped
# hint: The axis to the right shows o_1
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.scatter(trajectory[:, 0], trajectory[:, 1], s=1)
    ax.set(xlabel="$o_2$", ylabel="$o_1$")
    return ax

# %% [task-4-phase] nothing returned
# hint: End with return ax
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.scatter(trajectory[:, 0], trajectory[:, 1], s=1)
    ax.set(xlabel="$o_1$", ylabel="$o_2$")

# %% [task-4-phase] ax ignored
# hint: something was drawn elsewhere
def plot_phase(trajectory, ax=None):
    _, ax = plt.subplots()
    ax.scatter(trajectory[:, 0], trajectory[:, 1], s=1)
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] drawn into the current Axes instead of ax
# hint: something was drawn elsewhere
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    plt.scatter(trajectory[:, 0], trajectory[:, 1], s=1)
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-4-phase] last two neurons
# hint: The last two neurons are drawn
def plot_phase(trajectory, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.scatter(trajectory[:, -2], trajectory[:, -1], s=1)
    ax.set(xlabel="$o_1$", ylabel="$o_2$")
    return ax

# %% [task-5-lyapunov] without renormalising, logarithm at the end
# hint: The tangent vector is not brought back to length 1
def lyapunov(W, b, o_start, n_steps):
    o, v = o_start, np.ones(len(o_start))
    for _ in range(n_steps):
        o = step(o, W, b)
        v = (1 - o ** 2) * (W @ v)
    return np.log(np.linalg.norm(v)) / n_steps

# %% [task-5-lyapunov] without renormalising, logarithm in every step
# hint: The tangent vector is not brought back to length 1
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        o = step(o, W, b)
        v = (1 - o ** 2) * (W @ v)
        total += np.log(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] growth by quotients, without renormalising
# hint: 0 / 0 is not a number
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        o, old = step(o, W, b), v
        v = (1 - o ** 2) * (W @ v)
        total += np.log(np.linalg.norm(v) / np.linalg.norm(old))
    return total / n_steps

# %% [task-5-lyapunov] logarithm to base 2
# hint: This is the logarithm to base 2
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = (1 - o ** 2) * (W @ v)
        total += np.log2(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] logarithm to base 10
# hint: This is the logarithm to base 10
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = (1 - o ** 2) * (W @ v)
        total += np.log10(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] sum instead of mean
# hint: This is the sum over all steps
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = (1 - o ** 2) * (W @ v)
        total += np.log(np.linalg.norm(v))
    return total

# %% [task-5-lyapunov] mean factor without a logarithm
# hint: This is the mean factor itself
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = (1 - o ** 2) * (W @ v)
        total += np.linalg.norm(v)
    return total / n_steps

# %% [task-5-lyapunov] squared length
# hint: The squared length was used
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.sqrt(v @ v)
        o = step(o, W, b)
        v = (1 - o ** 2) * (W @ v)
        total += np.log(v @ v)
    return total / n_steps

# %% [task-5-lyapunov] derivative left out
# hint: The derivative of tanh is left out
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = W @ v
        total += np.log(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] derivative with the activity
# hint: with the output o, not with the activity
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        phi = W @ o + b
        o = step(o, W, b)
        v = (1 - phi ** 2) * (W @ v)
        total += np.log(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] derivative without the square
# hint: with the square
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = (1 - o) * (W @ v)
        total += np.log(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] derivative of the sigmoid
# hint: The tangent vector has become 0
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = o * (1 - o) * (W @ v)
        total += np.log(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] network stands still
# hint: The outputs stay at o_start
def lyapunov(W, b, o_start, n_steps):
    v, total = np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        v = (1 - o_start ** 2) * (W @ v)
        total += np.log(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] W transposed in the tangent vector
# hint: W is transposed in the step of v
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = (1 - o ** 2) * (v @ W)
        total += np.log(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] only for two neurons
# hint: the logarithm of the largest absolute eigenvalue
def lyapunov(W, b, o_start, n_steps):
    o, v, total = o_start, np.ones(2), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o = step(o, W, b)
        v = ((1 - o ** 2) * (W[:, :2] @ v))[:2] if len(o) == 2 else v
        total += np.log(np.linalg.norm(v))
    return total / n_steps

# %% [task-5-lyapunov] o_start overwritten
# hint: An argument was changed in place
def lyapunov(W, b, o_start, n_steps):
    v, total = np.ones(len(o_start)), 0.0
    for _ in range(n_steps):
        v = v / np.linalg.norm(v)
        o_start[:] = step(o_start, W, b)
        v = (1 - o_start ** 2) * (W @ v)
        total += np.log(np.linalg.norm(v))
    return total / n_steps
