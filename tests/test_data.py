"""Real images only when they are the real ones, a stand-in that is the same everywhere, and never a long wait."""

import contextlib
import gzip
import hashlib
import io
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits, load_sample_image
from sklearn.linear_model import LogisticRegression

from helpers import data, garments

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
STANDIN = "MNIST: offline stand-in, 1,797 handwritten digits of scikit-learn at 28x28 (1,500 to train, 297 to test)"
IDX = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
LIMIT = 0.6

needs_mnist = pytest.mark.skipif(
    not (SHARED / "mnist.npz").exists(), reason="the real mnist.npz is not in ../shared/data beside this clone"
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """No folder, an empty home, no proxy, and nobody who listens at the download's address."""
    for name in (
        "NN_COURSE_DATA",
        "KERAS_HOME",
        "XDG_CACHE_HOME",
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setattr(data, "_URL", f"http://127.0.0.1:{unused.getsockname()[1]}/")


@pytest.fixture
def hurry(monkeypatch):
    """A shorter limit for the download; scikit-learn's import is done before anything is timed."""
    data.load_mnist("standin")
    monkeypatch.setattr(data, "_SECONDS", LIMIT)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The empty folder that NN_COURSE_DATA names."""
    path = tmp_path / "images"
    path.mkdir()
    monkeypatch.setenv("NN_COURSE_DATA", str(path))
    return path


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "home" / ".keras" / "datasets" / "mnist.npz"


@pytest.fixture
def small(monkeypatch):
    """A small set in MNIST's place, its shapes and hashes patched in: 70 images instead of 70,000."""
    rng = np.random.default_rng(7)
    arrays = {
        "x_train": rng.integers(0, 256, (60, 28, 28), dtype=np.uint8),
        "y_train": rng.integers(0, 10, 60, dtype=np.uint8),
        "x_test": rng.integers(0, 256, (10, 28, 28), dtype=np.uint8),
        "y_test": rng.integers(0, 10, 10, dtype=np.uint8),
    }
    originals = {key: (array.shape, hashlib.sha256(idx(array)).hexdigest()) for key, array in arrays.items()}
    monkeypatch.setattr(data, "_MNIST", originals)
    return arrays


def npz(arrays, save=np.savez_compressed):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def same(loaded, arrays):
    (x_train, y_train), (x_test, y_test) = loaded
    for got, key in ((x_train, "x_train"), (y_train, "y_train"), (x_test, "x_test"), (y_test, "y_test")):
        np.testing.assert_array_equal(got, arrays[key])
        assert got.dtype == np.uint8 and got.flags.writeable
    return True


@pytest.fixture
def serve(monkeypatch):
    """serve(talk): a server on this machine at the download's address; `talk(send, gone)` answers each request.

    serve({name: talk}) answers the requests for each file of its own.
    """
    servers, gone = [], threading.Event()

    def start(talk):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                name = self.request.recv(65536).split()[1].decode().lstrip("/")
                with contextlib.suppress(OSError):  # the client may hang up
                    (talk[name] if isinstance(talk, dict) else talk)(self.request.sendall, gone)

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(data, "_URL", f"http://127.0.0.1:{server.server_address[1]}/")

    yield start
    gone.set()
    for server in servers:
        server.shutdown()
        server.server_close()


def ok(content):
    return f"HTTP/1.0 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


# Real MNIST


@needs_mnist
def test_the_real_file_through_the_folder(monkeypatch, capsys):
    monkeypatch.setenv("NN_COURSE_DATA", str(SHARED))
    loaded = data.load_mnist()
    with np.load(SHARED / "mnist.npz", allow_pickle=False) as original:
        assert same(loaded, original)
    # The first labels and the class counts as they are published.
    assert loaded[0][1][:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert np.bincount(loaded[1][1]).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert capsys.readouterr().out == (
        "MNIST: 70,000 real images from mnist.npz in NN_COURSE_DATA (60,000 to train, 10,000 to test)\n"
    )


@needs_mnist
def test_the_real_idx_files_have_the_same_hashes(folder, capsys):
    with np.load(SHARED / "mnist.npz", allow_pickle=False) as original:
        arrays = dict(original)
    for name, array in zip(IDX, (arrays[key] for key in ("x_train", "y_train", "x_test", "y_test")), strict=True):
        put(folder / name, idx(array))
    assert same(data.load_mnist("real"), arrays)
    assert capsys.readouterr().out.startswith("MNIST: 70,000 real images from the idx files in NN_COURSE_DATA (")


@needs_mnist
def test_two_real_images_changed_places(folder, capsys):
    with np.load(SHARED / "mnist.npz", allow_pickle=False) as original:
        arrays = dict(original)
    arrays["x_test"][[0, 1]] = arrays["x_test"][[1, 0]]
    put(folder / "mnist.npz", npz(arrays, np.savez))
    data.load_mnist()
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first == STANDIN
    assert second.endswith("mnist.npz: x_test is not the original (its SHA-256 differs).")


# Files


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("source", ["auto", "real"])
def test_folder(folder, small, capsys, source, save):
    put(folder / "mnist.npz", npz(small, save))
    assert same(data.load_mnist(source), small)
    assert capsys.readouterr().out.startswith("MNIST: 70 real images from mnist.npz in NN_COURSE_DATA (60 to train,")


@pytest.mark.parametrize("home", ["", "elsewhere"])
def test_cache_of_keras(cache, small, tmp_path, monkeypatch, capsys, home):
    if home:
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / home))
        put(cache, b"not this one")
        cache = tmp_path / home / "datasets" / "mnist.npz"
    put(cache, npz(small))
    assert same(data.load_mnist(), small)
    assert capsys.readouterr().out == "MNIST: 70 real images from Keras's cache (60 to train, 10 to test)\n"


def test_the_folder_comes_before_the_cache(folder, cache, small, capsys):
    put(cache, b"never opened")
    put(folder / "mnist.npz", npz(small))
    assert same(data.load_mnist(), small)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_idx_files(folder, small, capsys):
    for name, array in zip(IDX, small.values(), strict=True):
        # One plain, three gzipped: what a browser makes of a .gz differs.
        zipped = name != IDX[1]
        put(folder / (name + ".gz" * zipped), gzip.compress(idx(array)) if zipped else idx(array))
    assert same(data.load_mnist(), small)
    assert capsys.readouterr().out.startswith("MNIST: 70 real images from the idx files in NN_COURSE_DATA (60 to")


def broken_npz(small):
    good = npz(small)
    flat = small | {"x_train": small["x_train"].reshape(60, 784)}
    signed = small | {"x_train": small["x_train"].view(np.int8)}
    middle = bytearray(good)
    middle[len(good) // 2 : len(good) // 2 + 50] = bytes(50)
    pickled = small | {"y_train": np.array([{"class": 3}] * 60, dtype=object)}
    missing = {key: array for key, array in small.items() if key != "y_test"}
    return {
        "corrupted": (bytes(middle), "is damaged or has other arrays"),
        "truncated": (good[:-2000], "is no npz file, or only a part of one"),
        "empty": (b"", "is no npz file, or only a part of one"),
        "page": (b"<html>Log in to the network</html>", "is no npz file, or only a part of one"),
        "shape": (npz(flat), "x_train is uint8 (60, 784), the original is uint8 (60, 28, 28)"),
        "dtype": (npz(signed), "x_train is int8 (60, 28, 28), the original is uint8"),
        "hash": (npz(small | {"y_test": small["y_test"][::-1]}), "y_test is not the original (its SHA-256 differs)"),
        "pickle": (npz(pickled), "Object arrays cannot be loaded when allow_pickle=False"),
        "missing": (npz(missing), "is damaged or has other arrays (KeyError"),
    }


@pytest.mark.parametrize(
    "kind", ["corrupted", "truncated", "empty", "page", "shape", "dtype", "hash", "pickle", "missing"]
)
@pytest.mark.parametrize("place", ["folder", "cache"])
def test_a_broken_file_is_named_passed_over_and_left_alone(folder, cache, small, capsys, kind, place):
    path = folder / "mnist.npz" if place == "folder" else cache
    content, words = broken_npz(small)[kind]
    put(path, content)
    assert data.load_mnist()[0][0].shape == (1500, 28, 28)
    first, second, third = capsys.readouterr().out.splitlines()
    shown = str(path) if place == "folder" else "~/.keras/datasets/mnist.npz"
    assert first == STANDIN
    assert second.startswith(f"Passed over: {shown}") and words in second
    assert "127.0.0.1" in third
    with pytest.raises(data.DataError) as refused:
        data.load_mnist("real")
    assert shown in str(refused.value) and words in str(refused.value)
    assert path.read_bytes() == content


def test_behind_a_broken_file_the_next_place_counts(folder, cache, small, capsys):
    put(folder / "mnist.npz", b"broken")
    put(cache, npz(small))
    assert same(data.load_mnist(), small)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("MNIST: 70 real images from Keras's cache")
    assert second.startswith(f"Passed over: {folder / 'mnist.npz'} is no npz file")


def test_a_file_that_cannot_be_read_is_named(folder, capsys):
    (folder / "mnist.npz").mkdir()
    data.load_mnist()
    assert f"Passed over: {folder / 'mnist.npz'} cannot be read (" in capsys.readouterr().out


def test_a_file_too_large_for_mnist_is_named(folder, small, monkeypatch, capsys):
    put(folder / "mnist.npz", npz(small))
    monkeypatch.setattr(data, "_MOST_BYTES", 1000)
    data.load_mnist()
    assert "mnist.npz is larger than 1,000 bytes." in capsys.readouterr().out


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda good: good[:-1], "has too few bytes for shape (60, 28, 28)"),
        (lambda good: good + b"x", "has too many bytes for shape (60, 28, 28)"),
        (lambda good: b"\0\0\x08\x01" + good[4:], "is no idx file of bytes with shape (60, 28, 28)"),
        (lambda good: gzip.compress(good)[:-2000], "is damaged (EOFError"),
        (lambda good: b"", "is no idx file"),
        (lambda good: good[:-1] + bytes([good[-1] ^ 1]), "x_train is not the original (its SHA-256 differs)"),
        (None, f"{IDX[0]} missing"),
    ],
)
def test_broken_idx_files_are_named(folder, small, capsys, change, words):
    for name, array in zip(IDX, small.values(), strict=True):
        put(folder / name, idx(array))
    if change:
        put(folder / IDX[0], change(idx(small["x_train"])))
    else:
        (folder / IDX[0]).unlink()
    data.load_mnist()
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first == STANDIN
    assert second.startswith("Passed over: ") and words in second
    with pytest.raises(data.DataError):
        data.load_mnist("real")


def test_a_folder_that_is_none_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(data, "_garments", lambda: ("none", dict.fromkeys(data._IDX)))
    for loader in (data.load_mnist, data.load_fashion_mnist, data.load_photo):
        monkeypatch.setenv("NN_COURSE_DATA", str(tmp_path / "imagse"))
        loader()
        assert f"NN_COURSE_DATA names {tmp_path / 'imagse'}, which is no folder" in capsys.readouterr().out
        with pytest.raises(data.DataError, match="imagse, which is no folder"):
            loader("real")
    monkeypatch.setenv("NN_COURSE_DATA", "~nobody-of-this-name/images")
    data.load_mnist()
    assert "which is no folder" in capsys.readouterr().out


# The download


def test_download_is_kept_for_the_next_time(serve, cache, small, capsys):
    content = npz(small)
    serve(lambda send, gone: send(ok(content)))
    assert same(data.load_mnist("real"), small)
    assert capsys.readouterr().out.endswith("(60 to train, 10 to test), kept in Keras's cache\n")
    assert cache.read_bytes() == content
    assert os.listdir(cache.parent) == ["mnist.npz"]
    serve(lambda send, gone: send(ok(b"not asked a second time")))
    assert same(data.load_mnist(), small)
    assert capsys.readouterr().out.startswith("MNIST: 70 real images from Keras's cache")


def test_download_in_a_read_only_home(serve, small, tmp_path, monkeypatch, capsys):
    # A file in the home's place: permissions would not stop root.
    put(tmp_path / "file", b"")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "file"))
    serve(lambda send, gone: send(ok(npz(small))))
    assert same(data.load_mnist(), small)
    assert capsys.readouterr().out.endswith(", not kept: ~/.keras/datasets cannot be written\n")


def test_a_full_disk_leaves_nothing_behind(serve, cache, small, monkeypatch, capsys):
    def full(path, content):
        with open(path, "wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    serve(lambda send, gone: send(ok(npz(small))))
    assert same(data.load_mnist(), small)
    assert "not kept" in capsys.readouterr().out
    assert os.listdir(cache.parent) == []


def test_the_cache_gets_the_file_in_one_step(serve, cache, small, monkeypatch):
    seen = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda part, to: seen.append((to, cache.exists())) or replace(part, to))
    serve(lambda send, gone: send(ok(npz(small))))
    data.load_mnist()
    assert seen == [(cache, False)] and cache.exists()


def test_download_does_not_replace_a_broken_file(serve, cache, small, capsys):
    put(cache, b"broken")
    serve(lambda send, gone: send(ok(npz(small))))
    assert same(data.load_mnist(), small)
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("not kept: ~/.keras/datasets/mnist.npz is in the way")
    assert second.startswith("Passed over: ~/.keras/datasets/mnist.npz is no npz file")
    assert cache.read_bytes() == b"broken"


def hangs(send, gone):
    gone.wait(20)


def hangs_in_the_middle(send, gone):
    send(b"HTTP/1.0 200 OK\r\nContent-Length: 100000\r\n\r\n" + bytes(500))
    gone.wait(20)


def drips(send, gone):
    send(b"HTTP/1.0 200 OK\r\n\r\n")
    while not gone.wait(0.05):
        send(b"P")


def drips_headers(send, gone):
    send(b"HTTP/1.0 200 OK\r\nX-Long: ")
    while not gone.wait(0.05):
        send(b"P")


@pytest.mark.parametrize("talk", [hangs, hangs_in_the_middle, drips, drips_headers])
def test_a_slow_server_costs_no_more_than_the_limit(hurry, serve, cache, capsys, talk):
    serve(talk)
    capsys.readouterr()
    start = time.monotonic()
    data.load_mnist()
    assert LIMIT - 0.01 <= time.monotonic() - start < LIMIT + 2
    first, second = capsys.readouterr().out.splitlines()
    assert first == STANDIN
    assert second.endswith(f"/mnist.npz: not complete after {LIMIT} seconds.")
    assert not cache.parent.exists()


def test_nothing_goes_on_behind_the_page_after_a_slow_server(hurry, serve):
    serve(drips)
    threads = []
    start = threading.Thread.start
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", lambda self: threads.append(self) or start(self))
        data.load_mnist()
    (fetching,) = (thread for thread in threads if "fetch" in thread.name)
    fetching.join(5)
    assert not fetching.is_alive()


def test_a_name_server_that_hangs_costs_no_more_than_the_limit(hurry, monkeypatch, capsys):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: released.wait(20) and [])
    start = time.monotonic()
    data.load_mnist()
    assert time.monotonic() - start < LIMIT + 2
    assert "not complete after" in capsys.readouterr().out
    released.set()


def test_the_limit_is_five_seconds():
    assert data._SECONDS == 5


@pytest.mark.parametrize(
    "answer, words",
    [
        (ok(b"<html>Log in to the network</html>"), "is no npz file, or only a part of one"),
        (ok(bytes(range(256)) * 40), "is no npz file, or only a part of one"),
        (b"\x16\x03\x01 no HTTP at all\r\n\r\n", "no connection (BadStatusLine)"),
        (b"HTTP/1.0 404 Not Found\r\n\r\n", "the server answers 404"),
        (b"", "no connection (RemoteDisconnected)"),
    ],
)
def test_a_server_that_sends_garbage(serve, cache, capsys, answer, words):
    serve(lambda send, gone: send(answer))
    data.load_mnist()
    first, second = capsys.readouterr().out.splitlines()
    assert first == STANDIN
    assert second.startswith("Passed over: ") and words in second
    with pytest.raises(data.DataError) as refused:
        data.load_mnist("real")
    assert words in str(refused.value)
    assert not cache.parent.exists()


@pytest.mark.parametrize("kind", ["corrupted", "truncated", "shape", "hash"])
def test_a_server_with_almost_the_right_bytes(serve, cache, small, capsys, kind):
    content, words = broken_npz(small)[kind]
    serve(lambda send, gone: send(ok(content)))
    data.load_mnist()
    first, second = capsys.readouterr().out.splitlines()
    assert first == STANDIN and words in second
    assert not cache.parent.exists()


def test_an_answer_cut_off_before_its_length(serve, small, capsys):
    serve(lambda send, gone: send(ok(npz(small))[:-2000]))
    data.load_mnist()
    assert "is no npz file, or only a part of one" in capsys.readouterr().out


def test_an_answer_without_end_does_not_fill_the_memory(serve, monkeypatch, capsys):
    monkeypatch.setattr(data, "_MOST_BYTES", 1_000_000)

    def endless(send, gone):
        send(b"HTTP/1.0 200 OK\r\n\r\n")
        while not gone.is_set():
            send(bytes(1 << 16))

    serve(endless)
    data.load_mnist()
    assert "more than 1,000,000 bytes." in capsys.readouterr().out


def test_no_network(cache, capsys):
    assert data.load_mnist()[1][0].shape == (297, 28, 28)
    first, second = capsys.readouterr().out.splitlines()
    assert first == STANDIN
    assert second == f"Passed over: {data._URL}mnist.npz: no connection (ConnectionRefusedError)."
    assert not cache.parent.exists()


def test_real_says_what_where_and_what_to_do(folder):
    with pytest.raises(data.DataError) as refused:
        data.load_mnist("real")
    what, where, todo = str(refused.value).splitlines()
    assert what == f'MNIST with source="real": {data._URL}mnist.npz: no connection (ConnectionRefusedError).'
    assert "mnist.npz or the four idx files in NN_COURSE_DATA; ~/.keras/datasets/mnist.npz; http" in where
    assert str(folder) in where
    assert "put the original mnist.npz into a folder" in todo and 'source="standin"' in todo


@pytest.mark.parametrize("loader", [data.load_mnist, data.load_fashion_mnist, data.load_photo])
@pytest.mark.parametrize("source", ["stand-in", "", None, True])
def test_another_source_is_refused(loader, source):
    with pytest.raises(ValueError, match='must be "auto", "real" or "standin"'):
        loader(source)


# The stand-in


def test_standin_looks_nowhere(folder, cache, small, monkeypatch, capsys):
    put(folder / "mnist.npz", npz(small))
    put(cache, npz(small))
    put(folder / "photo.png", b"broken")
    monkeypatch.setattr(data, "_fetch", lambda url, deadline: pytest.fail("asked the network"))
    monkeypatch.setattr(data, "_content", lambda path: pytest.fail("opened a file"))
    assert data.load_mnist("standin")[0][0].shape == (1500, 28, 28)
    assert data.load_photo("standin").shape == (427, 640, 3)
    assert capsys.readouterr().out.splitlines() == [
        STANDIN,
        "Photograph: offline stand-in, china.jpg of scikit-learn, 427 x 640 pixels in colour",
    ]


def test_standin_is_the_same_everywhere():
    (x_train, y_train), (x_test, y_test) = data.load_mnist("standin")
    assert (x_train.shape, y_train.shape, x_test.shape, y_test.shape) == (
        (1500, 28, 28),
        (1500,),
        (297, 28, 28),
        (297,),
    )
    digest = hashlib.sha256()
    for array in (x_train, y_train, x_test, y_test):
        assert array.dtype == np.uint8 and array.flags.writeable
        digest.update(array.tobytes())
    assert digest.hexdigest() == "68c67ecc794ea4a0b21afad003fdf4452e934e3ae068259b011e820918cb0ea1"
    x_train[:] = 0
    assert data.load_mnist("standin")[0][0].any()


def test_standin_has_every_digit_once_with_its_label():
    (x_train, y_train), (x_test, y_test) = data.load_mnist("standin")
    images, labels = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    digits = load_digits()
    # Pillow's bicubic filter uses the same cubic: an independent enlargement of the 8 x 8 images.
    expected = np.zeros((1797, 28, 28))
    for image, small_image in zip(expected, np.pad(digits.images, ((0, 0), (4, 4), (4, 4))), strict=True):
        wide = Image.fromarray(small_image.astype(np.float32) * 255 / 16).resize((40, 40), Image.Resampling.BICUBIC)
        image[:] = np.clip(np.asarray(wide)[6:34, 6:34], 0, 255)
    flat = expected.reshape(1797, -1)
    for image, label in zip(images[::10], labels[::10], strict=True):
        distance = np.abs(flat - image.reshape(-1)).max(axis=1)
        assert digits.target[distance.argmin()] == label
    assert sorted(np.round(expected.mean(axis=(1, 2)), 1)) == pytest.approx(sorted(images.mean(axis=(1, 2))), abs=0.5)
    assert len(np.unique(images.reshape(1797, -1), axis=0)) == len(np.unique(digits.data, axis=0))
    assert (
        images.min() == 0 and images.max() == 255 and not images[:, [0, -1]].any() and not images[:, :, [0, -1]].any()
    )
    assert np.bincount(y_train).min() > 100 and np.bincount(y_test).min() > 20


def test_logistic_regression_reads_the_standin():
    (x_train, y_train), (x_test, y_test) = data.load_mnist("standin")
    model = LogisticRegression(max_iter=40, tol=1e-2).fit(x_train.reshape(1500, -1) / 255, y_train)
    assert model.score(x_test.reshape(297, -1) / 255, y_test) > 0.9


# Fashion-MNIST: its idx files have the names of MNIST's, and it has four of them to download


@pytest.fixture
def fashion(monkeypatch):
    """A small set in Fashion-MNIST's place, with the shapes of `small` and other images; a short stand-in."""
    rng = np.random.default_rng(8)
    arrays = {
        "x_train": rng.integers(0, 256, (60, 28, 28), dtype=np.uint8),
        "y_train": rng.integers(0, 10, 60, dtype=np.uint8),
        "x_test": rng.integers(0, 256, (10, 28, 28), dtype=np.uint8),
        "y_test": rng.integers(0, 10, 10, dtype=np.uint8),
    }
    hashes = {key: (array.shape, hashlib.sha256(idx(array)).hexdigest()) for key, array in arrays.items()}
    monkeypatch.setattr(data, "_FASHION", hashes)
    rng = np.random.default_rng(0)
    drawn = dict(zip(data._IDX, (*garments.draw(50, rng), *garments.draw(20, rng)), strict=True))
    hashes = {key: (array.shape, hashlib.sha256(idx(array)).hexdigest()) for key, array in drawn.items()}
    monkeypatch.setattr(data, "_GARMENTS", hashes)
    return arrays


DRAWN = "Fashion-MNIST: offline stand-in, 70 garments drawn by the course at 28x28 (50 to train, 20 to test)"


@pytest.fixture
def fashion_cache(cache):
    return cache.parent / "fashion-mnist"


def put_idx(folder, arrays, zipped=True):
    for name, array in zip(IDX, arrays.values(), strict=True):
        put(folder / (name + ".gz" * zipped), gzip.compress(idx(array)) if zipped else idx(array))


def served(arrays, **instead):
    """What a server sends for each of the four files; `instead` names another answer by array."""
    return {
        f"{name}.gz": instead.get(key) or (lambda send, gone, array=array: send(ok(gzip.compress(idx(array)))))
        for name, (key, array) in zip(IDX, arrays.items(), strict=True)
    }


@pytest.mark.parametrize("source", ["auto", "real"])
@pytest.mark.parametrize("name", ["fashion-mnist", "fashion_mnist"])
@pytest.mark.parametrize("zipped", [True, False])
def test_fashion_idx_files_in_their_own_folder(folder, fashion, capsys, source, name, zipped):
    put_idx(folder / name, fashion, zipped)
    assert same(data.load_fashion_mnist(source), fashion)
    assert capsys.readouterr().out == (
        f"Fashion-MNIST: 70 real images from the idx files in {name} in NN_COURSE_DATA (60 to train, 10 to test)\n"
    )


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_fashion_npz(folder, fashion, capsys, save):
    put(folder / "fashion_mnist.npz", npz(fashion, save))
    assert same(data.load_fashion_mnist(), fashion)
    assert capsys.readouterr().out.startswith("Fashion-MNIST: 70 real images from fashion_mnist.npz in NN_COURSE_DATA")


def test_fashion_cache_of_keras(fashion_cache, fashion, capsys):
    put_idx(fashion_cache, fashion)
    assert same(data.load_fashion_mnist("real"), fashion)
    assert capsys.readouterr().out.startswith("Fashion-MNIST: 70 real images from the idx files in Keras's cache (60")


def test_files_of_one_set_never_pass_for_the_other(folder, small, fashion, capsys):
    put_idx(folder, fashion)
    put_idx(folder / "fashion-mnist", small)
    put(folder / "mnist.npz", npz(fashion))
    put(folder / "fashion_mnist.npz", npz(small))
    assert data.load_mnist()[0][0].shape == (1500, 28, 28)
    assert data.load_fashion_mnist()[0][0].shape == (50, 28, 28)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == STANDIN and lines[4] == DRAWN and len(lines) == 8
    assert sum("is not the original (its SHA-256 differs)" in line for line in lines) == 4
    for loader in (data.load_mnist, data.load_fashion_mnist):
        with pytest.raises(data.DataError, match="is not the original"):
            loader("real")


@needs_mnist
def test_the_real_mnist_does_not_pass_for_fashion(folder, capsys):
    with np.load(SHARED / "mnist.npz", allow_pickle=False) as original:
        arrays = dict(original)
    put_idx(folder / "fashion-mnist", {key: arrays[key] for key in data._IDX}, zipped=False)
    data.load_fashion_mnist()
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first.startswith("Fashion-MNIST: offline stand-in, 12,000 garments")
    assert second.endswith("x_train is not the original (its SHA-256 differs).")


def test_the_hashes_are_the_published_ones():
    # Of the uncompressed idx files, as other loaders publish them; MNIST's are checked on the real file above.
    published = (
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    )
    assert [sha256 for _, sha256 in data._FASHION.values()] == list(published)


def test_a_part_of_the_set_is_not_the_set(folder, fashion, capsys):
    put(folder / "fashion_mnist_900.npz", npz({"x": fashion["x_train"], "y": fashion["y_train"]}))
    put(folder / "fashion-mnist" / f"{IDX[2]}.gz", gzip.compress(idx(fashion["x_test"])))
    data.load_fashion_mnist()
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == DRAWN
    assert second.startswith(
        "Passed over: of the idx files in fashion-mnist in NN_COURSE_DATA train-images-idx3-ubyte,"
    )
    assert third.startswith("Passed over: http://127.0.0.1")


@pytest.mark.parametrize(
    "kind", ["corrupted", "truncated", "empty", "page", "shape", "dtype", "hash", "pickle", "missing"]
)
def test_a_broken_fashion_npz_is_named_and_left_alone(folder, fashion, capsys, kind):
    content, words = broken_npz(fashion)[kind]
    put(folder / "fashion_mnist.npz", content)
    data.load_fashion_mnist()
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first == DRAWN
    assert second.startswith(f"Passed over: {folder / 'fashion_mnist.npz'}") and words in second
    with pytest.raises(data.DataError, match="with source=.real.: .*fashion_mnist.npz"):
        data.load_fashion_mnist("real")
    assert (folder / "fashion_mnist.npz").read_bytes() == content


@pytest.mark.parametrize(
    "content, words",
    [
        (lambda good: gzip.compress(good)[:-2000], "is damaged (EOFError"),
        (lambda good: gzip.compress(good[:-1]), "has too few bytes for shape (60, 28, 28)"),
        (lambda good: b"", "is no idx file of bytes with shape (60, 28, 28)"),
        (lambda good: b"<html>Log in to the network</html>", "is no idx file of bytes with shape (60, 28, 28)"),
        (lambda good: gzip.compress(good[:-1] + bytes([good[-1] ^ 1])), "x_train is not the original"),
    ],
)
@pytest.mark.parametrize("place", ["folder", "cache"])
def test_broken_fashion_idx_files_are_named_and_left_alone(
    folder, fashion_cache, fashion, capsys, content, words, place
):
    where = folder / "fashion-mnist" if place == "folder" else fashion_cache
    put_idx(where, fashion)
    broken = content(idx(fashion["x_train"]))
    put(where / f"{IDX[0]}.gz", broken)
    data.load_fashion_mnist()
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first == DRAWN
    assert second.startswith("Passed over: ") and words in second
    with pytest.raises(data.DataError):
        data.load_fashion_mnist("real")
    assert (where / f"{IDX[0]}.gz").read_bytes() == broken


def test_fashion_download_is_kept_for_the_next_time(serve, fashion_cache, fashion, capsys):
    serve(served(fashion))
    assert same(data.load_fashion_mnist("real"), fashion)
    assert capsys.readouterr().out == (
        "Fashion-MNIST: 70 real images downloaded from "
        f"{data._URL.split('/')[2]} (60 to train, 10 to test), kept in Keras's cache\n"
    )
    assert sorted(os.listdir(fashion_cache)) == sorted(f"{name}.gz" for name in IDX)
    serve(lambda send, gone: pytest.fail("asked a second time"))
    assert same(data.load_fashion_mnist(), fashion)
    assert "from the idx files in Keras's cache" in capsys.readouterr().out


def test_keras_reads_what_the_download_leaves(serve, fashion_cache, fashion):
    serve(served(fashion))
    data.load_fashion_mnist()
    # As keras.datasets.fashion_mnist does, with NumPy and gzip.
    with gzip.open(fashion_cache / "train-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(60, 28, 28)
    np.testing.assert_array_equal(images, fashion["x_train"])


@pytest.mark.parametrize("key", ["x_train", "y_train", "x_test", "y_test"])
@pytest.mark.parametrize(
    "answer, words",
    [
        (ok(b"<html>Log in to the network</html>"), "is no idx file of bytes"),
        (b"HTTP/1.0 404 Not Found\r\n\r\n", "the server answers 404"),
        (b"", "no connection (RemoteDisconnected)"),
        (ok(gzip.compress(b"", mtime=0)[:12]), "is damaged (EOFError"),
    ],
)
def test_one_bad_file_of_four_and_nothing_is_kept(serve, fashion_cache, fashion, capsys, key, answer, words):
    serve(served(fashion, **{key: lambda send, gone: send(answer)}))
    data.load_fashion_mnist()
    first, second = capsys.readouterr().out.splitlines()
    assert first == DRAWN and words in second
    assert not fashion_cache.exists()


def test_a_server_with_another_image_set(serve, fashion_cache, small, fashion, capsys):
    serve(served(small))
    data.load_fashion_mnist()
    first, second = capsys.readouterr().out.splitlines()
    assert first == DRAWN
    assert second.endswith("x_train is not the original (its SHA-256 differs).")
    assert not fashion_cache.exists()


def test_labels_of_another_set_beside_the_right_images(serve, fashion_cache, small, fashion, capsys):
    serve(served(fashion | {"y_test": small["y_test"]}))
    data.load_fashion_mnist()
    assert "y_test is not the original" in capsys.readouterr().out
    assert not fashion_cache.exists()


@pytest.mark.parametrize("talk", [hangs, drips])
def test_four_slow_files_together_cost_no_more_than_the_limit(serve, fashion, monkeypatch, capsys, talk):
    def late(send, gone, array):
        gone.wait(LIMIT / 3)
        send(ok(gzip.compress(idx(array))))

    waiting = {key: (lambda send, gone, array=array: late(send, gone, array)) for key, array in fashion.items()}
    monkeypatch.setattr(data, "_SECONDS", LIMIT)
    serve(served(fashion, **waiting | {"y_test": talk}))
    start = time.monotonic()
    data.load_fashion_mnist()
    assert time.monotonic() - start < LIMIT + 2
    assert f"not complete after {LIMIT} seconds" in capsys.readouterr().out


def test_fashion_download_in_a_read_only_home(serve, fashion, tmp_path, monkeypatch, capsys):
    put(tmp_path / "file", b"")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "file"))
    serve(served(fashion))
    assert same(data.load_fashion_mnist(), fashion)
    assert capsys.readouterr().out.endswith(", not kept: ~/.keras/datasets/fashion-mnist cannot be written\n")


def test_a_full_disk_keeps_none_of_the_four(serve, fashion_cache, fashion, monkeypatch, capsys):
    write = Path.write_bytes

    def full(path, content):
        if path.name.startswith("t10k-images"):
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    serve(served(fashion))
    assert same(data.load_fashion_mnist(), fashion)
    assert "not kept" in capsys.readouterr().out
    assert os.listdir(fashion_cache) == []


def test_fashion_download_does_not_replace_a_broken_file(serve, fashion_cache, fashion, capsys):
    put(fashion_cache / f"{IDX[1]}.gz", b"broken")
    serve(served(fashion))
    assert same(data.load_fashion_mnist(), fashion)
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith(f"not kept: ~/.keras/datasets/fashion-mnist/{IDX[1]}.gz is in the way")
    assert second.startswith(f"Passed over: ~/.keras/datasets/fashion-mnist/{IDX[1]}.gz is no idx file")
    assert os.listdir(fashion_cache) == [f"{IDX[1]}.gz"]


def test_fashion_without_network(fashion, fashion_cache, capsys):
    assert data.load_fashion_mnist()[1][0].shape == (20, 28, 28)
    first, second = capsys.readouterr().out.splitlines()
    assert first == DRAWN
    assert second == f"Passed over: {data._URL}{IDX[0]}.gz: no connection (ConnectionRefusedError)."
    with pytest.raises(data.DataError) as refused:
        data.load_fashion_mnist("real")
    assert "put the four original files into a folder fashion-mnist" in str(refused.value)
    assert not fashion_cache.exists()


# The drawn stand-in


def test_garments_are_the_same_everywhere(capsys):
    (x_train, y_train), (x_test, y_test) = data.load_fashion_mnist("standin")
    assert capsys.readouterr().out == (
        "Fashion-MNIST: offline stand-in, 12,000 garments drawn by the course at 28x28 "
        "(10,000 to train, 2,000 to test)\n"
    )
    assert (x_train.shape, x_test.shape) == ((10000, 28, 28), (2000, 28, 28))
    assert np.bincount(y_train).tolist() == [1000] * 10 and np.bincount(y_test).tolist() == [200] * 10
    for array, (_, sha256) in zip((x_train, y_train, x_test, y_test), data._GARMENTS.values(), strict=True):
        assert array.dtype == np.uint8 and array.flags.writeable
        assert hashlib.sha256(idx(array)).hexdigest() == sha256
    assert len(np.unique(np.concatenate([x_train, x_test]).reshape(12000, -1), axis=0)) == 12000
    assert data.FASHION_NAMES[0] == "T-shirt/top" and len(data.FASHION_NAMES) == 10


def test_garments_are_drawn_once(fashion, tmp_path, monkeypatch):
    first = data.load_fashion_mnist("standin")
    (kept,) = (tmp_path / "home" / ".cache" / "nn-course").iterdir()
    monkeypatch.setattr(garments, "draw", lambda n, rng: pytest.fail("drawn again"))
    second = data.load_fashion_mnist("standin")
    assert same(second, dict(zip(data._IDX, (*first[0], *first[1]), strict=True)))
    second[0][0][:] = 0
    assert data.load_fashion_mnist("standin")[0][0].any()
    assert kept.suffix == ".npz"


@pytest.mark.parametrize("kind", ["corrupted", "truncated", "empty", "page", "shape", "dtype", "hash", "missing"])
def test_damaged_garments_are_drawn_anew(fashion, tmp_path, kind):
    first = data.load_fashion_mnist("standin")
    (kept,) = (tmp_path / "home" / ".cache" / "nn-course").iterdir()
    good = kept.read_bytes()
    arrays = dict(zip(data._IDX, (*first[0], *first[1]), strict=True))
    arrays["x_train"] = np.resize(arrays["x_train"], (60, 28, 28))  # the shape that broken_npz expects
    kept.write_bytes(broken_npz(arrays)[kind][0])
    again = data.load_fashion_mnist("standin")
    np.testing.assert_array_equal(again[0][0], first[0][0])
    assert kept.read_bytes() == good


def test_garments_in_a_read_only_home(fashion, tmp_path, monkeypatch, capsys):
    put(tmp_path / "file", b"")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "file"))
    assert data.load_fashion_mnist("standin")[0][0].shape == (50, 28, 28)
    assert capsys.readouterr().out == DRAWN + "\n"


def test_garments_where_something_is_in_the_way(fashion, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    first = data.load_fashion_mnist("standin")
    (kept,) = (tmp_path / "other" / "nn-course").iterdir()
    kept.unlink()
    kept.mkdir()
    np.testing.assert_array_equal(data.load_fashion_mnist("standin")[0][0], first[0][0])


def test_garments_without_a_home_leave_nothing_behind(fashion, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    before = sorted(os.listdir(tmp_path))
    assert data.load_fashion_mnist("standin")[0][0].shape == (50, 28, 28)
    assert sorted(os.listdir(tmp_path)) == before


def test_garments_look_nowhere_else(folder, fashion_cache, fashion, monkeypatch):
    put(folder / "fashion_mnist.npz", npz(fashion))
    put_idx(fashion_cache, fashion)
    monkeypatch.setattr(data, "_fetch", lambda url, deadline: pytest.fail("asked the network"))
    assert data.load_fashion_mnist("standin")[0][0].shape == (50, 28, 28)


# The photograph


def test_photo_of_scikit_learn(capsys):
    photo = data.load_photo()
    np.testing.assert_array_equal(photo, load_sample_image("china.jpg"))
    assert photo.dtype == np.uint8 and photo.flags.writeable
    assert capsys.readouterr().out == (
        "Photograph: offline stand-in, china.jpg of scikit-learn, 427 x 640 pixels in colour\n"
    )


@pytest.mark.parametrize("source", ["auto", "real"])
def test_own_photo(folder, capsys, source):
    picture = np.random.default_rng(3).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    Image.fromarray(picture).save(folder / "photo.png")
    np.testing.assert_array_equal(data.load_photo(source), picture)
    assert capsys.readouterr().out == "Photograph: photo.png in NN_COURSE_DATA, 5 x 7 pixels in colour\n"


def test_own_photo_stands_upright(folder):
    orientation = Image.Exif()
    orientation[0x0112] = 6  # the camera was held on its side: turn clockwise
    left_dark = np.zeros((40, 80, 3), dtype=np.uint8)
    left_dark[:, 40:] = 255
    Image.fromarray(left_dark).save(folder / "photo.jpg", exif=orientation)
    photo = data.load_photo()
    assert photo.shape == (80, 40, 3)
    assert photo[:30].max() < 20 and photo[50:].min() > 235


def test_own_grey_photo_has_three_channels(folder):
    grey = np.arange(35, dtype=np.uint8).reshape(5, 7)
    Image.fromarray(grey).save(folder / "photo.png")
    np.testing.assert_array_equal(data.load_photo(), np.stack([grey] * 3, axis=-1))


def test_a_broken_photo_is_named_and_passed_over(folder, capsys):
    buffer = io.BytesIO()
    Image.fromarray(load_sample_image("china.jpg")).save(buffer, format="JPEG")
    put(folder / "photo.jpg", buffer.getvalue()[:5000])
    assert data.load_photo().shape == (427, 640, 3)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Photograph: offline stand-in, china.jpg")
    assert second.startswith(f"Passed over: {folder / 'photo.jpg'} is no complete JPEG or PNG (")
    with pytest.raises(data.DataError, match="photo.jpg is no complete JPEG or PNG"):
        data.load_photo("real")


def test_a_photo_of_sixteen_bits_is_refused(folder):
    Image.fromarray(np.full((5, 7), 40000, dtype=np.uint16)).save(folder / "photo.png")
    with pytest.raises(data.DataError, match="more than 8 bits a channel; save it with 8"):
        data.load_photo("real")


def test_real_photo_that_is_not_there(folder):
    with pytest.raises(data.DataError) as refused:
        data.load_photo("real")
    assert "nothing found" in str(refused.value) and "photo.jpg or photo.png" in str(refused.value)
    assert "put a photograph of that name into a folder" in str(refused.value)


def test_import_is_light():
    code = "import sys, helpers.data; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"sklearn", "scipy", "tensorflow", "keras", "PIL", "matplotlib"} & set(found.stdout.split())
