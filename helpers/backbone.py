"""Trained networks without their heads: the course's own, which needs no network, and those of keras.applications.

The course's own is a small residual network (He, Zhang, Ren, Sun 2015) that reads the letters of `helpers.letters`.
`scripts/train_backbone.py` trained it (seed 0); its 194,154 weights are in `helpers/assets/backbone.npz`, 0.7 MB. It
names the right letter of 26 for 0.991 of 10,000 new drawings in the fonts of its training, and for 0.971 in five fonts
that it has not seen. TensorFlow is imported when a function is called, not with this module.
"""

import io
import queue
import threading
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).parent / "assets" / "backbone.npz"
_SECONDS = 5.0


class BackboneError(Exception):
    """Trained weights were asked for and cannot be had, or the file with them is damaged."""


def load_backbone(name="letters", input_shape=None, weights="trained", include_top=False):
    """A trained Keras model without its head: images (n, height, width, channels) to feature maps (n, h, w, c).

    name: "letters", the course's own network, or the name of a network of keras.applications, such as "MobileNetV2".
    input_shape: (height, width, channels). "letters" takes any size with 1 channel, (28, 28, 1) unless given; its
        feature map is a quarter as high and wide, rounded up, with 128 channels. The others have their own defaults.
    weights: "trained", those in this package or, for keras.applications, those of ImageNet, from Keras's cache
        (~/.keras/models) or downloaded once; "imagenet" means the same for keras.applications; None for random ones.
    include_top: True keeps the head, which gives probabilities: of the 26 letters, or of the 1,000 classes of ImageNet.

    Feed the images through `preprocess` with the same name: every network expects the range of values that it was
    trained with, and none complains about another.

    Raises BackboneError if trained weights cannot be had, without a network after 5 seconds, and ValueError for an
    unknown name or for a shape or weights that the network does not take.
    """
    if name == "letters":
        return _letters_network((28, 28, 1) if input_shape is None else tuple(input_shape), weights, include_top)
    return _keras_network(name, input_shape, weights, include_top)


def preprocess(images, name="letters"):
    """Images with values 0 to 255, as `load_mnist` and JPEG files give them, as the network `name` expects them.

    "letters": (n, height, width) or (n, height, width, 1) to float32 (n, height, width, 1), 0 (paper) to 1 (ink).
    keras.applications: (n, height, width, 3), by the `preprocess_input` that belongs to the network.
    """
    images = np.array(images, dtype=np.float32)  # a copy: Keras's functions change theirs in place
    if name != "letters":
        return _keras_module(name).preprocess_input(images)
    return (images[..., None] if images.ndim == 3 else images) / 255


def build_letters_network(input_shape=(28, 28, 1), include_top=False, momentum=0.99):
    """The architecture with random weights: four convolutions, two residual blocks, 190,800 parameters without head.

    28 x 28 x 16, then 14 x 14 x 32 with a residual block, 7 x 7 x 64 with a residual block, 7 x 7 x 128. Batch
    normalisation and ReLU after each convolution; stride 2 takes the place of pooling. `momentum` is that of batch
    normalisation: how much of its running mean and variance stays after a batch.
    """
    import keras
    from keras import layers

    def convolution(x, filters, stride=1, name=""):
        # No bias: batch normalisation would subtract it again.
        x = layers.Conv2D(filters, 3, stride, padding="same", use_bias=False, name=f"{name}_conv")(x)
        return layers.BatchNormalization(momentum=momentum, name=f"{name}_bn")(x)

    def residual_block(x, name):
        inside = layers.ReLU(name=f"{name}a_relu")(convolution(x, x.shape[-1], name=f"{name}a"))
        inside = convolution(inside, x.shape[-1], name=f"{name}b")
        return layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([x, inside]))

    inputs = keras.Input(input_shape)
    x = layers.ReLU(name="stem_relu")(convolution(inputs, 16, name="stem"))
    x = layers.ReLU(name="down1_relu")(convolution(x, 32, 2, name="down1"))
    x = residual_block(x, "block1")
    x = layers.ReLU(name="down2_relu")(convolution(x, 64, 2, name="down2"))
    x = residual_block(x, "block2")
    x = layers.ReLU(name="last_relu")(convolution(x, 128, name="last"))
    if include_top:
        x = layers.GlobalAveragePooling2D(name="pool")(x)
        x = layers.Dense(26, activation="softmax", name="head")(x)
    return keras.Model(inputs, x, name="letters")


def _letters_network(input_shape, weights, include_top):
    if weights not in ("trained", None):
        raise ValueError(f'weights is {weights!r}. For "letters" it must be "trained" or None.')
    if len(input_shape) != 3 or input_shape[-1] != 1:
        raise ValueError(
            f"input_shape is {input_shape}. The letters network reads grey images: (height, width, 1). "
            "Turn colour images grey first."
        )
    # Whoever trains this trains briefly. With 0.99 a network from scratch would need hundreds of batches until its
    # running means are right, and look worse than it is.
    model = build_letters_network(input_shape, include_top, momentum=0.9)
    if weights == "trained":
        _fill(model, _stored_arrays())
    return model


def _stored_arrays():
    todo = "Install the package again, or restore helpers/assets/backbone.npz."
    try:
        content = WEIGHTS.read_bytes()
    except OSError as problem:
        raise BackboneError(
            f"The weights {WEIGHTS.name} cannot be read ({type(problem).__name__}). {todo}"
        ) from problem
    # Without this question NumPy would call any other file a pickle.
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise BackboneError(f"{WEIGHTS.name} is no npz file, or only a part of one. {todo}")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    except Exception as problem:  # zipfile, zlib and NumPy raise a dozen types for a damaged file
        raise BackboneError(f"{WEIGHTS.name} is damaged ({type(problem).__name__}). {todo}") from problem


def _fill(model, arrays):
    for layer in model.layers:
        for variable in layer.weights:
            key = f"{layer.name}/{variable.name}"
            array = arrays.get(key)
            if array is None or array.shape != tuple(variable.shape) or array.dtype != np.float32:
                found = "nothing" if array is None else f"{array.dtype} {array.shape}"
                raise BackboneError(
                    f"{WEIGHTS.name} does not fit the network: {key} should be float32 {tuple(variable.shape)}, "
                    f"found {found}. Install the package again."
                )
            variable.assign(array)


def _keras_module(name):
    import keras

    if callable(getattr(keras.applications, name, None)):
        for module in vars(keras.applications).values():
            if hasattr(module, "preprocess_input") and hasattr(module, name):
                return module
    raise ValueError(
        f'name is {name!r}. It must be "letters" or a network of keras.applications, such as "MobileNetV2".'
    )


def _keras_network(name, input_shape, weights, include_top):
    network = getattr(_keras_module(name), name)
    if weights not in ("trained", "imagenet", None):
        raise ValueError(f'weights is {weights!r}. It must be "trained", "imagenet" or None.')
    weights = "imagenet" if weights else None
    download = _Download()
    opener = getattr(urllib.request, "_opener", None)
    urllib.request.install_opener(urllib.request.build_opener(download))
    try:
        return network(weights=weights, input_shape=input_shape, include_top=include_top)
    except Exception as problem:
        # Keras raises a plain Exception for a failed download, the socket an OSError when the server falls silent.
        if download.url is None or not (type(problem) is Exception or isinstance(problem, OSError)):
            raise
        file = download.url.split("/")[-1]
        raise BackboneError(
            f"The ImageNet weights of {name} are not in Keras's cache and cannot be downloaded: "
            f"{download.trouble or problem}.\nLooked for: {download.url}\n"
            f'What to do: connect to the network and run this again; or put {file} into the folder "models" of '
            "Keras's cache (~/.keras, or the folder that KERAS_HOME names); or take weights=None for the architecture "
            'without its training; or load_backbone("letters"), which needs no network.'
        ) from problem
    finally:
        urllib.request.install_opener(opener)


class _Download(urllib.request.BaseHandler):
    """Asked before Keras downloads, which it would do without any limit of time."""

    url = None
    trouble = None

    def default_open(self, request):
        self.url = request.full_url
        self.trouble = _connection_problem(self.url)
        if self.trouble:
            raise urllib.error.URLError(self.trouble)
        request.timeout = _SECONDS  # for each read, not for the whole download
        return None  # the usual handlers go on


def _connection_problem(url):
    """What keeps us from an address, or None if its server answers within `_SECONDS`."""
    answers = queue.SimpleQueue()

    def ask():
        try:
            request = urllib.request.Request(url, method="HEAD")
            urllib.request.build_opener().open(request, timeout=_SECONDS).close()
            answers.put(None)
        except urllib.error.HTTPError as problem:
            answers.put(f"the server answers {problem.code}")
        except Exception as problem:
            reason = getattr(problem, "reason", problem)
            late = isinstance(reason, TimeoutError)
            answers.put(f"no answer after {_SECONDS:g} seconds" if late else f"no connection ({type(reason).__name__})")

    # In a thread, because a name server can take longer than any timeout of a socket.
    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=_SECONDS)
    except queue.Empty:
        return f"no answer after {_SECONDS:g} seconds"
