"""The case study as an experiment: what one change to a CNN does, stored in helpers/assets/case_study.json.

The lecture "Technical Applications and Data Management" lets groups change filters, kernel, padding, activation,
pooling, dropout, dense layers, batch size, epochs, learning rate and optimizer. Here each is changed alone, from the
default of `CNNConfig`; then some are changed together. Every configuration is trained from three starts, on the first
6,000 images of the garments stand-in, and judged on the next 2,000 (validation). The accuracy on the 2,000 test
images is stored too, for the one question that may be put to it: how good is the configuration that won?

A run is one line of the file: `name` (what was changed), `seed`, the fields of the configuration, `val_accuracy`,
`test_accuracy`, `parameters`, `seconds` (of one processor, for training), `curve` (accuracy
and loss per epoch, those on the training images as Keras averages them during the epoch) and `confusion` (validation
images, row = true class, column = predicted class).

Takes about 10 minutes of one processor. Stopped, it goes on where it was; when the images have changed, it starts anew.
"""

import dataclasses
import hashlib
import json
import os
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

TARGET = Path(__file__).resolve().parents[1] / "helpers" / "assets" / "case_study.json"
SEEDS = (0, 1, 2)
TRAIN, VALIDATION = 6000, 2000


@dataclasses.dataclass(frozen=True)
class CNNConfig:
    """What the case study may change. The same as in the assignment of unit 07, as are the images."""

    filters: tuple = (16, 32)
    kernel_size: int = 3
    padding: str = "same"
    activation: str = "relu"
    pool_size: int = 2
    dropout: float = 0.25
    dense_units: tuple = (64,)
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    batch_size: int = 128
    epochs: int = 3


ONE_CHANGE = {
    "filters": [(8, 16), (32, 64), (16,), (16, 32, 64)],
    "kernel_size": [1, 5],
    "padding": ["valid"],
    "activation": ["tanh", "sigmoid"],
    "pool_size": [1, 3],
    "dropout": [0.0, 0.5, 0.8],
    "dense_units": [(), (256,), (64, 64)],
    "optimizer": ["rmsprop", "adagrad", "sgd"],
    "learning_rate": [1e-4, 1e-2, 1e-1],
    "batch_size": [32, 512],
    "epochs": [1, 6, 12],
}
MORE_CHANGES = [
    {"optimizer": "adagrad", "learning_rate": 0.03},
    {"optimizer": "sgd", "learning_rate": 0.1},
    {"dropout": 0.0, "epochs": 12},
    {"dropout": 0.5, "epochs": 12},
    {"filters": (32, 64), "dropout": 0.5, "epochs": 12},
]


def configurations():
    """{name: CNNConfig}, the default first."""
    changes = [{}, *({field: value} for field, values in ONE_CHANGE.items() for value in values), *MORE_CHANGES]
    return {_name(change): CNNConfig(**change) for change in changes}


def _name(change):
    words = (f"{field.replace('_', ' ')} {_shown(value)}" for field, value in change.items())
    return ", ".join(words) or "default"


def _shown(value):
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def build(config):
    """The compiled Keras model of one configuration, input (28, 28, 1) with values 0 to 1, integer labels."""
    import keras

    # Keras's pooling with padding "valid" drops the incomplete last window, as in unit 05.
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for n in config.filters:
        model.add(keras.layers.Conv2D(n, config.kernel_size, padding=config.padding, activation=config.activation))
        model.add(keras.layers.MaxPooling2D(config.pool_size))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(config.dropout))
    for n in config.dense_units:
        model.add(keras.layers.Dense(n, activation=config.activation))
    model.add(keras.layers.Dense(10, activation="softmax"))
    optimizer = keras.optimizers.get(
        {"class_name": config.optimizer, "config": {"learning_rate": config.learning_rate}}
    )
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def run(name, config, seed, train, validation, test):
    """Train one configuration from one start; the row to store."""
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = build(config)
    start = time.process_time()
    history = model.fit(
        *train, batch_size=config.batch_size, epochs=config.epochs, validation_data=validation, verbose=0
    ).history
    seconds = time.process_time() - start
    answers, test_answers = (model.predict(x, batch_size=500, verbose=0).argmax(axis=1) for x, _ in (validation, test))
    confusion = np.zeros((10, 10), dtype=int)
    np.add.at(confusion, (validation[1], answers), 1)
    return {
        "name": name,
        "seed": seed,
        **dataclasses.asdict(config),
        "val_accuracy": round(float(np.mean(answers == validation[1])), 4),
        "test_accuracy": round(float(np.mean(test_answers == test[1])), 4),
        "parameters": model.count_params(),
        "seconds": round(seconds, 1),
        "curve": {key: [round(float(value), 4) for value in values] for key, values in history.items()},
        "confusion": confusion.tolist(),
    }


def images(source="standin"):
    """((x, y) to train, (x, y) for validation, (x, y) for the test), and the hash of the images."""
    from helpers import data

    (x, y), (x_test, y_test) = data.load_fashion_mnist(source)
    digest = hashlib.sha256(x.tobytes() + x_test.tobytes()).hexdigest()[:16]
    x, x_test = (part[..., None].astype("float32") / 255 for part in (x, x_test))
    return (
        (x[:TRAIN], y[:TRAIN]),
        (x[TRAIN : TRAIN + VALIDATION], y[TRAIN : TRAIN + VALIDATION]),
        (x_test, y_test),
    ), digest


def store(target, digest, runs):
    """Write the file, a run a line, whole or not at all."""
    lines = ",\n".join(json.dumps(row) for row in runs)
    part = target.with_suffix(".part")
    part.write_text(f'{{"images": "{digest}", "runs": [\n{lines}\n]}}\n')
    part.replace(target)


def main():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    parts, digest = images()
    stored = json.loads(TARGET.read_text()) if TARGET.exists() else {}
    known = {}
    if stored.get("images") == digest:
        known = {(row["name"], row["seed"]): row for row in stored["runs"]}
    wanted = configurations()
    for seed in SEEDS:
        for name, config in wanted.items():
            if (name, seed) in known:
                continue
            row = known[name, seed] = run(name, config, seed, *parts)
            print(f"{name:60} seed {seed}  {row['val_accuracy']:.4f}  {row['seconds']:5.1f} s", flush=True)
            store(TARGET, digest, [known[name, seed] for name in wanted for seed in SEEDS if (name, seed) in known])


if __name__ == "__main__":
    main()
