"""The class's results: one row a student, from the gradebook and the graded notebooks."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from . import master
from .course import Unit

NOT_GRADED = "not-graded.txt"


@dataclass
class Row:
    """One student's result in one unit. `tasks` maps task numbers to points, None where a person has yet to mark."""

    student: str
    tasks: dict[int, float | None] = field(default_factory=dict)
    penalty: float = 0.0
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


def notes(unit: Unit, student: str) -> list[str]:
    """What was repaired or noticed while the submission was read and run; flags come first."""
    path = autograded(unit, student) / f"{unit.notebook}.ipynb"
    said = master.read(path).metadata.get("nn_course", {}) if path.exists() else {}
    return [f"FLAG {flag}" for flag in said.get("flags", [])] + list(said.get("notes", []))


def late(seconds: float) -> str:
    """ "submitted late by 1 day, 2:03:00", for a positive number of seconds."""
    return f"submitted late by {timedelta(seconds=round(seconds))}"


def row(gradebook: Gradebook, unit: Unit, student: str) -> Row:
    """The result of one student; not graded, with the reason, where there is none."""
    result = Row(student)
    failure = autograded(unit, student) / NOT_GRADED
    if failure.exists():
        return Row(student, remarks=[f"not graded: {failure.read_text(encoding='utf-8').strip()}"], graded=False)
    try:
        submission = gradebook.find_submission(unit.name, student)
    except MissingEntry:
        return Row(student, remarks=["nothing handed in"], graded=False)
    for notebook in submission.notebooks:
        result.penalty += notebook.late_submission_penalty or 0
        for grade in sorted(notebook.grades, key=lambda grade: master.task_number(grade.name)):
            task = master.task_number(grade.name)
            if grade.auto_score is None and grade.manual_score is None:
                result.tasks[task] = None
            else:
                result.tasks[task] = (result.tasks.get(task) or 0) + grade.score
    result.remarks = notes(unit, student)
    if submission.total_seconds_late > 0:
        result.remarks.append(late(submission.total_seconds_late))
    return result


def rows(unit: Unit) -> list[Row]:
    """All students of the gradebook and of ``submitted/``, by name."""
    directory = unit.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        students = {student.id for student in gradebook.students}
        students |= {folder.parent.name for folder in unit.submissions}
        return [row(gradebook, unit, student) for student in sorted(students)]
