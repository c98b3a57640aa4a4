"""Transferred backbone against the same network from scratch, stored in helpers/assets/transfer_curves.csv.

Few images per class of handwritten digits, 300 updates with 32 images each. Transferred: 150 updates of the new head
alone (Adam, rate 1e-2), then 150 updates of head and unfrozen layers (rate 1e-4), batch normalisation frozen. From
scratch: the same network with random weights, all of it trained for 300 updates (rate 1e-3). The accuracy on the test
images of the source is measured every 25 updates. Seed s draws the training images, their order and the start.

One row: source, images per class, frozen convolutions (of 8, counted from the input; "scratch" for a network that was
not trained before, "pixels" for a logistic regression on the same images), seed, updates, accuracy. Without arguments:
the stand-in, 5 seeds. `transfer_curves.py real 5` needs the real MNIST and takes less of all: its first 1,000 test
images, 1, 5, 10 and 20 images per class, all frozen and none. Takes about 15 minutes on two cores that have nothing
else to do.
"""

import csv
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.linear_model import LogisticRegression

from helpers import backbone, data

TARGET = Path(backbone.__file__).parent / "assets" / "transfer_curves.csv"
COLUMNS = ["source", "per_class", "frozen", "seed", "updates", "accuracy"]
PER_CLASS = {"standin": (1, 2, 5, 10, 20, 50), "real": (1, 5, 10, 20)}
FROZEN = {"standin": (8, 7, 5, 2, 0), "real": (8, 0)}
BATCH, EVERY, HEAD_UPDATES, UPDATES = 32, 25, 150, 300
HEAD_RATE, FINE_RATE, SCRATCH_RATE = 1e-2, 1e-4, 1e-3


class Learner:
    """A body with a new head for ten classes, compiled once, since compiling takes longer than a training."""

    def __init__(self, weights, n_frozen, rate):
        body = backbone.load_backbone(weights=weights)
        convolutions = [layer for layer in body.layers if isinstance(layer, layers.Conv2D)]
        if weights is not None:  # all batch normalisation is frozen too
            for layer in body.layers:
                layer.trainable = layer in convolutions[n_frozen:]
        inputs = keras.Input(body.input_shape[1:])
        x = body(inputs, training=None if weights is None else False)
        x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
        self.model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
        self.model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
        self.model.optimizer.build(self.model.trainable_variables)
        self.optimizer_start = [variable.numpy() for variable in self.model.optimizer.variables]

    def curve(self, start, updates, few, test, rng):
        """Train from the weights `start`; the accuracies on the test images after every 25 updates."""
        self.model.set_weights(start)
        for variable, value in zip(self.model.optimizer.variables, self.optimizer_start, strict=True):
            variable.assign(value)
        accuracies = []
        for i, rows in enumerate(np.split(order(len(few[0]), updates, rng), updates)):
            self.model.train_on_batch(few[0][rows], few[1][rows])
            if (i + 1) % EVERY == 0:
                accuracies.append(self.accuracy(test))
        return accuracies

    def accuracy(self, test):
        return float(np.mean(self.model.predict_on_batch(test[0]).argmax(axis=1) == test[1]))


def order(n, updates, rng):
    """Row numbers for that many updates, every image used equally often."""
    passes = -(-updates * BATCH // n)
    return np.concatenate([rng.permutation(n) for _ in range(passes)])[: updates * BATCH]


def few_images(images, labels, per_class, rng):
    rows = np.concatenate([rng.choice(np.flatnonzero(labels == c), per_class, replace=False) for c in range(10)])
    return images[rows], labels[rows]


def by_pixels(few, test):
    regression = LogisticRegression(max_iter=1000).fit(few[0].reshape(len(few[0]), -1), few[1])
    return regression.score(test[0].reshape(len(test[0]), -1), test[1])


def new_weights(weights, seed):
    """The body's weights (random ones for None) and those of a random head, as one list."""
    keras.utils.set_random_seed(seed)
    return Learner(weights, 8, HEAD_RATE).model.get_weights()


def main(source="standin", seeds=5):
    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    (images, labels), (test_images, test_labels) = data.load_mnist(source)
    images, test = backbone.preprocess(images), (backbone.preprocess(test_images[:1000]), test_labels[:1000])
    scratch, head = Learner(None, 0, SCRATCH_RATE), Learner("trained", 8, HEAD_RATE)
    fine = {n_frozen: Learner("trained", n_frozen, FINE_RATE) for n_frozen in FROZEN[source]}
    rows = []
    for seed in range(int(seeds)):
        random, trained = new_weights(None, seed), new_weights("trained", seed)
        for per_class in PER_CLASS[source]:
            begin = time.monotonic()
            few = few_images(images, labels, per_class, np.random.default_rng(seed))
            rng = np.random.default_rng(seed + 1000)
            head_curve = head.curve(trained, HEAD_UPDATES, few, test, rng)
            after_head, state = head.model.get_weights(), rng.bit_generator.state
            curves = {"scratch": scratch.curve(random, UPDATES, few, test, np.random.default_rng(seed + 1000))}
            for n_frozen, learner in fine.items():
                rng.bit_generator.state = state
                curves[n_frozen] = head_curve + learner.curve(after_head, UPDATES - HEAD_UPDATES, few, test, rng)
            for frozen, curve in curves.items():
                rows += [[source, per_class, frozen, seed, (i + 1) * EVERY, f"{a:.4f}"] for i, a in enumerate(curve)]
            rows.append([source, per_class, "pixels", seed, UPDATES, f"{by_pixels(few, test):.4f}"])
            last = "  ".join(f"{frozen}: {curve[-1]:.3f}" for frozen, curve in curves.items())
            print(f"seed {seed}, {per_class:2} per class  {last}  ({time.monotonic() - begin:.0f} s)", flush=True)
        store(rows, source)


def store(rows, source):
    kept = []
    if TARGET.exists():
        with open(TARGET, newline="") as file:
            kept = [row for row in csv.reader(file) if row[0] not in ("source", source)]
    with open(TARGET, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *sorted(kept + rows, key=lambda row: row[0])])


if __name__ == "__main__":
    main(*sys.argv[1:])
