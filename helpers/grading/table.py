"""The class's results as a table in the terminal."""

from rich import box
from rich.table import Table
from rich.text import Text

from . import master, results
from .course import Unit
from .score import shown


def table(unit: Unit) -> Table:
    """Student, points per task, total, and what was repaired or flagged. Needs a gradebook with the unit registered."""
    nb = master.read(unit.source)
    names, maxima = master.task_names(nb), master.points(nb)
    result = Table(title=unit.name, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    result.add_column("student", no_wrap=True)
    for task in names:
        result.add_column(f"T{task}\n/{shown(maxima[task])}", justify="right", no_wrap=True)
    result.add_column(f"total\n/{shown(sum(maxima.values()))}", justify="right", no_wrap=True)
    result.add_column("repaired or flagged", ratio=1)
    for row in results.rows(unit):
        points = ["?" if task in row.to_mark else shown(row.tasks[task]) if task in row.tasks else "" for task in names]
        total = "" if row.total is None else shown(row.total)
        # Text, not markup: a student's name or note must not be interpreted.
        result.add_row(Text(row.student), *points, total, Text("\n".join(row.remarks)))
    tasks = ", ".join(f"T{task} {name}" for task, name in names.items())
    result.caption = f"{tasks}. ? waits for a person's mark."
    result.caption_justify = "left"
    return result


def collected(rows: list) -> Table:
    """Who handed in what, which notebook counts, and what was odd; a row for each of `collect`'s rows."""
    result = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    for name in ("student", "counts", "what", "odd"):
        result.add_column(name, overflow="fold", ratio=1 if name == "odd" else None)
    for row in rows:
        cells = (row.student or row.name, row.file, row.what, "\n".join(row.remarks))
        result.add_row(*(Text("".join(c if c.isprintable() or c == "\n" else "?" for c in cell)) for cell in cells))
    students = sum(bool(row.student) for row in rows)
    result.caption, result.caption_justify = f"{students} students", "left"
    return result
