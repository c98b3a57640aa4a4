"""The grades as a CSV file: a column a task, and what was repaired or flagged."""

import csv
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from . import master, results
from .course import Course, CourseError, Unit

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """`text` so that a spreadsheet does not take it for a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def registered(unit: Unit) -> bool:
    """Whether the gradebook knows the unit, from `course build` or `nbgrader generate_assignment`."""
    directory = unit.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        return unit.name in {assignment.name for assignment in gradebook.assignments}


def write(units: list[Unit], path: Path, students: list[str] | None = None) -> None:
    """Write one row for each student and unit of `units` to `path`; only for `students` where these are named.

    Units that the gradebook does not know yet are left out. Raises CourseError when it knows none of them.
    """
    units = [unit for unit in units if registered(unit)]
    if not units:
        raise CourseError("The gradebook knows none of these units yet. Run course build, then course grade.")
    maxima = {unit.name: master.points(master.read(unit.source)) for unit in units}
    tasks = range(1, max((len(points) for points in maxima.values()), default=0) + 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "unit", *(f"task {task}" for task in tasks), "late penalty", "total", "maximum",
                         "tasks to mark by hand", "remarks"])  # fmt: skip
        for unit in units:
            for row in results.rows(unit):
                if students and row.student not in students:
                    continue
                points = ["" if row.tasks.get(task) is None else row.tasks[task] for task in tasks]
                writer.writerow([
                    plain(row.student), unit.name, *points, row.penalty if row.graded else "",
                    "" if row.total is None else row.total, sum(maxima[unit.name].values()),
                    " ".join(map(str, row.to_mark)), plain("; ".join(row.remarks)),
                ])  # fmt: skip


class TaskTable(ExportPlugin):
    """For `nbgrader export`: the same file as `course export` writes."""

    def export(self, gradebook):
        course = Course(Path(self.parent.coursedir.root))
        units = [unit for unit in course.units if not self.assignment or unit.name in self.assignment]
        path = Path(self.to or "grades.csv")
        write(units, path, list(map(str, self.student)))
        self.log.info("Grades written to %s", path)
