"""Unit 03: the worked optimizers against the published oracle, a second implementation and Keras."""

import inspect
import math
import os
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.grading import master

SOURCE = Path(__file__).parents[1] / "source/03-irprop/irprop.ipynb"
# Keras keeps its settings as float32 even where the weights are float64; these are exact there.
ETA, BETA, BETA2, EPS = 1 / 32, 7 / 8, 255 / 256, 1 / 1024
CLOSE = {"rtol": 1e-10, "atol": 1e-12}


@pytest.fixture(scope="module")
def worked():
    """The names that the worked solution and its given cells define."""
    names = {}
    for cell in master.read(SOURCE).cells:
        identifier = master.grade_id(cell)
        given_code = identifier in ("imports", "given-network")
        if given_code or (master.is_solution(cell) and cell.cell_type == "code"):
            exec(cell.source, names)
    return names


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return pytest.importorskip("keras")


def one_weight(w, g, remembered, size, eta_plus=1.2, eta_minus=0.5, step_min=1e-6, step_max=50.0):
    """iRprop- for a single weight, written from the pseudocode of Igel and Huesken (2000)."""
    if g * remembered > 0:
        size = min(size * eta_plus, step_max)
    elif g * remembered < 0:
        size = max(size * eta_minus, step_min)
        g = 0.0
    if g > 0:
        w -= size
    elif g < 0:
        w += size
    return w, g, size


def weight_by_weight(w, grad, remembered, size, **settings):
    rows = zip(*(np.ravel(a).tolist() for a in (w, grad, remembered, size)), strict=True)
    results = np.array([one_weight(*row, **settings) for row in rows]).reshape(-1, 3)
    return [results[:, column].reshape(np.shape(w)) for column in range(3)]


def test_irprop_reproduces_the_published_oracle(worked):
    steepness = np.array([1, 10, 0.1, 3])
    w, remembered, size = np.array([1.5, -2, 0.3, 4]), np.zeros(4), np.full(4, 0.1)
    for _ in range(12):
        w, remembered, size = worked["irprop_minus_step"](w, steepness * w, remembered, size)
    assert w == pytest.approx([-0.060329, -0.135101, 0.0008, 0.041950], abs=5e-7)


def test_irprop_equals_a_second_implementation_over_1000_random_steps(worked):
    chance = random.Random(3)
    mine = theirs = [np.zeros((4, 3)), np.zeros((4, 3)), np.full((4, 3), 0.1)]
    seen = {"same": 0, "changed": 0, "zero": 0, "largest": 0, "smallest": 0}
    for step in range(1000):
        # Long runs of one sign reach step_max, long runs of alternating signs reach step_min.
        sign = [1, (-1) ** step, chance.choice([-1, 1])][step // 100 % 3]
        drawn = [sign * chance.choice([0.0, 1e-3, 1.0, 40.0, 0.5, 2.0, 3.0]) for _ in range(12)]
        grad = np.reshape([g if chance.random() < 0.9 else -g for g in drawn], (4, 3))
        product = grad * mine[1]
        mine = worked["irprop_minus_step"](mine[0], grad, mine[1], mine[2])
        theirs = weight_by_weight(theirs[0], grad, theirs[1], theirs[2])
        for a, b in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)
        seen["same"] += np.sum(product > 0)
        seen["changed"] += np.sum(product < 0)
        seen["zero"] += np.sum(product == 0)
        seen["largest"] += np.sum(mine[2] == 50.0)
        seen["smallest"] += np.sum(mine[2] == 1e-6)
    assert min(seen.values()) > 20, seen


# Gradients whose product neither over- nor underflows, zeros among them.
gradients = st.one_of(st.just(0.0), st.floats(-1e6, 1e6).filter(lambda g: abs(g) > 1e-6))


@settings(max_examples=200, deadline=None)
@given(data=st.data(), shape=st.sampled_from([(1,), (5,), (2, 3), (1, 1), (0,)]))
def test_irprop_equals_a_second_implementation_for_any_arrays(worked, data, shape):
    w = data.draw(arrays(float, shape, elements=st.floats(-100, 100)))
    grad, remembered = (data.draw(arrays(float, shape, elements=gradients)) for _ in range(2))
    size = data.draw(arrays(float, shape, elements=st.floats(0.01, 2.0)))
    limits = {
        "eta_plus": data.draw(st.floats(1.0, 3.0)),
        "eta_minus": data.draw(st.floats(0.1, 1.0)),
        "step_min": data.draw(st.floats(1e-6, 0.01)),
        "step_max": data.draw(st.floats(2.0, 50.0)),
    }
    mine = worked["irprop_minus_step"](w, grad, remembered, size, **limits)
    for a, b in zip(mine, weight_by_weight(w, grad, remembered, size, **limits), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_a_weight_stands_still_once_after_a_change_of_sign_and_then_goes_on(worked):
    step = worked["irprop_minus_step"]
    still = step(np.array([1.0]), np.array([-2.0]), np.array([3.0]), np.array([0.4]))
    assert [a.item() for a in still] == [1.0, 0.0, 0.2]
    onward = step(still[0], np.array([-2.0]), still[1], still[2])
    assert [a.item() for a in onward] == [1.2, -2.0, 0.2]


def central_differences(error, params, h=1e-6):
    gradients = {}
    for name, array in params.items():
        gradients[name] = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            shifted = []
            for sign in (1, -1):
                moved = {key: value.copy() for key, value in params.items()}
                moved[name][place] += sign * h
                shifted.append(error(moved))
            gradients[name][place] = (shifted[0] - shifted[1]) / (2 * h)
    return gradients


def plain_error(params, X, targets):
    """The network's error, neuron by neuron."""

    def layer(inputs, W, b):
        sums = [b[j] + sum(i * W[n][j] for n, i in enumerate(inputs)) for j in range(len(b))]
        return [1 / (1 + math.exp(-phi)) for phi in sums]

    total = 0.0
    for x, t in zip(X, targets, strict=True):
        output = layer(layer(x, params["W1"], params["b1"]), params["W2"], params["b2"])
        total += sum((o - target) ** 2 for o, target in zip(output, t, strict=True)) / 2
    return total / len(X)


@pytest.fixture
def problem():
    rng = np.random.default_rng(5)
    shapes = {"W1": (3, 4), "b1": (4,), "W2": (4, 2), "b2": (2,)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return params, rng.normal(size=(7, 3)), rng.integers(0, 2, (7, 2))


def test_given_network_agrees_with_plain_loops_and_central_differences(worked, problem):
    params, X, targets = problem
    assert worked["loss"](worked["forward"](params, X)[1], targets) == pytest.approx(plain_error(*problem), rel=1e-12)
    expected = central_differences(lambda moved: plain_error(moved, X, targets), params)
    for name, gradient in worked["backward"](params, X, targets).items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-6, atol=1e-9)


def test_training_equals_weight_by_weight_steps_on_central_differences(worked, problem):
    start, X, targets = problem
    params, losses = worked["train_irprop_minus"](start, X, targets, epochs=10, initial_step=0.2)
    expected, errors = dict(start), []
    memory = {name: (np.zeros(a.shape), np.full(a.shape, 0.2)) for name, a in start.items()}
    for _ in range(10):
        errors.append(plain_error(expected, X, targets))
        slopes = central_differences(lambda moved: plain_error(moved, X, targets), expected)
        for name in expected:
            expected[name], *memory[name] = weight_by_weight(expected[name], slopes[name], *memory[name])
    assert losses == pytest.approx(errors, rel=1e-9)
    for name in params:
        np.testing.assert_allclose(params[name], expected[name], rtol=1e-9)


def test_training_learns_xor_from_every_start_of_the_picture(worked):
    X, targets = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    rng = np.random.default_rng(3)
    shapes = {"W1": (2, 4), "b1": (4,), "W2": (4, 1), "b2": (1,)}
    for _ in range(10):
        start = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        assert worked["train_irprop_minus"](start, X, targets, 200)[1][-1] < 0.001


START = np.array([0.5, -1.0, 2.0, 0.25])


def slopes(steps=20):
    return np.random.default_rng(7).normal(size=(steps, 4))


def keras_path(keras, optimizer, gradients):
    """The weights after each step of a Keras optimizer, in float64."""
    w, seen = keras.Variable(START, dtype="float64"), []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float64")], [w])
        seen.append(keras.ops.convert_to_numpy(w))
    return np.array(seen)


def path(step, memory, gradients):
    w, seen = START, []
    for t, gradient in enumerate(gradients, 1):
        w, *memory = step(w, gradient, *memory, t)
        seen.append(w)
    return np.array(seen)


def test_momentum_is_that_of_keras_with_eta_rescaled(worked, keras):
    """Keras sums up (m = beta m - eta g), the unit takes a mean: its eta is Keras's divided by 1 - beta."""
    mine = path(lambda w, g, m, t: worked["momentum_step"](w, g, m, ETA, BETA), [0 * START], slopes())
    theirs = keras_path(keras, keras.optimizers.SGD(ETA * (1 - BETA), momentum=BETA), slopes())
    np.testing.assert_allclose(mine, theirs, **CLOSE)
    same_eta = keras_path(keras, keras.optimizers.SGD(ETA, momentum=BETA), slopes())
    np.testing.assert_allclose(START - same_eta, (START - mine) / (1 - BETA), **CLOSE)


def test_rmsprop_is_that_of_keras_where_eps_does_not_count(worked, keras):
    mine = path(lambda w, g, v, t: worked["rmsprop_step"](w, g, v, ETA, BETA, 1e-15), [0 * START], slopes())
    theirs = keras_path(keras, keras.optimizers.RMSprop(ETA, rho=BETA, epsilon=1e-30), slopes())
    np.testing.assert_allclose(mine, theirs, **CLOSE)


def test_rmsprop_of_keras_has_its_eps_inside_the_root(worked, keras):
    tiny = slopes(1) * EPS
    theirs = keras_path(keras, keras.optimizers.RMSprop(ETA, rho=BETA, epsilon=EPS), tiny)[0]
    v = (1 - BETA) * tiny[0] ** 2
    np.testing.assert_allclose(theirs, START - ETA * tiny[0] / np.sqrt(v + EPS), **CLOSE)
    mine, _ = worked["rmsprop_step"](START, tiny[0], 0 * START, ETA, BETA, EPS)
    np.testing.assert_allclose(mine, START - ETA * tiny[0] / (np.sqrt(v) + EPS), **CLOSE)
    assert np.max(np.abs(mine - theirs)) > 1e-3


def test_adam_is_that_of_keras_where_eps_does_not_count(worked, keras):
    def step(w, g, m, v, t):
        return worked["adam_step"](w, g, m, v, t, ETA, BETA, BETA2, eps=1e-15)

    mine = path(step, [0 * START, 0 * START], slopes())
    theirs = keras_path(keras, keras.optimizers.Adam(ETA, BETA, BETA2, epsilon=1e-15), slopes())
    np.testing.assert_allclose(mine, theirs, **CLOSE)


def test_adam_of_keras_adds_eps_before_the_correction(worked, keras):
    """So Keras's eps is the unit's times the root of 1 - beta2^t, for every step t."""
    tiny = slopes() * EPS
    theirs = keras_path(keras, keras.optimizers.Adam(ETA, BETA, BETA2, epsilon=EPS), tiny)

    def step(w, g, m, v, t):
        return worked["adam_step"](w, g, m, v, t, ETA, BETA, BETA2, EPS)

    def rescaled(w, g, m, v, t):
        return worked["adam_step"](w, g, m, v, t, ETA, BETA, BETA2, EPS / math.sqrt(1 - BETA2**t))

    np.testing.assert_allclose(path(rescaled, [0 * START, 0 * START], tiny), theirs, **CLOSE)
    assert np.max(np.abs(path(step, [0 * START, 0 * START], tiny) - theirs)) > 1e-3


def test_adam_corrects_with_the_power_of_beta_not_with_beta(worked):
    """The slide's 1 - beta is right in the first step only; afterwards it is too small."""
    zero, g = np.zeros(1), np.array([2.0])
    w, m, v = worked["adam_step"](zero, g, zero, zero, 1, eta=0.1)
    assert w == pytest.approx([-0.1], rel=1e-6)
    assert (m / (1 - 0.9)).item() == pytest.approx(2.0)
    # With a gradient that stays the same, every corrected step is eta long.
    for t in range(2, 30):
        before = w
        w, m, v = worked["adam_step"](w, g, m, v, t, eta=0.1)
        assert before - w == pytest.approx([0.1], rel=1e-6)
    assert m.item() / (1 - 0.9) > 10


def test_defaults_are_those_of_the_contract(worked):
    contract = {
        "irprop_minus_step": {"eta_plus": 1.2, "eta_minus": 0.5, "step_min": 1e-6, "step_max": 50.0},
        "train_irprop_minus": {"initial_step": 0.1},
        "momentum_step": {"eta": 0.01, "beta": 0.9},
        "rmsprop_step": {"eta": 0.001, "alpha": 0.9, "eps": 1e-8},
        "adam_step": {"eta": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    }
    for name, expected in contract.items():
        parameters = inspect.signature(worked[name]).parameters.values()
        assert {p.name: p.default for p in parameters if p.default is not p.empty} == expected
