"""The shipped backbone and the way to Keras's networks, with and without a network."""

import csv
import http.server
import io
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import numpy as np
import pytest

from helpers import backbone, letters

keras = pytest.importorskip("keras")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(backbone, "_SECONDS", 0.5)


def test_import_is_light():
    code = "import sys, helpers.backbone, helpers.letters; print({'tensorflow', 'keras'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_weights_are_small():
    assert backbone.WEIGHTS.stat().st_size < 2_000_000


def test_number_of_weights():
    # By hand: 3 x 3 convolutions without bias, four numbers per channel for batch normalisation.
    convolutions = 9 * (1 * 16 + 16 * 32 + 2 * 32 * 32 + 32 * 64 + 2 * 64 * 64 + 64 * 128)
    norms = 4 * (16 + 3 * 32 + 3 * 64 + 128)
    body = backbone.load_backbone()
    assert body.count_params() == convolutions + norms
    assert backbone.load_backbone(include_top=True).count_params() == convolutions + norms + 128 * 26 + 26
    with np.load(backbone.WEIGHTS, allow_pickle=False) as file:
        assert sum(file[name].size for name in file.files) == convolutions + norms + 128 * 26 + 26


@pytest.mark.parametrize("height, width", [(28, 28), (32, 32), (8, 8), (30, 45), (1, 3)])
def test_any_size(height, width):
    body = backbone.load_backbone(input_shape=(height, width, 1))
    features = body.predict(np.zeros((2, height, width, 1), dtype=np.float32), verbose=0)
    assert features.shape == (2, -(-height // 4), -(-width // 4), 128)
    assert body.input_shape == (None, height, width, 1)


def test_same_weights_at_every_size():
    for small, large in zip(
        backbone.load_backbone().get_weights(),
        backbone.load_backbone(input_shape=(64, 40, 1)).get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(small, large)


def test_features_are_what_the_weights_say():
    # The first convolution, batch normalisation and ReLU, by SciPy and by the formula.
    from scipy import signal

    body = backbone.load_backbone()
    image = letters.draw_letters(1, np.random.default_rng(0))[0][0]
    first = keras.Model(body.input, body.get_layer("stem_relu").output)
    got = first.predict(image[None, ..., None], verbose=0)[0]
    with np.load(backbone.WEIGHTS, allow_pickle=False) as file:
        kernel = file["stem_conv/kernel"]
        gamma, beta, mean, variance = (
            file[f"stem_bn/{name}"] for name in ("gamma", "beta", "moving_mean", "moving_variance")
        )
    for k in range(16):
        map_k = signal.correlate2d(image, kernel[:, :, 0, k], mode="same")
        expected = np.maximum(gamma[k] * (map_k - mean[k]) / np.sqrt(variance[k] + 1e-3) + beta[k], 0)
        np.testing.assert_allclose(got[:, :, k], expected, atol=1e-4)


@pytest.mark.parametrize("fonts, bar", [(None, 0.96), (letters.UNSEEN_FONTS, 0.93)])
def test_reads_letters(fonts, bar):
    images, labels = letters.draw_letters(600, np.random.default_rng(7), fonts)
    model = backbone.load_backbone(include_top=True)
    assert np.mean(model.predict(images[..., None], verbose=0).argmax(axis=1) == labels) > bar


def test_random_weights_differ():
    trained, untrained = backbone.load_backbone(), backbone.load_backbone(weights=None)
    assert [w.shape for w in trained.get_weights()] == [w.shape for w in untrained.get_weights()]
    assert not np.allclose(trained.get_weights()[0], untrained.get_weights()[0])


def test_colour_is_refused():
    with pytest.raises(ValueError, match="grey"):
        backbone.load_backbone(input_shape=(28, 28, 3))
    with pytest.raises(ValueError, match="trained"):
        backbone.load_backbone(weights="imagenet")


def test_preprocess_letters():
    images = np.array([[[0, 255], [51, 102]]], dtype=np.uint8)
    for given in (images, images[..., None]):
        got = backbone.preprocess(given)
        assert got.dtype == np.float32 and got.shape == (1, 2, 2, 1)
        np.testing.assert_allclose(got[0, :, :, 0], [[0, 1], [0.2, 0.4]], rtol=1e-6)
    assert images.max() == 255


@pytest.mark.parametrize("name, module", [("MobileNetV2", "mobilenet_v2"), ("ResNet50", "resnet"), ("VGG16", "vgg16")])
def test_preprocess_like_keras(name, module):
    images = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)
    before = images.copy()
    expected = getattr(keras.applications, module).preprocess_input(images.astype(np.float32))
    np.testing.assert_allclose(backbone.preprocess(images, name), expected)
    np.testing.assert_array_equal(images, before)


def test_keras_without_weights():
    body = backbone.load_backbone("MobileNetV2", (64, 64, 3), weights=None)
    assert body.output_shape == (None, 2, 2, 1280)
    assert (
        body.count_params()
        == keras.applications.MobileNetV2(input_shape=(64, 64, 3), weights=None, include_top=False).count_params()
    )


@pytest.mark.parametrize("name", ["MobilNetV2", "mobilenet_v2", "preprocess_input", ""])
def test_unknown_name(name):
    with pytest.raises(ValueError, match="MobileNetV2"):
        backbone.load_backbone(name, weights=None)


def test_other_errors_of_keras_pass_through():
    with pytest.raises(ValueError, match="32x32"):
        backbone.load_backbone("MobileNetV2", (9, 9, 3), weights=None)


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    from keras.src.utils import file_utils

    monkeypatch.setattr(file_utils.config, "keras_home", lambda: str(tmp_path))
    return tmp_path


def refused():
    start = time.monotonic()
    with pytest.raises(backbone.BackboneError) as problem:
        backbone.load_backbone("MobileNetV2", (96, 96, 3))
    assert time.monotonic() - start < 10  # building the network included
    assert urllib.request._opener is None
    return str(problem.value)


def use_proxy(monkeypatch, port):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_no_network(empty_cache, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        use_proxy(monkeypatch, free.getsockname()[1])  # nobody listens there
        message = refused()
    assert "MobileNetV2" in message and "ConnectionRefusedError" in message
    assert "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96_no_top.h5" in message
    assert 'load_backbone("letters")' in message and "weights=None" in message


def test_network_that_does_not_answer(empty_cache, monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        use_proxy(monkeypatch, silent.getsockname()[1])
        assert "no answer after 0.5 seconds" in refused()


def test_slow_name_server(empty_cache, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(3) or [])
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert "no answer after 0.5 seconds" in refused()


@pytest.fixture
def server(monkeypatch):
    """A web server in the place of Keras's; `pages` maps a file's name to its bytes, or to None for silence."""
    pages = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.answer(with_content=False)

        def do_GET(self):
            self.answer(with_content=True)

        def answer(self, with_content):
            name = self.path.split("/")[-1]
            self.send_response(200 if name in pages else 404)
            content = pages.get(name, b"")
            self.send_header("Content-Length", str(10_000 if content is None else len(content)))
            self.end_headers()
            if with_content and content is None:
                self.wfile.write(b"a part")
                self.wfile.flush()
                time.sleep(2)
            elif with_content:
                self.wfile.write(content)

        def log_message(self, *args):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    from keras.src.applications import mobilenet_v2

    monkeypatch.setattr(mobilenet_v2, "BASE_WEIGHT_PATH", f"http://127.0.0.1:{httpd.server_port}/")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    yield pages
    httpd.shutdown()
    httpd.server_close()


FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96_no_top.h5"


def test_server_without_the_file(empty_cache, server):
    assert "the server answers 404" in refused()


def test_server_that_falls_silent(empty_cache, server):
    server[FILE] = None
    refused()
    assert not list(empty_cache.rglob("*.h5"))


def test_download_once_then_cache(empty_cache, server, tmp_path):
    original = keras.applications.MobileNetV2(input_shape=(96, 96, 3), weights=None, include_top=False)
    stored = tmp_path / "made.weights.h5"
    original.save_weights(stored)
    # Keras 3 reads its own format only under the ending .weights.h5; that of the applications is the old one.
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    with h5py.File(stored, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, original)
    server[FILE] = stored.read_bytes()
    first = backbone.load_backbone("MobileNetV2", (96, 96, 3))
    server.clear()
    second = backbone.load_backbone("MobileNetV2", (96, 96, 3), weights="imagenet")
    for a, b, c in zip(original.get_weights(), first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(a, c)


def damaged(tmp_path, monkeypatch, content):
    path = tmp_path / "backbone.npz"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(backbone, "WEIGHTS", path)
    with pytest.raises(backbone.BackboneError, match="backbone.npz") as problem:
        backbone.load_backbone()
    assert "Install the package again" in str(problem.value)
    return str(problem.value)


def stored_with(change):
    with np.load(backbone.WEIGHTS, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    change(arrays)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def test_weights_missing(tmp_path, monkeypatch):
    assert "cannot be read" in damaged(tmp_path, monkeypatch, None)


def test_weights_cut_short(tmp_path, monkeypatch):
    assert "only a part" in damaged(tmp_path, monkeypatch, backbone.WEIGHTS.read_bytes()[:5000])


def test_weights_changed(tmp_path, monkeypatch):
    content = bytearray(backbone.WEIGHTS.read_bytes())
    content[len(content) // 2] ^= 0xFF
    assert "is damaged" in damaged(tmp_path, monkeypatch, bytes(content))


def test_pickle_is_not_opened(tmp_path, monkeypatch):
    content = stored_with(lambda arrays: arrays.update({"stem_conv/kernel": np.array([{}], dtype=object)}))
    assert "is damaged" in damaged(tmp_path, monkeypatch, content)


def test_weights_of_another_shape(tmp_path, monkeypatch):
    content = stored_with(lambda arrays: arrays.update({"last_bn/gamma": np.ones(64, dtype=np.float32)}))
    message = damaged(tmp_path, monkeypatch, content)
    assert "last_bn/gamma should be float32 (128,), found float32 (64,)" in message


def test_an_array_is_missing(tmp_path, monkeypatch):
    content = stored_with(lambda arrays: arrays.pop("block1a_conv/kernel"))
    assert "block1a_conv/kernel" in damaged(tmp_path, monkeypatch, content)


def test_letters_are_seeded():
    first, again = (letters.draw_letters(300, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    images, labels = first
    assert images.shape == (300, 28, 28) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1 and images.std(axis=(1, 2)).min() > 0.02
    assert set(labels) == set(range(26))


@pytest.mark.parametrize("font", letters.font_names())
def test_every_font_draws(font):
    images, labels = letters.draw_letters(60, np.random.default_rng(0), [font])
    assert images.reshape(60, -1).max(axis=1).min() > 0.3 and len(set(labels)) > 10


def stored(name):
    with open(backbone.WEIGHTS.parent / name, newline="") as file:
        return list(csv.DictReader(file))


def test_table_of_networks():
    nets = {row["net"]: row for row in stored("keras_nets.csv")}
    assert len(nets) == 26 and all(row["counted"] == row["parameters"] for row in nets.values())
    for name in ("MobileNet", "EfficientNetB0"):  # the script builds all of them
        net = getattr(keras.applications, name)(weights=None)
        assert int(nets[name]["counted"]) == net.count_params()


def test_curves_are_complete():
    runs = {}
    for row in stored("transfer_curves.csv"):
        key = row["source"], row["per_class"], row["frozen"], row["seed"]
        runs.setdefault(key, []).append(int(row["updates"]))
        assert 0 <= float(row["accuracy"]) <= 1
    for (_, _, frozen, _), updates in runs.items():
        assert updates == ([300] if frozen == "pixels" else list(range(25, 301, 25)))
    for n in ("1", "2", "5", "10", "20", "50"):
        for frozen in ("scratch", "8", "7", "5", "2", "0", "pixels"):
            assert {seed for s, m, f, seed in runs if (s, m, f) == ("standin", n, frozen)} == set("01234")


@pytest.mark.parametrize("source", ["standin", "real"])
@pytest.mark.parametrize("per_class", ["5", "10", "20"])
def test_transfer_beats_scratch(source, per_class):
    last = {}
    for row in stored("transfer_curves.csv"):
        if (row["source"], row["per_class"], row["updates"]) == (source, per_class, "300"):
            last.setdefault(row["frozen"], []).append(float(row["accuracy"]))
    assert len(last["0"]) >= 5
    for other in ("scratch", "pixels"):
        difference = np.subtract(last["0"], last[other])
        assert difference.mean() > 0.01 and np.sum(difference > 0) >= 4
