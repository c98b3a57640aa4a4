"""Own imports, prints, progress on stderr and warnings from right code."""

# %% [extra]
import sys
import warnings

warnings.simplefilter("always")
warnings.warn("my own warning")
print("starting", file=sys.stderr)

# %% [task-2-sigmoid-relu]
import numpy as numpy


def sigmoid(phi):
    print("sigmoid of", phi)
    with numpy.errstate(over="ignore"):
        return 1 / (1 + numpy.exp(-numpy.asarray(phi, dtype=float)))


def relu(phi):
    phi = numpy.array(phi, dtype=float)
    phi[phi < 0] = 0
    return phi

# %% [task-3-predict]
def predict(w, X):
    warnings.warn("predict was called", DeprecationWarning)
    phi = np.inner(X, w[1:]) + w[0]
    print("activities", phi, file=sys.stderr)
    return (phi > 0) * 1

# %% [task-5-train]
from time import perf_counter


def train_perceptron(X, targets, max_epochs=100, w=None, verbose=True):
    start = perf_counter()
    w = np.zeros(X.shape[1] + 1) if w is None else w.copy()
    errors = []
    for epoch in range(1, max_epochs + 1):
        wrong = 0
        for x, target in zip(X, targets):
            if predict(w, x[None])[0] != target:
                wrong += 1
                w[:] = perceptron_step(w, x, target)
        errors.append(wrong)
        if verbose:
            print(f"\repoch {epoch}: {wrong} wrong", end="", file=sys.stderr)
        if wrong == 0:
            break
    print(f"\n{perf_counter() - start:.3f} s")
    return w, errors
