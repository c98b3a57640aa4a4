"""Train the course's backbone on drawn letters and store it in helpers/assets/backbone.npz.

Data: letters A to Z, drawn anew for every epoch by helpers/letters.py in 24 of matplotlib's fonts and alphabets. Five
more are kept out. Seed 0. Prints the accuracy after every epoch and, at the end, on letters that were not used: in the
fonts of the training (0.991), in the five kept out (0.971) and in each of these. Takes about 10 minutes on two cores.
"""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import tensorflow as tf

from helpers import backbone, letters

SEED, EPOCHS, IMAGES, BATCH = 0, 20, 40_000, 128


def accuracy(model, images, labels):
    return float(np.mean(model.predict(images[..., None], batch_size=500, verbose=0).argmax(axis=1) == labels))


def measure(seen):
    """Print the accuracy of the stored network on letters that were not used."""
    model = backbone.load_backbone(include_top=True)
    rng = np.random.default_rng(SEED + 1)
    print(f"fonts of the training: {accuracy(model, *letters.draw_letters(10_000, rng, seen)):.3f}")
    print(f"fonts kept out: {accuracy(model, *letters.draw_letters(10_000, rng, letters.UNSEEN_FONTS)):.3f}")
    for name in letters.UNSEEN_FONTS:
        print(f"  {name}: {accuracy(model, *letters.draw_letters(5_000, rng, [name])):.3f}")


def main():
    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    seen = [name for name in letters.font_names() if name not in letters.UNSEEN_FONTS]
    model = backbone.build_letters_network(include_top=True)
    rate = keras.optimizers.schedules.CosineDecay(2e-3, EPOCHS * -(-IMAGES // BATCH))
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    print(f"{model.count_params():,} weights, {len(seen)} fonts to train, {len(letters.UNSEEN_FONTS)} kept out")
    rng = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        start = time.monotonic()
        images, labels = letters.draw_letters(IMAGES, rng, seen)
        history = model.fit(images[..., None], labels, batch_size=BATCH, verbose=0).history
        seconds = time.monotonic() - start
        print(f"epoch {epoch + 1}: training accuracy {history['accuracy'][0]:.3f}, {seconds:.0f} s", flush=True)
    arrays = {f"{layer.name}/{variable.name}": variable.numpy() for layer in model.layers for variable in layer.weights}
    np.savez_compressed(backbone.WEIGHTS, **arrays)
    print(f"{backbone.WEIGHTS.name}: {backbone.WEIGHTS.stat().st_size:,} bytes")
    measure(seen)


if __name__ == "__main__":
    main()
