"""Killed, locked out, out of space: the next run goes on, and ends where an undisturbed one ends."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from test_grade import UNIT, command, fill, hand_in, make_course, scores

from helpers.grading import record, results
from helpers.grading.course import CourseError

KILLS = 20
LONGEST = 8.0  # seconds until a kill: on a slow machine the work goes on after it all the same
COURSE = [str(Path(sys.executable).with_name("course")), "grade", UNIT]


def outcome(course):
    """All that grading leaves: scores, and the graded notebooks or the reasons, without times."""
    files = {}
    for path in sorted(course.root.glob(f"autograded/*/{UNIT}/*")):
        if path.suffix == ".ipynb":
            nb = nbformat.read(path, as_version=4)
            nb.metadata["nn_course"].pop("seconds")
            files[str(path.relative_to(course.root))] = [(c.source, c.get("execution_count")) for c in nb.cells]
        else:
            files[str(path.relative_to(course.root))] = path.read_bytes()
    return scores(course), files


def start(course, *options):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([*COURSE, *options], cwd=course.root, **quiet)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("undisturbed") / "course")
    fill(course)
    begin = time.monotonic()
    assert start(course).wait() == 0
    return course, outcome(course), time.monotonic() - begin


@pytest.fixture
def course(undisturbed, tmp_path):
    """The same class, not yet graded, under the same path in another folder."""
    course = make_course(tmp_path / "course")
    shutil.copytree(undisturbed[0].root / "submitted", course.root / "submitted", copy_function=shutil.copy2)
    return course


def test_killed_at_random_moments(course, undisturbed):
    _, expected, seconds = undisturbed
    moments = random.Random(6)
    for number in range(KILLS):
        # Every second time from the start, so that there is always something left to interrupt.
        run = start(course, *(["--anew"] if number % 2 else []))
        time.sleep(moments.uniform(0, min(seconds, LONGEST)))
        below = psutil.Process(run.pid).children(recursive=True) if run.poll() is None else []
        run.send_signal(signal.SIGKILL)
        run.wait()
        _, alive = psutil.wait_procs(below, timeout=30)
        assert not alive, "processes outlive the grader"
    assert start(course).wait() == 0
    assert outcome(course) == expected
    assert not list(course.root.glob("autograded/*/.grading-*"))


def test_killed_workers_are_replaced(course, undisturbed):
    run = start(course)
    moments = random.Random(7)
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.3, 1.5))
        if run.poll() is not None:
            break
        try:
            below = psutil.Process(run.pid).children(recursive=True)
            below = [process for process in below if "helpers.grading.warm" in process.cmdline()]
            if below:
                moments.choice(below).kill()
        except psutil.Error:
            continue
    # Where a start takes longer than it is left alone, a submission is not graded: by this run, not for good.
    assert run.wait() in (0, 1)
    for student, rows in scores(course).items():
        right = undisturbed[1][0][student]
        assert rows == right or all(score is None for score, _ in rows.values()), "a kill has become a score"
    assert start(course).wait() == 0
    assert outcome(course) == undisturbed[1]


def test_running_twice_changes_nothing(course, undisturbed):
    assert start(course).wait() == 0
    before = {path: path.stat().st_mtime_ns for path in course.root.glob("autograded/*/*/*.ipynb")}
    run = command(course, "course", "grade", UNIT)
    assert "had been graded already and have not changed" in " ".join(run.stdout.split())
    assert {path: path.stat().st_mtime_ns for path in course.root.glob("autograded/*/*/*.ipynb")} == before
    assert outcome(course) == undisturbed[1]


def test_a_resubmission_is_graded_anew_also_with_the_old_time_stamp(course):
    path = course.root / "submitted" / "wrong" / UNIT / "perceptron (1).ipynb"
    right = course.root / "submitted" / "right" / UNIT / "perceptron.ipynb"
    only = ["course", "grade", UNIT, "--student", "wrong"]
    assert command(course, *only).returncode == 0
    assert scores(course)["wrong"]["test-1-step-1"] == (0.0, False)
    about = path.stat()
    path.write_bytes(right.read_bytes())
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert command(course, *only).returncode == 0
    assert scores(course)["wrong"]["test-1-step-1"] == (1.0, False)


def test_a_deleted_gradebook_is_filled_again(course):
    only = ["course", "grade", UNIT, "--student", "right"]
    assert command(course, *only).returncode == 0
    before = scores(course)
    (course.root / "gradebook.db").unlink()
    assert command(course, *only).returncode == 0
    assert scores(course) == before


def test_a_locked_gradebook_is_waited_for_then_named(course, monkeypatch):
    only = ["course", "grade", UNIT, "--student", "right"]
    assert command(course, *only).returncode == 0
    monkeypatch.setattr(record, "WAIT_SECONDS", 1.0)
    lock = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    run = command(course, *only, "--anew")
    lock.execute("ROLLBACK")
    assert run.returncode == 1
    assert "locked" in run.stderr and "run the same command again" in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert scores(course)["right"]["test-1-step-1"] == (1.0, False)
    assert command(course, *only).returncode == 0


def test_a_full_disk_is_named_and_loses_nothing(course, monkeypatch):
    only = ["course", "grade", UNIT, "--student", "right"]
    assert command(course, *only).returncode == 0
    before = outcome(course)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(nbformat, "write", full)
        run = command(course, *only, "--anew")
    assert run.returncode == 1
    assert "No space left on device" in run.stderr and "run the same command again" in run.stderr
    assert outcome(course) == before


def test_a_sandbox_that_fails_is_no_zero(course, monkeypatch):
    from helpers.grading import sandbox

    def broken(*_, **__):
        raise sandbox.SandboxError("The process that runs notebooks did not start: out of order")

    monkeypatch.setattr(sandbox.Worker, "start", broken)
    run = command(course, "course", "grade", UNIT, "--student", "right")
    assert run.returncode == 1
    row = {row.student: row for row in results.rows(course.unit(UNIT))}["right"]
    assert not row.graded and "out of order" in row.remarks[0]


def test_patience_ends_with_a_course_error():
    class Locked:
        db = type("Session", (), {"rollback": staticmethod(lambda: None)})

    def write():
        raise record.OperationalError("INSERT", {}, Exception("database is locked"))

    with pytest.raises(CourseError, match="database is locked"):
        record.patiently(Locked, write, wait=0)


def test_a_foreign_file_in_the_way_is_left_alone(course):
    hand_in(course, "right", "{}", "notes.txt")
    assert command(course, "course", "grade", UNIT, "--student", "right").returncode == 0
    assert (course.root / "submitted" / "right" / UNIT / "notes.txt").read_text() == "{}"
