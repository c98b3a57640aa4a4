"""The worked functions of unit 02 against Keras, differences of the error, SciPy and scikit-learn."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss

from helpers.grading import master

SOURCE = Path(__file__).resolve().parents[1] / "source" / "02-backprop" / "backprop.ipynb"
KEYS = ("W1", "b1", "W2", "b2")
# (n, n_in, n_hidden, n_out): no two of the three sizes of a network are equal.
SIZES = [(1, 3, 2, 4), (2, 4, 3, 1), (17, 2, 5, 3)]


@pytest.fixture(scope="module")
def worked():
    """The functions of the solution cells, with what the notebook gives."""
    namespace = {"np": np}
    for cell in master.read(SOURCE).cells:
        if cell.cell_type == "code" and (master.is_solution(cell) or master.grade_id(cell).startswith("given-")):
            exec(cell.source, namespace)
    return namespace


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


def network(seed, n, n_in, n_hidden, n_out, scale=1.0):
    """Parameters, samples and 0/1 targets; a large `scale` saturates the neurons."""
    rng = np.random.default_rng(seed)
    params = {
        "W1": scale * rng.normal(size=(n_in, n_hidden)),
        "b1": scale * rng.normal(size=n_hidden),
        "W2": scale * rng.normal(size=(n_hidden, n_out)),
        "b2": scale * rng.normal(size=n_out),
    }
    return params, rng.normal(size=(n, n_in)), rng.integers(0, 2, (n, n_out))


def keras_network(keras, params):
    n_in, n_hidden = params["W1"].shape
    layers = [
        keras.layers.Dense(n_hidden, activation="sigmoid", dtype="float64"),
        keras.layers.Dense(params["W2"].shape[1], activation="sigmoid", dtype="float64"),
    ]
    model = keras.Sequential([keras.Input((n_in,), dtype="float64"), *layers])
    model.set_weights([params[key] for key in KEYS])
    return model


def keras_gradients(keras, model, X, targets):
    """E and its gradients by automatic differentiation. Keras's mean squared error has 1/n_out where E has 1/2."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        squared = keras.losses.MeanSquaredError(dtype="float64")(targets.astype(float), model(X))
        E = squared * targets.shape[1] / 2
    return float(E), [g.numpy() for g in tape.gradient(E, model.trainable_variables)]


def relative_error(got, expected):
    return np.linalg.norm(got - expected) / max(np.linalg.norm(expected), 1e-12)


@pytest.mark.parametrize("scale", [1, 4], ids=["ordinary", "near saturation"])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_forward_loss_and_backward_agree_with_keras(worked, keras, sizes, scale):
    params, X, targets = network(1, *sizes, scale)
    model = keras_network(keras, params)
    E, gradients = keras_gradients(keras, model, X, targets)
    output = worked["forward"](params, X)[1]
    assert output == pytest.approx(model(X).numpy(), rel=1e-6)
    assert worked["loss"](output, targets) == pytest.approx(E, rel=1e-6)
    for key, expected in zip(KEYS, gradients, strict=True):
        got = worked["backward"](params, X, targets)[key]
        assert got.shape == params[key].shape
        assert relative_error(got, expected) < 1e-6


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_training_agrees_with_gradient_descent_in_keras(worked, keras, sizes):
    params, X, targets = network(2, *sizes)
    model, errors = keras_network(keras, params), []
    for _ in range(5):
        E, gradients = keras_gradients(keras, model, X, targets)
        errors.append(E)
        for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
            variable.assign_sub(0.7 * gradient)
    trained, losses = worked["train"](params, X, targets, 0.7, 5)
    assert losses == pytest.approx(errors, rel=1e-6)
    for key, expected in zip(KEYS, model.get_weights(), strict=True):
        assert relative_error(trained[key], expected) < 1e-6


def by_differences(params, X, targets):
    """Gradients of E by central differences, with a forward pass of its own."""

    def error():
        hidden = scipy.special.expit(X @ params["W1"] + params["b1"])
        return np.sum((scipy.special.expit(hidden @ params["W2"] + params["b2"]) - targets) ** 2) / (2 * len(X))

    slopes = {}
    for key, value in params.items():
        slopes[key] = np.empty(value.shape)
        for place in np.ndindex(value.shape):
            kept, errors = value[place], []
            # Four points: the error of the differences stays below 1e-6 of slopes that differ by orders of magnitude.
            for shift in (-2e-3, -1e-3, 1e-3, 2e-3):
                value[place] = kept + shift
                errors.append(error())
            value[place] = kept
            slopes[key][place] = (errors[0] - 8 * errors[1] + 8 * errors[2] - errors[3]) / 12e-3
    return slopes


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=3, max_size=3, unique=True),
    n=st.sampled_from([1, 2, 17]),
    scale=st.sampled_from([0.3, 1, 3]),
    seed=st.integers(0, 2**32 - 1),
)
def test_backward_agrees_with_differences_of_the_error(worked, sizes, n, scale, seed):
    params, X, targets = network(seed, n, *sizes, scale)
    got, expected = worked["backward"](params, X, targets), by_differences(params, X, targets)
    everything = np.linalg.norm([np.linalg.norm(expected[key]) for key in KEYS])
    for key in KEYS:
        # Of a gradient that is tiny beside the others, the differences themselves know only the first digits.
        assert np.linalg.norm(got[key] - expected[key]) < 1e-6 * max(np.linalg.norm(expected[key]), 1e-3 * everything)


def test_saturated_neurons_have_no_gradient_and_no_warning(worked):
    params = {
        "W1": np.array([[1000.0, -1000.0, 1000.0]]),
        "b1": np.zeros(3),
        "W2": np.ones((3, 2)),
        "b2": np.full(2, 1000.0),
    }
    with np.errstate(all="raise", under="ignore"):
        gradients = worked["backward"](params, np.array([[1.0], [-1.0]]), np.zeros((2, 2)))
    assert all(np.all(gradients[key] == 0) for key in KEYS)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    shape=st.tuples(st.sampled_from([1, 2, 17]), st.integers(1, 7)),
    scale=st.sampled_from([1.0, 30.0, 1000.0]),
    seed=st.integers(0, 2**32 - 1),
)
def test_softmax_agrees_with_scipy(worked, shape, scale, seed):
    z = np.random.default_rng(seed).uniform(-scale, scale, shape)
    with np.errstate(all="raise", under="ignore"):
        got = worked["softmax"](z)
    assert got == pytest.approx(scipy.special.softmax(z, axis=1), rel=1e-9, abs=1e-300)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(n=st.sampled_from([1, 2, 17]), k=st.integers(2, 7), seed=st.integers(0, 2**32 - 1))
def test_cross_entropy_agrees_with_scikit_learn(worked, n, k, seed):
    rng = np.random.default_rng(seed)
    classes, probabilities = rng.integers(0, k, n), rng.dirichlet(np.ones(k), n)
    got = worked["cross_entropy"](np.eye(k, dtype=int)[classes], probabilities)
    assert got == pytest.approx(log_loss(classes, probabilities, labels=range(k)), rel=1e-9)


def test_cross_entropy_of_zeros_is_finite_and_large(worked):
    with np.errstate(all="raise"):
        assert worked["cross_entropy"](np.array([[0, 1]]), np.array([[0.0, 1.0]])) == 0
        assert 20 < worked["cross_entropy"](np.array([[0, 1]]), np.array([[1.0, 0.0]])) < 100


def test_delta_rule_reaches_the_least_squares_solution(worked):
    X = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0], [2.0, 1.0, 0.0]])
    targets, w = np.array([3.0, -1.0, 0.5]), np.zeros(3)
    for _ in range(2000):
        for x, target in zip(X, targets, strict=True):
            w = worked["delta_rule_step"](w, x, target, 0.1)
    assert w == pytest.approx(np.linalg.solve(X, targets), rel=1e-6)


def test_equal_start_weights_stay_equal_and_do_not_learn_xor(worked):
    X, targets = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    equal = {"W1": np.full((2, 3), 0.5), "b1": np.zeros(3), "W2": np.full((3, 1), 0.5), "b2": np.zeros(1)}
    learned, losses = worked["train"](equal, X, targets, 5, 1500)
    assert np.ptp(learned["W1"], axis=1) == pytest.approx([0, 0], abs=1e-9)
    # What the model answer of task 8 says, and the lecture notebook shows.
    assert losses[-1] == pytest.approx(0.085, abs=5e-4)
