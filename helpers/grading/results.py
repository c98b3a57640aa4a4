"""The class's results: one row a student, from the gradebook and the graded notebooks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from . import master
from .course import Unit

NOT_GRADED = "not-graded.txt"
MISSING = "nothing handed in"


@dataclass
class Row:
    """One student's result in one unit. `tasks` maps task numbers to points, None where a person has yet to mark.

    `late` is in seconds.
    """

    student: str
    tasks: dict[int, float | None] = field(default_factory=dict)
    penalty: float = 0.0
    late: float = 0.0
    remarks: list[str] = field(default_factory=list)
    graded: bool = True

    @property
    def total(self) -> float | None:
        """Points so far, after the late penalty; None when nothing was graded."""
        return sum(points or 0 for points in self.tasks.values()) - self.penalty if self.graded else None

    @property
    def to_mark(self) -> list[int]:
        """The tasks that wait for a person."""
        return [task for task, points in self.tasks.items() if points is None]


def autograded(unit: Unit, student: str) -> Path:
    """The folder that holds the student's graded notebook."""
    return unit.course.root / "autograded" / student / unit.name


def notebook(unit: Unit, student: str) -> NotebookNode | None:
    """The student's graded notebook; None where there is none."""
    path = autograded(unit, student) / f"{unit.notebook}.ipynb"
    return master.read(path) if path.exists() else None


def notes(unit: Unit, student: str) -> list[str]:
    """What was repaired or noticed while the submission was read and run; flags come first."""
    return _notes(notebook(unit, student))


def _notes(nb: NotebookNode | None) -> list[str]:
    said = nb.metadata.get("nn_course", {}) if nb else {}
    return [f"FLAG {flag}" for flag in said.get("flags", [])] + list(said.get("notes", []))


def duration(seconds: float) -> str:
    """ "1 day, 2:03:00", for a positive number of seconds."""
    return str(timedelta(seconds=round(seconds)))


def late(seconds: float) -> str:
    """ "submitted late by 1 day, 2:03:00"."""
    return f"submitted late by {duration(seconds)}"


def _row(gradebook: Gradebook, unit: Unit, student: str, nb: NotebookNode | None) -> Row:
    """The result of one student; not graded, with the reason, where there is none."""
    result = Row(student)
    failure = autograded(unit, student) / NOT_GRADED
    if failure.exists():
        return Row(student, remarks=[f"not graded: {failure.read_text(encoding='utf-8').strip()}"], graded=False)
    try:
        submission = gradebook.find_submission(unit.name, student)
    except MissingEntry:
        return Row(student, remarks=[MISSING], graded=False)
    for notebook in submission.notebooks:
        result.penalty += notebook.late_submission_penalty or 0
        for grade in sorted(notebook.grades, key=lambda grade: master.task_number(grade.name)):
            task = master.task_number(grade.name)
            if grade.auto_score is None and grade.manual_score is None:
                result.tasks[task] = None
            else:
                result.tasks[task] = (result.tasks.get(task) or 0) + grade.score
    result.remarks = _notes(nb)
    result.late = max(submission.total_seconds_late, 0)
    if result.late:
        result.remarks.append(late(result.late))
    return result


def graded(unit: Unit) -> Iterator[tuple[Row, NotebookNode | None]]:
    """All students of the gradebook and of ``submitted/``, by name, each with the graded notebook, read once."""
    directory = unit.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        students = {student.id for student in gradebook.students}
        students |= {folder.parent.name for folder in unit.submissions}
        for student in sorted(students):
            nb = notebook(unit, student)
            yield _row(gradebook, unit, student, nb), nb


def rows(unit: Unit) -> list[Row]:
    """All students' results, by name."""
    return [row for row, _ in graded(unit)]
