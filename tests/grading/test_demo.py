"""The class of 12: every kind of submission gets what it deserves, and a second run finds the same class."""

import shutil
from pathlib import Path

import pytest
from rich.console import Console

from helpers.grading import build, demo, grade, pool, results
from helpers.grading.course import Course, CourseError

ROOT = Path(__file__).resolve().parents[2]
FULL = {1: 1, 2: 2, 3: 3, 4: 4, 5: 4, 6: 2, 7: None}
OPEN = {1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0}
EXPECTED = {
    "worked-solution": FULL,
    "other-right-way": FULL,
    "half-done": OPEN | {1: 1, 2: 2, 3: 3},
    "untouched": OPEN,
    "sign-swapped": FULL | {4: 0, 5: 0},
    "bias-forgotten": FULL | {3: 0, 5: 0},
    "syntax-error": FULL | {2: 0},
    "endless-loop": FULL | {5: 0},
    "tests-deleted": FULL,
    "duplicated-cell": FULL,
    "saved-by-colab": FULL,
    "late": FULL,
}
REMARKS = {
    "tests-deleted": "put back from the original",
    "duplicated-cell": "task-4-perceptron-step",
    "saved-by-colab": "Saved by Colab",
    "late": "submitted late by 1 day, 2:03:00",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("demo") / "course"
    for folder in ("source", "release", "solutions", "tests/mistakes", "tests/alternatives"):
        shutil.copytree(ROOT / folder, root / folder)
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    return Course(root)


def handed_in(course: Course) -> dict[str, bytes]:
    folder = course.root / "demo" / "submitted"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_class_is_graded_as_it_deserves(course):
    unit = demo.prepare(course, Console(quiet=True))
    build.register(unit)
    reasons = {graded.student: graded.reason for graded in grade.grade(unit, pool.shared())}
    assert reasons == dict.fromkeys(EXPECTED, "")
    rows = {row.student: row for row in results.rows(unit)}
    assert {student: row.tasks for student, row in rows.items()} == EXPECTED
    for student, row in rows.items():
        remarks = "; ".join(row.remarks)
        assert REMARKS.get(student, "") in remarks
        if student not in REMARKS and student != "other-right-way":
            assert remarks == ""


def test_a_second_run_finds_the_same_class(course):
    demo.prepare(course, Console(quiet=True))
    first = handed_in(course)
    demo.prepare(course, Console(quiet=True))
    assert handed_in(course) == first
    assert len(first) == 24


def test_a_folder_that_the_demo_did_not_make_is_not_deleted(course):
    shutil.rmtree(course.root / "demo")
    (course.root / "demo").mkdir()
    (course.root / "demo" / "thesis.txt").write_text("mine")
    with pytest.raises(CourseError, match="Move it away"):
        demo.prepare(course, Console(quiet=True))
    assert (course.root / "demo" / "thesis.txt").read_text() == "mine"
