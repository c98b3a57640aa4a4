"""Grade a class and write its feedback, one submission after the other, through nbgrader's own API."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.utils import rmtree

from . import intake, results
from .course import CourseError, Unit

LOG = "grading.log"

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{unit}: not graded</title></head>
<body><h1>{unit}: not graded yet</h1>
<p>Your submission could not be graded: {reason}</p>
<p>Nothing has been scored, and this is not a zero. Hand in a mended notebook, or ask your instructor.</p>
</body></html>
"""


def submissions(unit: Unit, students: list[str] | None = None) -> list[Path]:
    """The submission folders to work on. Raises CourseError when there are none, or not for a student that is named."""
    folders = {folder.parent.name: folder for folder in unit.submissions}
    if missing := sorted(set(students or []) - set(folders)):
        raise CourseError(
            f"Nothing handed in by {', '.join(missing)}: there is no folder submitted/{missing[0]}/{unit.name}."
        )
    if not folders:
        raise CourseError(f"Nothing to grade: there are no folders submitted/<student>/{unit.name}. "
                          "Put each student's notebook into such a folder, see docs/instructors.md.")  # fmt: skip
    return [folder for student, folder in folders.items() if not students or student in students]


def grade(unit: Unit, students: list[str] | None = None) -> Iterator[tuple[str, str]]:
    """Grade the unit's submissions; yields (student, "" or the reason why it could not be graded) after each.

    A submission that cannot be graded leaves the reason in ``autograded/<student>/<unit>/not-graded.txt`` and no score,
    neither an old one nor a zero. The other submissions are not touched by it.
    """
    api = NbGraderAPI(unit.course.directory(), config=unit.course.config())
    for folder in submissions(unit, students):
        student = folder.parent.name
        reason, log = grade_one(api, unit, folder)
        if reason:
            not_graded(unit, student, reason, log)
        yield student, reason


def grade_one(api: NbGraderAPI, unit: Unit, folder: Path) -> tuple[str, str]:
    """Grade one submission; returns the reason for not grading it ("" when all went well) and nbgrader's log."""
    try:
        intake.read_submission(intake.find_notebook(folder, unit.notebook))
    except intake.NotGraded as error:
        return str(error), ""
    outcome = api.autograde(unit.name, folder.parent.name, force=True)
    if outcome["success"]:
        return "", ""
    return explain(outcome.get("log", "") + outcome.get("error", "")), outcome.get("log", "")


def explain(log: str) -> str:
    """nbgrader's log of a failure in one line."""
    if "DeadKernelError" in log:
        return "its code ended the Python process that ran it (os._exit, a crash, or too much memory)."
    raised = re.findall(r"^[\w.]*(?:Error|Exception|NotGraded): .*$", log, flags=re.MULTILINE)
    return f"{raised[-1] if raised else 'grading failed'} (the whole log is in {LOG} beside this reason)"


def not_graded(unit: Unit, student: str, reason: str, log: str) -> None:
    """Note that a submission was not graded and take back its automatic scores; marks given by a person stay stored."""
    folder = results.autograded(unit, student)
    if folder.exists():
        rmtree(str(folder))
    folder.mkdir(parents=True)
    (folder / results.NOT_GRADED).write_text(reason + "\n", encoding="utf-8")
    if log:
        (folder / LOG).write_text(log, encoding="utf-8")
    directory = unit.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(unit.name, student)
        except MissingEntry:
            return
        for notebook in submission.notebooks:
            for score in notebook.grades:
                score.auto_score = None
        gradebook.db.commit()


def feedback(unit: Unit, students: list[str] | None = None) -> Iterator[Path]:
    """Write the feedback pages of all submissions that `grade` has seen; yields each page's path."""
    api = NbGraderAPI(unit.course.directory(), config=unit.course.config())
    for folder in submissions(unit, students):
        student = folder.parent.name
        page = unit.course.root / "feedback" / student / unit.name / f"{unit.notebook}.html"
        failure = results.autograded(unit, student) / results.NOT_GRADED
        if failure.exists():
            page.parent.mkdir(parents=True, exist_ok=True)
            reason = html.escape(failure.read_text(encoding="utf-8").strip())
            page.write_text(PAGE.format(unit=html.escape(unit.name), reason=reason), encoding="utf-8")
            yield page
        elif results.autograded(unit, student).exists():
            outcome = api.generate_feedback(unit.name, student, force=True)
            if not outcome["success"]:
                raise CourseError(
                    f"No feedback for {student}: {explain(outcome.get('log', '') + outcome.get('error', ''))}"
                )
            yield page
