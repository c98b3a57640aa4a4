"""A class graded by `course` and by stock nbgrader: the same grades, the same feedback, and nothing lost."""

import contextlib
import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.grading import cli, demo, master, results
from helpers.grading.course import Course

ROOT = Path(__file__).resolve().parents[2]
UNIT = demo.UNIT
FILE = "perceptron.ipynb"


class Run(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def command(course: Course, program: str, *words: str) -> Run:
    """Run `course` (in this process, which saves its start) or one of nbgrader's programs in the course's folder."""
    if program != "course":
        run = subprocess.run(
            [Path(sys.executable).with_name(program), *words], cwd=course.root, capture_output=True, text=True
        )
        return Run(run.returncode, run.stdout, run.stderr)
    out, err, arguments = io.StringIO(), io.StringIO(), sys.argv
    with contextlib.chdir(course.root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        sys.argv = ["course", *words]
        try:
            code = cli.main() or 0
        except SystemExit as stop:
            code = stop.code or 0
        finally:
            sys.argv = arguments
    return Run(code, out.getvalue(), err.getvalue())


def make_course(root: Path) -> Course:
    shutil.copytree(ROOT / "source", root / "source")
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    return Course(root)


def hand_in(course: Course, student: str, content: str | bytes, name: str = FILE) -> Path:
    path = course.root / "submitted" / student / UNIT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def scores(course: Course) -> dict[str, dict[str, tuple]]:
    """student -> grade id -> (automatic score, waits for a person), straight from the gradebook."""
    directory = course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(UNIT)
        }


def fill(course: Course) -> None:
    """Hand in: right, wrong, untouched, renamed, and five that cannot be graded."""
    source = master.read(course.unit(UNIT).source)
    worked = demo.hand_in(source)
    step = next(cell.source for cell in worked.cells if master.grade_id(cell) == "task-1-step")
    warns = step.replace("phi > 0", "phi > 0\n    import sys; print('careful', file=sys.stderr)")
    wrong = demo.with_source(worked, "task-1-step", step.replace("phi > 0", "phi >= 0"))
    exits = demo.with_source(worked, "task-3-predict", "import os\nos._exit(0)")
    hand_in(course, "right", master.text(worked))
    hand_in(course, "warns", master.text(demo.with_source(worked, "task-1-step", warns)))
    hand_in(course, "shadows", master.text(worked))
    hand_in(course, "shadows", "raise RuntimeError('the wrong numpy')", "numpy.py")
    hand_in(course, "untouched", master.text(master.release(source)))
    hand_in(course, "wrong", master.text(wrong), "perceptron (1).ipynb")
    hand_in(course, "truncated", master.text(worked)[:5000])
    hand_in(course, "empty", "")
    hand_in(course, "not-a-notebook", json.dumps({"marks": 20}))
    hand_in(course, "exits", master.text(exits))
    with hand_in(course, "huge", "").open("r+b") as file:
        file.truncate(200 * 2**20)


UNREADABLE = {"truncated", "empty", "not-a-notebook", "huge"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course graded by `course grade`, and its output."""
    course = make_course(tmp_path_factory.mktemp("course") / "course")
    fill(course)
    before = {path: path.stat().st_mtime_ns for path in course.root.glob("submitted/**/*")}
    run = command(course, "course", "grade", UNIT)
    assert run.returncode == 0, run.stderr
    after = {path: path.stat().st_mtime_ns for path in course.root.glob("submitted/**/*")}
    assert after == before, "what was handed in has changed"
    return course, run.stdout


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """The same class graded by nbgrader's own commands."""
    course = make_course(tmp_path_factory.mktemp("stock") / "course")
    fill(course)
    shutil.rmtree(course.root / "submitted" / "huge")
    run = command(course, "nbgrader", "generate_assignment", UNIT)
    assert run.returncode == 0, run.stderr
    command(course, "nbgrader", "autograde", UNIT)
    run = command(course, "nbgrader", "generate_feedback", UNIT)
    assert run.returncode == 0, run.stderr
    return course


def test_right_solution_scores_everything_that_is_graded_automatically(graded):
    course, _ = graded
    unit = course.unit(UNIT)
    row = {row.student: row for row in results.rows(unit)}["right"]
    maxima = master.points(master.read(unit.source))
    assert row.tasks == maxima | {7: None}
    assert row.remarks == []


def test_a_warning_on_stderr_costs_no_points(graded):
    grades = scores(graded[0])
    assert grades["warns"] == grades["right"]


def test_a_file_beside_the_notebook_does_not_shadow_a_library(graded):
    grades = scores(graded[0])
    assert grades["shadows"] == grades["right"]


def test_untouched_submission_scores_zero_and_waits_for_nobody(graded):
    assert set(scores(graded[0])["untouched"].values()) == {(0.0, False)}


def test_wrong_step_loses_its_point_under_another_file_name(graded):
    course, _ = graded
    row = {row.student: row for row in results.rows(course.unit(UNIT))}["wrong"]
    assert row.tasks[1] == 0
    assert row.tasks[2] == 2
    assert any("perceptron (1).ipynb" in remark for remark in row.remarks)


def test_code_that_ends_the_process_costs_only_what_stands_on_it(graded):
    course, _ = graded
    row = {row.student: row for row in results.rows(course.unit(UNIT))}["exits"]
    assert row.tasks == {1: 1, 2: 2, 3: 0, 4: 4, 5: 0, 6: 2, 7: None}
    assert any("ended the Python process" in remark for remark in row.remarks)


@pytest.mark.parametrize("student", sorted(UNREADABLE))
def test_what_cannot_be_graded_says_why_and_is_no_zero(graded, student):
    course, _ = graded
    row = {row.student: row for row in results.rows(course.unit(UNIT))}[student]
    assert not row.graded
    assert row.total is None
    assert len(row.remarks) == 1 and row.remarks[0].startswith("not graded: ")
    assert all(score is None for score, _ in scores(course).get(student, {}).values())


def test_stock_nbgrader_gives_the_same_release(stock):
    released = stock.unit(UNIT).release.read_bytes()
    assert released == (ROOT / "release" / UNIT / FILE).read_bytes()


def test_stock_nbgrader_gives_the_same_grades(graded, stock):
    ours, theirs = scores(graded[0]), scores(stock)
    gradable = {"right", "warns", "shadows", "untouched", "wrong", "exits"}
    assert {student: ours[student] for student in gradable} == {student: theirs[student] for student in gradable}


def test_stock_nbgrader_gives_the_same_feedback(graded, stock):
    course, _ = graded
    assert command(course, "course", "feedback", UNIT).returncode == 0
    for student in ("right", "untouched"):
        ours = (course.root / "feedback" / student / UNIT / "perceptron.html").read_text()
        theirs = (stock.root / "feedback" / student / UNIT / "perceptron.html").read_text()
        assert ours == theirs


def test_feedback_explains_and_shows_no_hidden_test(graded):
    course, _ = graded
    command(course, "course", "feedback", UNIT)
    hidden = [
        line.strip()
        for cell in master.read(course.unit(UNIT).source).cells
        if "### BEGIN HIDDEN TESTS" in cell.source
        for line in cell.source.split("### BEGIN HIDDEN TESTS")[1].split("### END HIDDEN TESTS")[0].splitlines()
        if line.strip().startswith("check.")
    ]
    assert len(hidden) > 10
    pages = list(course.root.glob(f"feedback/*/{UNIT}/*.html"))
    assert len(pages) == 10
    for page in pages:
        text = page.read_text()
        for line in hidden:
            assert line.split('"')[0] + '"' + line.split('"')[1] not in text
        assert "MARK SCHEME" not in text
        assert str(course.root) not in text
    wrong = (course.root / "feedback" / "wrong" / UNIT / "perceptron.html").read_text()
    assert "use &gt; and not &gt;=" in wrong
    empty = (course.root / "feedback" / "empty" / UNIT / "perceptron.html").read_text()
    assert "this is not a zero" in empty


def test_export_has_a_column_a_task_and_neutralises_formulas(graded):
    course, _ = graded
    hand_in(course, "=cmd()", "")
    assert command(course, "course", "grade", UNIT, "--student", "right", "--student", "=cmd()").returncode == 0
    ours = command(course, "course", "export", "--to", "ours.csv")
    theirs = command(course, "nbgrader", "export", "--to", "theirs.csv")
    assert ours.returncode == theirs.returncode == 0, ours.stderr + theirs.stderr
    assert (course.root / "ours.csv").read_bytes() == (course.root / "theirs.csv").read_bytes()
    with (course.root / "ours.csv").open(newline="") as file:
        table = {row["student"]: row for row in csv.DictReader(file)}
    assert table["right"]["task 4"] == "4.0"
    assert table["right"]["total"] == "16.0"
    assert table["right"]["tasks to mark by hand"] == "7"
    assert table["truncated"]["total"] == ""
    assert "'=cmd()" in table
    shutil.rmtree(course.root / "submitted" / "=cmd()")


def test_a_resubmission_replaces_the_old_score_also_when_it_cannot_be_read(graded):
    course, _ = graded
    path = course.root / "submitted" / "right" / UNIT / FILE
    good = path.read_bytes()
    path.write_text("{")
    # The only submission that was asked for cannot be graded: nothing could be done.
    run = command(course, "course", "grade", UNIT, "--student", "right")
    assert run.returncode == 0 or "Not one submission" in run.stderr
    assert {score for score, _ in scores(course)["right"].values()} == {None}
    path.write_bytes(good)
    assert command(course, "course", "grade", UNIT, "--student", "right").returncode == 0
    assert scores(course)["right"]["test-1-step-1"] == (1.0, False)


def test_a_mark_given_by_a_person_survives_regrading(graded):
    course, _ = graded
    directory = course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        grade = gradebook.find_grade("task-7-xor-in-words", "perceptron", UNIT, "warns")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        gradebook.db.commit()
    assert command(course, "course", "grade", UNIT, "--student", "warns").returncode == 0
    row = {row.student: row for row in results.rows(course.unit(UNIT))}["warns"]
    assert row.tasks[7] == 3.5
    assert row.total == 19.5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["grade", "99-nothing"], 'There is no unit "99-nothing". Units here: 01-perceptron'),
        (["grade", UNIT], "Nothing to grade: there are no folders submitted/<student>/01-perceptron"),
        (["grade", UNIT, "--student", "ghost"], "there is no folder submitted/ghost/01-perceptron"),
        (["feedback", UNIT], "Nothing to grade"),
    ],
)
def test_bad_input_is_one_clear_line(course_copy, words, message):
    run = command(course_copy, "course", *words)
    assert run.returncode == 1
    assert message in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_feedback_before_grading_says_what_to_do(course_copy):
    hand_in(course_copy, "early", "{}")
    run = command(course_copy, "course", "feedback", UNIT)
    assert run.returncode == 1
    assert "course grade 01-perceptron" in run.stderr


def test_export_before_anything_is_known_says_what_to_do(course_copy):
    run = command(course_copy, "course", "export")
    assert run.returncode == 1
    assert "Run course build, then course grade" in run.stderr
    assert not (course_copy.root / "grades.csv").exists()


def test_nothing_gradable_is_an_error(course_copy):
    hand_in(course_copy, "empty", "")
    run = command(course_copy, "course", "grade", UNIT)
    assert run.returncode == 1
    assert "not graded: " in " ".join(run.stdout.split())
    assert "Not one submission could be graded" in run.stderr


def test_outside_of_a_course_the_command_says_so(tmp_path):
    run = command(Course(tmp_path), "course", "build")
    assert run.returncode == 1
    assert "is not inside a course" in run.stderr


def test_a_changed_master_after_grading_is_refused_with_the_remedy(course_copy):
    unit = course_copy.unit(UNIT)
    source = master.read(unit.source)
    hand_in(course_copy, "one", master.text(master.release(source)))
    assert command(course_copy, "course", "grade", UNIT).returncode == 0
    source.cells = [cell for cell in source.cells if master.grade_id(cell) != "test-3-predict-2"]
    nbformat.write(source, unit.source)
    run = command(course_copy, "course", "grade", UNIT)
    assert run.returncode == 1
    assert "Restore the cells, or move gradebook.db away" in run.stderr
