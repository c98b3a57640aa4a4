"""Unit 04 on real MNIST: the assignment's worked solution against scikit-learn's BernoulliRBM, in one run.

10,000 training images, 100 hidden neurons, 10 epochs, learning rate 0.1, batches of 50; errors on 10,000 test images.
Prints held-out mean squared errors, what a logistic regression trained on originals recognises, PCA with 100
components, and CPU seconds, which count with one BLAS thread (OPENBLAS_NUM_THREADS=1). Needs real MNIST
(NN_COURSE_DATA or a network). Takes about a minute; nothing is written.
"""

import contextlib
import io
from pathlib import Path
from time import process_time

import numpy as np

from helpers.data import load_mnist
from helpers.grading import master

SOURCE = Path(__file__).resolve().parents[1] / "source" / "04-rbm" / "rbm.ipynb"
N_TRAIN, N_HIDDEN, EPOCHS, ETA, BATCH_SIZE = 10_000, 100, 10, 0.1, 50


def worked_functions() -> dict:
    """The functions of the assignment's solution cells and of the given ones they need, by name."""
    names = {"np": np, "load_mnist": load_mnist}
    for cell in master.read(SOURCE).cells:
        if cell.cell_type == "code" and (master.is_solution(cell) or master.grade_id(cell).startswith("given-")):
            exec(cell.source, names)
    return names


def main() -> None:
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import BernoulliRBM

    worked = worked_functions()
    (x, labels), (x_test, labels_test) = load_mnist("real")
    V, labels = x[:N_TRAIN].reshape(N_TRAIN, -1) / 255, labels[:N_TRAIN]
    V_test = x_test.reshape(len(x_test), -1) / 255
    judge = LogisticRegression(max_iter=200).fit(V, labels)

    def report(name, rebuilt):
        error, score = np.mean((V_test - rebuilt) ** 2), judge.score(rebuilt, labels_test)
        print(f"{name:28} held-out error {error:.4f}   recognised {score:.3f}")

    report("originals", V_test)
    begin = process_time()
    W, b, c, _ = worked["train_rbm"](V, N_HIDDEN, EPOCHS, ETA, BATCH_SIZE, np.random.default_rng(0))
    ours = process_time() - begin
    begin = process_time()
    for _ in range(EPOCHS):
        for start in range(0, N_TRAIN, BATCH_SIZE):
            batch = V[start : start + BATCH_SIZE]
            np.sum((batch - worked["reconstruct"](batch, W, b, c)) ** 2)
    measuring = process_time() - begin
    report("worked solution", worked["reconstruct"](V_test, W, b, c))

    settings = {"n_components": N_HIDDEN, "learning_rate": ETA, "batch_size": BATCH_SIZE, "n_iter": EPOCHS}
    machine = BernoulliRBM(**settings, random_state=0)
    begin = process_time()
    machine.fit(V)
    theirs = process_time() - begin
    with contextlib.redirect_stdout(io.StringIO()):
        begin = process_time()
        BernoulliRBM(**settings, random_state=0, verbose=1).fit(V)
        theirs_measured = process_time() - begin
    weights = machine.components_, machine.intercept_visible_, machine.intercept_hidden_
    report("BernoulliRBM", worked["reconstruct"](V_test, *weights))

    pca = PCA(N_HIDDEN, random_state=0).fit(V)
    report(f"PCA, {N_HIDDEN} components", pca.inverse_transform(pca.transform(V_test)))
    # BernoulliRBM measures only with verbose=1: the pseudo-likelihood of all samples after each epoch.
    for name, a, b in [
        ("training alone", ours - measuring, theirs),
        ("with a measurement each epoch", ours, theirs_measured),
    ]:
        print(f"{name}: {a:.1f} s of CPU worked solution, {b:.1f} s BernoulliRBM, ratio {b / a:.2f}")


if __name__ == "__main__":
    main()
