"""`course grade --cluster` on a scheduler and two workers in folders of their own, one of them killed in the middle."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from test_grade import UNIT, command, fill, make_course, scores

DASK = [str(Path(sys.executable).with_name("dask"))]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
SECONDS = 120


@pytest.fixture
def cluster(tmp_path):
    """The scheduler's address and its two workers, which run nowhere near the course."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    environment = os.environ | {"DASK_DISTRIBUTED__WORKER__USE_FILE_LOCKING": "false"}
    with contextlib.ExitStack() as stack:

        def start(name, *words):
            folder = tmp_path / name
            folder.mkdir()
            process = subprocess.Popen([*DASK, *words], cwd=folder, env=environment, **QUIET)
            stack.callback(end, process)
            return process

        start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
        options = ["--nthreads", "1", "--nworkers", "1", "--no-dashboard", "--no-nanny"]
        options += ["--local-directory", "scratch"]
        workers = [start(f"worker-{n}", "worker", address, *options) for n in (1, 2)]
        yield address, workers


def end(process):
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.kill()
    process.wait()
    for child in below:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()


def wait_for(condition, what):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} took more than {SECONDS} s"
        time.sleep(0.2)


def test_two_workers_one_killed_in_the_middle(cluster, tmp_path):
    address, workers = cluster
    course = make_course(tmp_path / "course")
    fill(course)
    expected = make_course(tmp_path / "expected")
    shutil.copytree(course.root / "submitted", expected.root / "submitted", copy_function=shutil.copy2)
    from distributed import Client

    with Client(address, timeout=SECONDS) as client:
        client.wait_for_workers(2, timeout=SECONDS)
    words = [str(Path(sys.executable).with_name("course")), "grade", UNIT, "--cluster", address]
    grading = subprocess.Popen(words, cwd=course.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    # A warm process below each worker: both are at work.
    wait_for(lambda: all(psutil.Process(w.pid).children() for w in workers) or grading.poll() is not None, "a start")
    assert grading.poll() is None
    workers[0].kill()
    said, _ = grading.communicate(timeout=SECONDS)
    assert grading.returncode == 0, said
    assert command(expected, "course", "grade", UNIT).returncode == 0
    assert scores(course) == scores(expected)


def test_no_scheduler_is_one_clear_line(tmp_path, monkeypatch):
    from helpers.grading import cluster

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    course = make_course(tmp_path / "course")
    fill(course)
    run = command(course, "course", "grade", UNIT, "--cluster", "tcp://127.0.0.1:9")
    assert run.returncode == 1
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
