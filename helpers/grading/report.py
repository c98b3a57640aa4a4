"""One page about the class, for the instructor: points, what many got wrong, and what waits for a person."""

import base64
import io
import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from . import master, page, results
from .course import CourseError, Unit
from .feedback import explained
from .results import Row
from .score import score, shown

MOST = 15  # rows of a table of hints or errors; what fewer students share is counted
LABEL_BARS = 24  # a figure with more bars has no number on each


@dataclass
class Told:
    """What several students were told: `hint` is False for an error that no check has explained."""

    task: int
    text: str
    hint: bool
    checks: set[str] = field(default_factory=set)
    students: list[str] = field(default_factory=list)


@dataclass
class Task:
    """One task over the class: `points` of those whose task is marked, names of the others."""

    number: int
    title: str
    maximum: float
    points: list[float] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    left_open: list[str] = field(default_factory=list)

    @property
    def mean(self) -> float:
        return statistics.fmean(self.points) if self.points else 0.0

    @property
    def full(self) -> int:
        return sum(points >= self.maximum for points in self.points)

    @property
    def none(self) -> int:
        return sum(points <= 0 for points in self.points)


@dataclass
class Class:
    """All that the report says, from the gradebook and one look at each graded notebook."""

    rows: list[Row] = field(default_factory=list)
    tasks: dict[int, Task] = field(default_factory=dict)
    told: dict[tuple, Told] = field(default_factory=dict)
    flags: dict[str, list[str]] = field(default_factory=dict)
    repaired: dict[str, list[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def graded(self) -> list[Row]:
        return [row for row in self.rows if row.graded]

    @property
    def not_graded(self) -> list[Row]:
        return [row for row in self.rows if not row.graded and row.remarks != [results.MISSING]]

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if row.remarks == [results.MISSING]]

    @property
    def late(self) -> list[Row]:
        return [row for row in self.rows if row.late > 0]

    @property
    def totals(self) -> list[float]:
        return [row.total for row in self.graded]

    def most_told(self, hint: bool) -> list[Told]:
        """Hints, or errors without one, of the most students first."""
        found = [told for told in self.told.values() if told.hint == hint]
        return sorted(found, key=lambda told: (-len(told.students), told.task, told.text))


def gather(unit: Unit) -> Class:
    """Read the gradebook and each graded notebook once. Raises CourseError where nothing has been graded."""
    source = master.read(unit.source)
    titles = master.task_titles(source)
    found = Class(tasks={n: Task(n, titles[n], maximum) for n, maximum in master.points(source).items()})
    for row, nb in results.graded(unit):
        found.rows.append(row)
        for number, points in row.tasks.items():
            task = found.tasks[number]
            if points is None:
                task.waiting.append(row.student)
            else:
                task.points.append(points)
        if nb is not None:
            _look(found, row.student, nb)
    if not any(row.graded or row.remarks != [results.MISSING] for row in found.rows):
        raise CourseError(f"Nothing is graded yet. Run: course grade {unit.name}")
    return found


def _look(found: Class, student: str, nb) -> None:
    noted = nb.metadata.get("nn_course", {})
    if noted.get("flags"):
        found.flags[student] = list(noted["flags"])
    if noted.get("notes"):
        found.repaired[student] = list(noted["notes"])
    if "seconds" in noted:
        found.seconds[student] = noted["seconds"]
    for result in score(nb):
        if not result.message:
            continue
        said = explained(nb, result)
        if said.task_open:
            names = found.tasks[result.task].left_open
        else:
            key = (result.task, said.kind, bool(said.hint))
            entry = found.told.setdefault(key, Told(*key))
            entry.checks |= {said.check} - {""}
            names = entry.students
        if student not in names:
            names.append(student)


def write(unit: Unit) -> Path:
    """Write ``reports/<unit>.html``; returns its path. Raises CourseError where nothing has been graded."""
    found = gather(unit)
    path = unit.course.root / "reports" / f"{unit.name}.html"
    path.parent.mkdir(exist_ok=True)
    path.write_text(html(unit, found), encoding="utf-8")
    return path


def html(unit: Unit, found: Class) -> str:
    """The report as one page."""
    with plt.style.context("helpers.course"), matplotlib.rc_context({"svg.hashsalt": unit.name}):
        figures = {"totals": totals(found), "tasks": tasks(found), "seconds": seconds(found)}
    return page.render("report.html.j2", unit=unit, title=master.title(master.read(unit.source)), found=found,
                       figures=figures, most=MOST, median=statistics.median, mean=statistics.fmean,
                       late=results.duration)  # fmt: skip


def totals(found: Class) -> dict | None:
    """A histogram of the points of all that were graded."""
    if not found.totals:
        return None
    top = int(sum(task.maximum for task in found.tasks.values()))
    counts = Counter(min(max(int(total), 0), top) for total in found.totals)
    figure = Figure(figsize=(9, 2.6))
    axes = figure.subplots()
    _bars(axes, range(top + 1), [counts[value] for value in range(top + 1)])
    axes.set(xlabel=f"points of {top}, rounded down", ylabel="students", xticks=range(0, top + 1, 2))
    told = ", ".join(f"{counts[value]} with {value}" for value in sorted(counts))
    return _image(figure, f"Bar chart of the students at each number of points: {told}.")


def tasks(found: Class) -> dict | None:
    """A small bar chart for each task: how many students have how many of its points."""
    shown_tasks = [task for task in found.tasks.values() if task.points]
    if not shown_tasks:
        return None
    rows = -(-len(shown_tasks) // 4)
    figure = Figure(figsize=(9, 2.2 * rows))
    grid = figure.subplots(rows, 4, squeeze=False, sharey=True)
    told = []
    for axes, task in zip(grid.flat, shown_tasks, strict=False):
        counts = Counter(task.points)
        values = sorted(set(counts) | {0.0, task.maximum})
        _bars(axes, range(len(values)), [counts[value] for value in values])
        axes.set(title=f"Task {task.number}", xticks=range(len(values)), xlabel=f"points of {shown(task.maximum)}")
        axes.set_xticklabels([shown(round(value, 2)) for value in values])
        told.append(f"task {task.number}: " + ", ".join(f"{counts[v]} with {shown(round(v, 2))}" for v in values))
    for axes in list(grid.flat)[len(shown_tasks) :]:
        axes.set_axis_off()
    for axes in grid[:, 0]:
        axes.set_ylabel("students")
    return _image(figure, f"One bar chart a task, students at each number of points. {'; '.join(told)}.")


def seconds(found: Class) -> dict | None:
    """A histogram of what running the notebooks took."""
    taken = list(found.seconds.values())
    if len(taken) < 2:
        return None
    figure = Figure(figsize=(9, 2.4))
    axes = figure.subplots()
    counts, edges, _ = axes.hist(taken, bins=min(20, max(5, len(taken) // 3)), edgecolor="white")
    axes.set(xlabel="seconds that running the notebook took", ylabel="students")
    axes.yaxis.get_major_locator().set_params(integer=True)
    most = int(counts.argmax())
    return _image(figure, f"Histogram of the running times of {len(taken)} notebooks, {min(taken):.1f} to "
                          f"{max(taken):.1f} seconds; most, {counts[most]:.0f}, took {edges[most]:.1f} to "
                          f"{edges[most + 1]:.1f} seconds.")  # fmt: skip


def _bars(axes, places, counts) -> None:
    drawn = axes.bar(list(places), counts, width=0.8)
    if len(counts) <= LABEL_BARS:
        axes.bar_label(drawn, labels=[str(count) if count else "" for count in counts], padding=1, fontsize=9)
    axes.margins(y=0.18)
    axes.grid(axis="x", visible=False)
    axes.yaxis.get_major_locator().set_params(integer=True)


def _image(figure: Figure, alt: str) -> dict:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return {"source": f"data:image/svg+xml;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}", "alt": alt}
