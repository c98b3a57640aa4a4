"""The worked functions of unit 05 against SciPy and Keras, over random shapes, windows, strides and dtypes."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.grading import master

SOURCE = Path(__file__).resolve().parents[1] / "source" / "05-pooling" / "pooling.ipynb"
DTYPES = [np.uint8, np.int16, np.int64, np.float32, np.float64]
SIDES = st.integers(1, 4)
FEW = settings(max_examples=40, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def worked():
    """The functions of the solution cells."""
    names = {"np": np}
    for cell in master.read(SOURCE).cells:
        if cell.cell_type == "code" and (master.is_solution(cell) or master.grade_id(cell).startswith("given-")):
            exec(cell.source, names)
    return names


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


def random_image(rng, shape, dtype):
    """Pixels over the whole range of uint8, negative ones too where the type has them."""
    low = 0 if dtype == np.uint8 else -256
    return rng.uniform(low, 256, shape).astype(dtype)


@FEW
@given(
    kernel_shape=st.tuples(SIDES, SIDES),
    more=st.tuples(st.integers(0, 6), st.integers(0, 6)),
    stride=SIDES,
    padding=st.integers(0, 3),
    dtypes=st.tuples(st.sampled_from(DTYPES), st.sampled_from(DTYPES)),
    seed=st.integers(0, 2**32 - 1),
)
def test_convolution_agrees_with_scipy(worked, kernel_shape, more, stride, padding, dtypes, seed):
    rng = np.random.default_rng(seed)
    image = random_image(rng, np.add(kernel_shape, more), dtypes[0])
    kernel = random_image(rng, kernel_shape, dtypes[1])
    padded = np.pad(image.astype(float), padding)
    expected = scipy.signal.correlate2d(padded, kernel.astype(float), mode="valid")[::stride, ::stride]
    assert worked["convolve2d"](image, kernel, stride, padding) == pytest.approx(expected, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("mode", ["max", "mean"])
@FEW
@given(
    window=st.tuples(SIDES, SIDES),
    more=st.tuples(st.integers(0, 6), st.integers(0, 6)),
    stride=st.none() | st.tuples(SIDES, SIDES),
    dtype=st.sampled_from(DTYPES),
    seed=st.integers(0, 2**32 - 1),
)
def test_pooling_agrees_with_keras(worked, keras, mode, window, more, stride, dtype, seed):
    image = random_image(np.random.default_rng(seed), np.add(window, more), dtype)
    layer = {"max": keras.layers.MaxPooling2D, "mean": keras.layers.AveragePooling2D}[mode]
    pooled = layer(window, stride, padding="valid", dtype="float32")(image.astype("float32")[None, :, :, None])
    expected = np.asarray(pooled)[0, :, :, 0]
    assert worked["pool2d"](image, window, stride, mode) == pytest.approx(expected, rel=1e-4, abs=1e-3)


@FEW
@given(
    side=SIDES, step=SIDES, more=st.tuples(st.integers(0, 5), st.integers(0, 5)), mode=st.sampled_from(["max", "mean"])
)
def test_a_number_is_the_same_as_a_pair(worked, side, step, more, mode):
    image = random_image(np.random.default_rng(side), np.add((side, side), more), np.int64)
    one, two = worked["pool2d"](image, side, step, mode), worked["pool2d"](image, (side, side), (step, step), mode)
    assert one.tolist() == two.tolist()


@pytest.mark.parametrize(
    "arguments",
    [(3,), ((1, 5),), ((3, 1),), (0,), (2, 0), (2, (1, 0)), (2, -1), (2, 2, "min"), (2, 2, None)],
    ids=str,
)
def test_pooling_refuses(worked, arguments):
    with pytest.raises(ValueError):
        worked["pool2d"](np.ones((2, 4)), *arguments)


def test_shrinking_agrees_with_keras_on_the_photograph(worked, keras):
    from helpers.data import load_photo

    grey = worked["to_grayscale"](load_photo(source="standin"))
    assert grey.shape == (427, 640) and 0 <= grey.min() < grey.max() <= 1
    expected = np.asarray(keras.layers.MaxPooling2D(dtype="float32")(grey.astype("float32")[None, :, :, None]))
    assert worked["shrink"](grey) == pytest.approx(expected[0, :, :, 0], abs=1e-6)
