"""The same class with a PostgreSQL gradebook, on a real server: the same grades, also by two graders at once."""

import getpass
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_grade import UNIT, command, fill, make_course, scores

COURSE = [str(Path(sys.executable).with_name("course")), "grade", UNIT]
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(shutil.which("pg_ctl") or "/none").parent]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a server of its own, on a Unix socket."""
    programs = PROGRAMS[-1]
    if not (programs / "initdb").exists():
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    folder = Path(tempfile_for_postgres(tmp_path_factory))
    # The server refuses to run as root.
    who = {"user": "postgres"} if os.geteuid() == 0 else {}
    owner = "postgres" if who else getpass.getuser()
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    quiet = {"check": True, "capture_output": True, "cwd": folder, **who}
    subprocess.run([programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", owner], **quiet)
    words = [programs / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    subprocess.run([*words, "-o", options, "start"], check=True, cwd=folder, stdout=subprocess.DEVNULL, **who)
    yield lambda name: create(programs, folder, owner, name)
    subprocess.run([*words, "-m", "immediate", "stop"], **quiet)
    shutil.rmtree(folder, ignore_errors=True)


def tempfile_for_postgres(factory):
    """A short path (a socket's is limited to 107 bytes) that the server's user may enter."""
    import tempfile

    folder = tempfile.mkdtemp(prefix="pg-")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    return folder


def create(programs, folder, owner, name):
    subprocess.run([programs / "createdb", "-h", folder, "-U", owner, name], check=True)
    return f"postgresql+psycopg2://{owner}@/{name}?host={folder}"


@pytest.fixture
def course(server, tmp_path, request):
    course = make_course(tmp_path / "course")
    config = course.root / "nbgrader_config.py"
    address = server(request.node.name.replace("test_", "")[:50])
    config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {address!r}\n")
    fill(course)
    return course


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("sqlite") / "course")
    fill(course)
    assert command(course, "course", "grade", UNIT).returncode == 0
    return scores(course)


def graded(course):
    """Scores of those that could be graded."""
    return {student: rows for student, rows in scores(course).items() if any(s is not None for s, _ in rows.values())}


def test_the_same_grades_as_with_sqlite(course, expected):
    run = command(course, "course", "grade", UNIT)
    assert run.returncode == 0, run.stderr
    assert scores(course) == expected
    assert not (course.root / "gradebook.db").exists()
    assert command(course, "course", "feedback", UNIT).returncode == 0
    assert command(course, "course", "export").returncode == 0
    table = (course.root / "grades.csv").read_text()
    assert "right" in table and "16.0" in table


def test_two_graders_at_once(course, expected):
    runs = [subprocess.Popen(COURSE, cwd=course.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(2)]  # fmt: skip
    for run in runs:
        _, errors = run.communicate()
        assert run.returncode == 0, errors
    assert scores(course) == expected


def test_stock_nbgrader_records_there_too(course, expected):
    for student in set(expected) - {"right", "wrong"}:
        shutil.rmtree(course.root / "submitted" / student)
    for student in ("truncated", "empty", "not-a-notebook", "huge"):
        shutil.rmtree(course.root / "submitted" / student, ignore_errors=True)
    assert command(course, "nbgrader", "generate_assignment", UNIT).returncode == 0
    run = command(course, "nbgrader", "autograde", UNIT)
    assert run.returncode == 0, run.stderr
    assert graded(course) == {student: expected[student] for student in ("right", "wrong")}
