"""How the drawn garments compare with real Fashion-MNIST: writes docs/fashion-standin.md and docs/garments.png.

Logistic regression, a dense net and a small CNN (the default of unit 07) are trained on 720 images, real and drawn, and
on 60,000 drawn ones; the figures for 60,000 real images are published ones. It needs TensorFlow and 900 real images
(`fashion_mnist_900.npz`, arrays x and y, in the folder NN_COURSE_DATA). Four minutes of processor time.
"""

import os
from pathlib import Path

import numpy as np

from helpers import garments

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDS, DRAWN_SETS, SEEDS = 5, 2, 2
SMALL_EPOCHS, FULL_EPOCHS = 40, 10
FULL_TRAIN, FULL_TEST = 60_000, 10_000
MODELS = {"logistic regression": "0.84", "dense net": "0.88 to 0.90", "small CNN": "0.91 to 0.93"}


def predicted(model, x_train, y_train, x_test, epochs, seed):
    """The labels that a freshly trained model gives to `x_test`, ints (n,)."""
    if model == "logistic regression":
        from sklearn.linear_model import LogisticRegression

        fitted = LogisticRegression(max_iter=100).fit(x_train.reshape(len(x_train), -1) / 255, y_train)
        return fitted.predict(x_test.reshape(len(x_test), -1) / 255)
    import keras

    keras.utils.set_random_seed(seed)
    layers = keras.layers
    if model == "dense net":
        hidden = [layers.Flatten(), layers.Dense(128, activation="relu")]
    else:
        hidden = []
        for filters in (16, 32):
            hidden.append(layers.Conv2D(filters, 3, padding="same", activation="relu"))
            hidden.append(layers.MaxPooling2D(2))
        hidden += [layers.Flatten(), layers.Dropout(0.25), layers.Dense(64, activation="relu")]
    net = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), *hidden, layers.Dense(10, activation="softmax")]
    )
    net.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    net.fit(x_train[..., None], y_train, batch_size=128, epochs=epochs, verbose=0)
    return net.predict(x_test[..., None], batch_size=1000, verbose=0).argmax(axis=1)


def confusion(y, guessed):
    matrix = np.zeros((10, 10), dtype=int)
    np.add.at(matrix, (y, guessed), 1)
    return matrix


def five_fold(model, x, y):
    """One confusion matrix a fold; trained on four fifths, tested on the rest."""
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(x, y)
    return [
        confusion(y[test], predicted(model, x[train], y[train], x[test], SMALL_EPOCHS, seed))
        for seed, (train, test) in enumerate(folds)
    ]


def accuracy(matrices):
    shares = [matrix.trace() / matrix.sum() for matrix in matrices]
    return np.mean(shares), np.std(shares)


def pairs(matrix, n):
    """The `n` most confused pairs of classes with their share of all errors, most first."""
    both = matrix + matrix.T
    errors = matrix.sum() - matrix.trace()
    found = sorted(((both[i, j] / errors, i, j) for i in range(10) for j in range(i + 1, 10)), reverse=True)
    return [(f"{garments.NAMES[i]} and {garments.NAMES[j]}", share) for share, i, j in found[:n]]


def measure(x, y):
    """{model: (real 720, drawn 720, drawn full)}, each a list of confusion matrices."""
    drawn_sets = [garments.draw(len(y), np.random.default_rng(100 + number)) for number in range(DRAWN_SETS)]
    rng = np.random.default_rng(200)
    x_train, y_train = garments.draw(FULL_TRAIN, rng)
    x_test, y_test = garments.draw(FULL_TEST, rng)
    measured = {}
    for model in MODELS:
        real = five_fold(model, x, y)
        drawn = [matrix for images, labels in drawn_sets for matrix in five_fold(model, images, labels)]
        seeds = range(1 if model == "logistic regression" else SEEDS)
        full = [confusion(y_test, predicted(model, x_train, y_train, x_test, FULL_EPOCHS, seed)) for seed in seeds]
        measured[model] = (real, drawn, full)
        print(model, *(f"{np.mean(accuracy(part)[0]):.3f}" for part in measured[model]), flush=True)
    return measured


def report(measured):
    """The measurements as Markdown."""
    lines = [
        "# The drawn garments and the real ones",
        "",
        "The offline stand-in for Fashion-MNIST is drawn by `helpers/garments.py`. This page is made by",
        "`scripts/fashion_standin.py`; it says how far models get on the drawings and on real photographs.",
        "",
        "![Sixteen drawn garments of each class, a class a row in the order of the labels; dark is a high value]"
        "(garments.png)",
        "",
        "## Accuracy at the same number of training images",
        "",
        "| model | 720 real | 720 drawn | difference | 60,000 real, published | 60,000 drawn |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for model, published in MODELS.items():
        real, drawn, full = measured[model]
        (a, a_spread), (b, b_spread), (c, c_spread) = map(accuracy, (real, drawn, full))
        spread = f" ± {c_spread:.3f}" if len(full) > 1 else ""
        lines.append(
            f"| {model} | {a:.3f} ± {a_spread:.3f} | {b:.3f} ± {b_spread:.3f} | {100 * (b - a):+.1f} points "
            f"| {published} | {c:.3f}{spread} |"
        )
    lines += [
        "",
        "720: five-fold cross-validation on 900 images. The real ones are those of the picture in the README of",
        f"github.com/zalandoresearch/fashion-mnist, the drawn ones {DRAWN_SETS} sets from different seeds; ± is the",
        f"standard deviation over the folds. 60,000: tested on {FULL_TEST:,} other drawings; ± is the standard",
        f"deviation over {SEEDS} seeds of the net.",
        "",
        f"Nets: Adam (0.001), batches of 128, {SMALL_EPOCHS} epochs on 720 images, {FULL_EPOCHS} on 60,000.",
        "The dense net has one hidden layer of 128 neurons; the CNN is convolution 16, pooling, convolution 32,",
        "pooling, dropout 0.25, dense 64. Logistic regression: scikit-learn's defaults, 100 iterations.",
        "",
        "Published: the benchmark of Xiao, Rasul and Vollgraf (arXiv:1708.07747) for logistic regression; for the nets",
        "the table in the README named above, which has 0.900 for dense layers of 256, 128 and 64, and 0.916 to 0.925",
        "for two convolutions of about this size.",
        "",
        "## What is hard",
        "",
        "Share of all errors of the small CNN that fall on a pair of classes, in either direction.",
        "",
        "| rank | 720 real | 720 drawn | 60,000 drawn |",
        "| --- | --- | --- | --- |",
    ]
    ranked = [pairs(sum(matrices), 8) for matrices in measured["small CNN"]]
    for rank, row in enumerate(zip(*ranked, strict=True), start=1):
        lines.append(f"| {rank} | " + " | ".join(f"{name} {share:.0%}" for name, share in row) + " |")
    lines += ["", "Recall of the small CNN by class:", "", "| class | 720 real | 720 drawn | 60,000 drawn |"]
    lines.append("| --- | --- | --- | --- |")
    recalls = [sum(matrices).diagonal() / sum(matrices).sum(axis=1) for matrices in measured["small CNN"]]
    for name, *row in zip(garments.NAMES, *recalls, strict=True):
        lines.append(f"| {name} | " + " | ".join(f"{recall:.2f}" for recall in row) + " |")
    return "\n".join(lines) + "\n"


def picture(path, columns=16, scale=3):
    """The first drawn garments of each class, a class a row."""
    from PIL import Image

    images, labels = garments.draw(10 * columns, np.random.default_rng(1))
    rows = [np.concatenate(np.pad(images[labels == label], ((0, 0), (1, 1), (1, 1))), axis=1) for label in range(10)]
    whole = 255 - np.concatenate(rows)
    Image.fromarray(whole).resize((whole.shape[1] * scale, whole.shape[0] * scale), 0).save(path, optimize=True)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    with np.load(Path(os.environ["NN_COURSE_DATA"]) / "fashion_mnist_900.npz") as real_images:
        real_x, real_y = real_images["x"], real_images["y"]
    picture(DOCS / "garments.png")
    (DOCS / "fashion-standin.md").write_text(report(measure(real_x, real_y)), encoding="utf-8")
