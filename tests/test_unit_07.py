"""The worked functions of unit 07 against Keras and scikit-learn; the bar of task 6 against a logistic regression."""

import csv
import dataclasses
import os
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from helpers.data import load_fashion_mnist
from helpers.grading import master

keras = pytest.importorskip("keras")

SOURCE = Path(__file__).resolve().parents[1] / "source" / "07-cnn-case-study" / "cnn_case_study.ipynb"
FEW = settings(max_examples=30, deadline=None, derandomize=True)
SIDES = st.integers(1, 5)
CHANNELS = st.integers(1, 9)


@pytest.fixture(scope="module")
def worked():
    """The functions of the solution cells, and what the given cells define."""
    names = {
        "np": np,
        "keras": keras,
        "csv": csv,
        "dataclasses": dataclasses,
        "time": time,
        "Path": Path,
        "load_fashion_mnist": load_fashion_mnist,
        "__name__": __name__,
    }
    for cell in master.read(SOURCE).cells:
        if cell.cell_type == "code" and (master.is_solution(cell) or master.grade_id(cell).startswith("given-")):
            exec(cell.source, names)
    return names


@FEW
@given(kernel=SIDES | st.tuples(SIDES, SIDES), channels=CHANNELS, filters=CHANNELS)
def test_parameters_of_a_convolution_agree_with_keras(worked, kernel, channels, filters):
    layer = keras.layers.Conv2D(filters, kernel)
    layer.build((None, 28, 28, channels))
    assert worked["conv2d_parameters"](kernel, channels, filters) == layer.count_params()


@FEW
@given(n_in=CHANNELS, n_out=CHANNELS)
def test_parameters_of_a_dense_layer_agree_with_keras(worked, n_in, n_out):
    layer = keras.layers.Dense(n_out)
    layer.build((None, n_in))
    assert worked["dense_parameters"](n_in, n_out) == layer.count_params()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"filters": (5,), "dense_units": ()},
        {"filters": (3, 4, 5), "kernel_size": 2, "dense_units": (8, 6)},
        {"filters": (4, 2), "kernel_size": 5, "padding": "valid", "pool_size": 3},
    ],
    ids=str,
)
def test_parameters_of_the_network_are_the_sum_over_its_layers(worked, changes):
    config = worked["CNNConfig"](**changes)
    model = worked["build_cnn"](config)
    counted, channels = 0, 1
    for filters in config.filters:
        counted += worked["conv2d_parameters"](config.kernel_size, channels, filters)
        channels = filters
    n_in = next(layer for layer in model.layers if isinstance(layer, keras.layers.Flatten)).output.shape[-1]
    for units in (*config.dense_units, 10):
        counted += worked["dense_parameters"](n_in, units)
        n_in = units
    assert counted == model.count_params()


@pytest.mark.parametrize("name", ["adam", "rmsprop", "adagrad", "sgd"])
def test_training_is_that_of_the_named_optimizer(worked, name):
    config = worked["CNNConfig"](filters=(3,), dense_units=(4,), dropout=0.0, optimizer=name, learning_rate=0.02)
    rng = np.random.default_rng(0)
    x, y = rng.random((12, 28, 28, 1), dtype="float32"), rng.integers(0, 10, 12)
    mine, other = worked["build_cnn"](config), worked["build_cnn"](config)
    kind = {"adam": "Adam", "rmsprop": "RMSprop", "adagrad": "Adagrad", "sgd": "SGD"}[name]
    other.compile(getattr(keras.optimizers, kind)(0.02), keras.losses.SparseCategoricalCrossentropy())
    other.set_weights(mine.get_weights())
    for model in (mine, other):
        model.fit(x, y, batch_size=12, epochs=2, shuffle=False, verbose=0)
    for got, expected in zip(mine.get_weights(), other.get_weights(), strict=True):
        assert got == pytest.approx(expected, rel=1e-4, abs=1e-6)


@FEW
@given(
    n=st.integers(1, 60),
    n_classes=st.integers(1, 12),
    dtype=st.sampled_from([np.uint8, np.int32, np.int64]),
    seed=st.integers(0, 2**32 - 1),
)
def test_confusion_precision_and_recall_agree_with_sklearn(worked, n, n_classes, dtype, seed):
    y_true, y_pred = np.random.default_rng(seed).integers(0, n_classes, (2, n)).astype(dtype)
    matrix = worked["confusion_matrix"](y_true, y_pred, n_classes)
    labels = range(n_classes)
    assert matrix.tolist() == sklearn.metrics.confusion_matrix(y_true, y_pred, labels=labels).tolist()
    expected = sklearn.metrics.precision_recall_fscore_support(y_true, y_pred, labels=labels, zero_division=0)[:2]
    assert np.array(worked["precision_recall"](matrix)) == pytest.approx(np.array(expected))


def test_results_survive_the_file(worked, tmp_path):
    rows = [
        {**dataclasses.asdict(worked["CNNConfig"](filters=filters)), "val_accuracy": 1 / 3, "note": 'a "b", c'}
        for filters in [(), (8,), (16, 32)]
    ]
    for row in rows:
        worked["append_result"](tmp_path / "results.csv", row)
    with open(tmp_path / "results.csv", newline="", encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == [{name: str(value) for name, value in row.items()} for row in rows]


def test_the_bar_lies_between_a_logistic_regression_and_the_worked_network(worked):
    """Bars of task 6: 85.5 % of the validation images, 86.5 % of the test images."""
    (x_train, y_train), val = worked["data"]
    test = worked["scaled"](worked["held_out"][0]), worked["held_out"][1]
    config = worked["best_config"]
    keras.utils.set_random_seed(1)
    model = worked["build_cnn"](config)
    model.fit(x_train, y_train, batch_size=config.batch_size, epochs=config.epochs, verbose=0)
    line = LogisticRegression(C=0.1, max_iter=100).fit(x_train.reshape(len(x_train), -1), y_train)
    for (images, labels), bar in ((val, 0.855), (test, 0.865)):
        assert line.score(images.reshape(len(images), -1), labels) < bar - 0.005
        right = np.argmax(model.predict(images, verbose=0), axis=1) == labels
        assert right.mean() >= bar + 0.005
