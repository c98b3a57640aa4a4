"""The class's results as a table in the terminal."""

from rich.table import Table
from rich.text import Text

from . import master, results
from .course import Unit


def shown(number: float) -> str:
    """2 for 2.0, 2.5 for 2.5."""
    return f"{number:g}"


def table(unit: Unit) -> Table:
    """Student, points per task, total, and what was repaired or flagged. Needs a gradebook with the unit registered."""
    nb = master.read(unit.source)
    names, maxima = master.task_names(nb), master.points(nb)
    result = Table(title=f"{unit.name}, {shown(sum(maxima.values()))} points", title_justify="left")
    result.add_column("student", no_wrap=True)
    for task, name in names.items():
        result.add_column(f"{task}\nof {shown(maxima[task])}", justify="right")
    result.add_column("total", justify="right")
    result.add_column("repaired or flagged", ratio=1)
    for row in results.rows(unit):
        points = [row.tasks.get(task) if row.graded else "" for task in names]
        cells = ["hand" if value is None else value if value == "" else shown(value) for value in points]
        total = "" if row.total is None else shown(row.total)
        # Text, not markup: a student's name or note must not be interpreted.
        result.add_row(Text(row.student), *cells, total, Text("\n".join(row.remarks)))
    result.caption = "Tasks: " + ", ".join(f"{task} {name}" for task, name in names.items()) + '. "hand": to be marked by a person.'
    result.caption_justify = "left"
    return result
