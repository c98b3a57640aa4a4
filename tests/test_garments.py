"""The drawn garments: the same everywhere, shaped like the real ones, and as hard to tell apart."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from sklearn.linear_model import LogisticRegression

from helpers import garments

pytestmark = pytest.mark.filterwarnings("ignore:lbfgs failed to converge")
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "fashion_mnist_900.npz"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the 900 real images are not in ../shared/data")


@pytest.fixture(scope="module")
def drawn():
    return garments.draw(3600, np.random.default_rng(11))


@pytest.fixture(scope="module")
def real():
    with np.load(REAL, allow_pickle=False) as file:
        return file["x"], file["y"]


def read(x_train, y_train, x_test):
    model = LogisticRegression(max_iter=100).fit(x_train.reshape(len(x_train), -1) / 255, y_train)
    return model.predict(x_test.reshape(len(x_test), -1) / 255)


def test_names_are_the_published_ones_in_order():
    # The table "Labels" in the README of github.com/zalandoresearch/fashion-mnist.
    published = "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot"
    assert list(garments.NAMES) == published.split(",")


@pytest.mark.parametrize("n", [0, 1, 10, 23, 2510])
def test_shapes_types_and_equal_classes(n):
    images, labels = garments.draw(n, np.random.default_rng(n))
    assert images.shape == (n, 28, 28) and labels.shape == (n,)
    assert images.dtype == labels.dtype == np.uint8
    counts = np.bincount(labels, minlength=10)
    assert len(counts) == 10 and counts.max() - counts.min() <= 1


def test_the_seed_decides_everything(drawn):
    again = garments.draw(3600, np.random.default_rng(11))
    np.testing.assert_array_equal(again[0], drawn[0])
    np.testing.assert_array_equal(again[1], drawn[1])
    assert not np.array_equal(garments.draw(3600, np.random.default_rng(12))[0], drawn[0])


def test_classes_come_in_random_order(drawn):
    labels = drawn[1].astype(int)
    follows = np.zeros((10, 10))
    np.add.at(follows, (labels[:-1], labels[1:]), 1)
    # 3,600 pairs over 100 cells: 36 each, standard deviation 6.
    assert follows.min() > 6 and follows.max() < 66


def test_no_two_are_alike(drawn):
    assert len(np.unique(drawn[0].reshape(3600, -1), axis=0)) == 3600


def test_each_garment_fills_its_frame(drawn):
    images, labels = drawn
    ink = images > 10
    height, width = ink.any(axis=2).sum(axis=1), ink.any(axis=1).sum(axis=1)
    for label, name in enumerate(garments.NAMES):
        mine = labels == label
        along = width if name in ("Sandal", "Sneaker", "Ankle boot") else height
        if name == "Bag":
            along = np.maximum(height, width)
        assert np.median(along[mine]) >= 26, name
        assert (along[mine] >= 20).mean() > 0.97, name
        assert (ink[mine].mean(axis=(1, 2)) > 0.05).all(), name
    assert (images.reshape(3600, -1).max(axis=1) > 60).mean() > 0.99


def test_a_line_through_points_is_linear_interpolation():
    rng = np.random.default_rng(4)
    t = np.linspace(-2, 30, 57)
    stops, values = np.sort(rng.uniform(0, 28, 5)), rng.normal(size=5)
    ours = garments._along(t, *zip(stops, values, strict=True))
    np.testing.assert_allclose(ours, np.interp(t, stops, values), atol=1e-5)


def test_a_stroke_covers_what_pillow_draws():
    # Drawn 16 times larger by Pillow and averaged: an independent coverage of each pixel.
    scale = 16
    large = Image.new("L", (28 * scale, 28 * scale))
    start, end, radius = (5.0, 21.0), (22.0, 7.5), 2.5
    draw = ImageDraw.Draw(large)
    draw.line([tuple(scale * c for c in point) for point in (start, end)], fill=255, width=int(2 * radius * scale))
    for x, y in (start, end):
        draw.ellipse([scale * (x - radius), scale * (y - radius), scale * (x + radius), scale * (y + radius)], fill=255)
    expected = np.asarray(large).reshape(28, scale, 28, scale).mean(axis=(1, 3)) / 255
    x, y = garments._X + 0 * garments._Y, garments._Y + 0 * garments._X
    ours = garments._stroke(x, y, start, end, radius)[0]
    assert np.abs(ours - expected).max() < 0.2
    assert ours.sum() == pytest.approx(expected.sum(), rel=0.02)


def test_logistic_regression_scores_as_on_real_images(drawn):
    # 0.812 on 900 real images in five-fold cross-validation, which trains on 720: docs/fashion-standin.md
    images, labels = drawn
    shares, errors = [], np.zeros((10, 10))
    for fold in range(4):
        train = slice(900 * fold, 900 * fold + 720)
        test = np.delete(np.arange(3600), np.r_[train])[:1500]
        guessed = read(images[train], labels[train], images[test])
        shares.append((guessed == labels[test]).mean())
        np.add.at(errors, (labels[test], guessed), guessed != labels[test])
    assert np.mean(shares) == pytest.approx(0.812, abs=0.04)
    # Shirt, T-shirt, pullover and coat are taken for each other more often than all other classes together.
    tops = [0, 2, 4, 6]
    assert errors[np.ix_(tops, tops)].sum() > 0.5 * errors.sum()
    assert errors.sum(axis=1).argmax() == 6


@needs_real
def test_the_average_garment_resembles_the_real_one_of_its_class(drawn, real):
    (images, labels), (x, y) = drawn, real
    ours = [images[labels == label].mean(axis=0).ravel() for label in range(10)]
    theirs = [x[y == label].mean(axis=0).ravel() for label in range(10)]
    alike = np.corrcoef(theirs, ours)[:10, 10:]
    assert alike.diagonal().min() > 0.85


@needs_real
def test_who_learned_on_drawings_recognises_real_garments(drawn, real):
    guessed = read(*drawn, real[0])
    assert (guessed == real[1]).mean() > 0.5  # one tenth by chance
