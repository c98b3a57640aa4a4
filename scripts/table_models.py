"""Logistic regression, boosted trees and a network on tables, stored in helpers/assets/table_models.csv.

The lecture "Technical Applications and Data Management" compares the three on "randomly generated" tables, 50,000 rows
with 20 columns and 500,000 with 30, and does not name the generator. Here it is scikit-learn's
`make_classification`: clouds of points around the corners of a hypercube, half of the clouds to each class, mixed by
random matrices, 4 % of the labels drawn at random. A third table has labels made by thresholds on single columns, which
is what trees ask for. `TABLES` holds the numbers; the seed of draw s is s. 80 % of the rows to train, 20 % to judge.

One row: table, rows, columns, draw, model, accuracy on the unseen rows, seconds of one processor for training, scaling
included (other programs on the machine do not count). Takes about 5 minutes.
"""

import csv
import os
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

TARGET = Path(__file__).resolve().parents[1] / "helpers" / "assets" / "table_models.csv"
COLUMNS = ["table", "rows", "columns", "draw", "model", "accuracy", "seconds"]
DRAWS = 3
TABLES = {
    "clouds, few": {"n_samples": 50_000, "n_features": 20, "n_informative": 5, "n_redundant": 5,
                    "n_clusters_per_class": 2, "class_sep": 1.75, "flip_y": 0.04},
    "clouds, many": {"n_samples": 500_000, "n_features": 30, "n_informative": 20, "n_redundant": 5,
                     "n_clusters_per_class": 6, "class_sep": 1.2, "flip_y": 0.04},
    "thresholds": {"n_samples": 50_000, "n_features": 20, "flip_y": 0.04},
}  # fmt: skip


def table(name, draw, n_samples=None):
    """X (n, columns) float32 and y (n,) of 0 and 1; `n_samples` replaces the size in `TABLES`."""
    numbers = TABLES[name] | ({"n_samples": n_samples} if n_samples else {})
    if name != "thresholds":
        from sklearn.datasets import make_classification

        X, y = make_classification(**numbers, random_state=draw)
        return X.astype(np.float32), y
    rng = np.random.default_rng(draw)
    n = numbers["n_samples"]
    X = rng.normal(size=(n, numbers["n_features"])).astype(np.float32)
    # An odd number of the first three columns above its threshold.
    y = (X[:, :3] > rng.uniform(-1, 1, 3)).sum(axis=1) % 2
    drawn = rng.random(n) < numbers["flip_y"]
    y[drawn] = rng.integers(0, 2, drawn.sum())
    return X, y


def logistic_regression(X, y):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X, y).predict


def boosted_trees(X, y, rounds=100):
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=rounds, random_state=0).fit(X, y).predict


def boosted_trees_500(X, y):
    return boosted_trees(X, y, rounds=500)


def network(X, y, epochs=20):
    """Two hidden layers of 64 neurons, ReLU, Adam, batches of 256."""
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(0)
    scale = keras.layers.Normalization()
    scale.adapt(X)
    hidden = [keras.layers.Dense(64, activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input(X.shape[1:]), scale, *hidden, keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(X, y, batch_size=256, epochs=epochs, verbose=0)
    return lambda unseen: model.predict(unseen, batch_size=5000, verbose=0)[:, 0] > 0.5


MODELS = {
    "logistic regression": logistic_regression,
    "boosted trees": boosted_trees,
    "boosted trees, 500 rounds": boosted_trees_500,
    "network, 20 epochs": network,
}


def measure(name, draw, model, n_samples=None):
    """(rows, columns, accuracy on the last fifth of the rows, seconds of training)."""
    X, y = table(name, draw, n_samples)
    split = len(X) * 4 // 5
    start = time.process_time()
    predict = MODELS[model](X[:split], y[:split])
    seconds = time.process_time() - start
    return *X.shape, float(np.mean(predict(X[split:]) == y[split:])), seconds


def main():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    lines = []
    for name in TABLES:
        for draw in range(DRAWS):
            for model in MODELS:
                rows, columns, accuracy, seconds = measure(name, draw, model)
                lines.append([name, rows, columns, draw, model, f"{accuracy:.4f}", f"{seconds:.2f}"])
                print(*lines[-1], sep="  ", flush=True)
    with open(TARGET, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *lines])


if __name__ == "__main__":
    main()
