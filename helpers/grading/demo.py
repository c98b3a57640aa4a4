"""A made-up class of 12 that hands in unit 01: right, wrong, half done, broken and damaged notebooks."""

import json
import re
import shutil
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from rich.console import Console

from . import build, export, master, variants
from .course import CONFIG_FILE, Course, CourseError, Unit

UNIT = "01-perceptron"
DUE = datetime(2026, 10, 12, 22, 0)
LATE = timedelta(days=1, hours=2, minutes=3)
SYNTAX_ERROR = "def sigmoid(phi)\n    return 1 / (1 + np.exp(-phi)"
ENDLESS = """
def train_perceptron(X, targets, max_epochs=100, w=None):
    errors = [1]
    while errors[-1] > 0:
        errors.append(1)
    return np.zeros(X.shape[1] + 1), errors
"""


def hand_in(variant: NotebookNode) -> NotebookNode:
    """What a student hands in whose solutions are those of `variant`: the released notebook with these filled in."""
    released = {master.grade_id(cell): cell for cell in master.release(variant).cells}
    nb = deepcopy(variant)
    nb.cells = []
    for number, cell in enumerate(variant.cells):
        handed = deepcopy(released.get(master.grade_id(cell), cell))
        handed.id = master.grade_id(cell) or f"extra-{number}"
        if master.is_solution(cell):
            handed.source = re.sub(r"^.*### (BEGIN|END) SOLUTION.*\n", "", cell.source, flags=re.MULTILINE)
        nb.cells.append(handed)
    return nb


def untouched(worked: NotebookNode, first_open_task: int) -> NotebookNode:
    """A submission in which the tasks from `first_open_task` on are as released."""
    nb, released = hand_in(worked), master.release(worked)
    for cell, stub in zip(nb.cells, released.cells, strict=True):
        if master.is_solution(cell) and master.task_number(master.grade_id(cell)) >= first_open_task:
            cell.source = stub.source
    return nb


def with_source(nb: NotebookNode, identifier: str, source: str) -> NotebookNode:
    """`nb` with another source in one of its cells."""
    return variants.replace(nb, identifier, source)


def duplicated(nb: NotebookNode, identifier: str) -> NotebookNode:
    """`nb` with one cell pasted a second time below itself, nbgrader's metadata included."""
    nb = deepcopy(nb)
    place = [master.grade_id(cell) for cell in nb.cells].index(identifier)
    nb.cells.insert(place + 1, deepcopy(nb.cells[place]))
    nb.cells[place + 1].id = "pasted"
    return nb


def saved_by_colab(nb: NotebookNode) -> dict:
    """The notebook's JSON as Colab saves it: nbformat 4.0, no cell ids, Colab's own metadata."""
    cells = []
    for number, cell in enumerate(nb.cells):
        saved = json.loads(json.dumps(cell))
        saved.pop("id", None)
        saved["metadata"]["id"] = f"{number:012x}"
        cells.append(saved)
    metadata = {
        "colab": {"provenance": []},
        "kernelspec": {"display_name": "Python 3", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 0}


def submissions(course: Course, source: NotebookNode) -> dict[str, NotebookNode | dict]:
    """The class: student -> notebook. Wrong and differently written solutions are those that the audit uses."""
    tests = course.root / "tests"
    mistakes = {mistake.name: mistake.nb for mistake in variants.mistakes(tests / "mistakes" / f"{UNIT}.py", source)}
    other = variants.alternative(tests / "alternatives" / UNIT / "loops.py", source)
    worked = hand_in(source)
    without_tests = deepcopy(worked)
    without_tests.cells = [cell for cell in worked.cells if not master.is_test(cell)]
    return {
        "worked-solution": worked,
        "other-right-way": hand_in(other.nb),
        "half-done": untouched(source, first_open_task=4),
        "untouched": master.release(source),
        "sign-swapped": hand_in(mistakes["task-4-perceptron-step: sign of the update swapped"]),
        "bias-forgotten": hand_in(mistakes["task-3-predict: bias left out"]),
        "syntax-error": with_source(worked, "task-2-sigmoid-relu", SYNTAX_ERROR),
        "endless-loop": with_source(worked, "task-5-train", ENDLESS.strip()),
        "tests-deleted": without_tests,
        "duplicated-cell": duplicated(worked, "task-4-perceptron-step"),
        "saved-by-colab": saved_by_colab(worked),
        "late": worked,
    }


def prepare(course: Course, console: Console) -> Unit:
    """Build the unit, then make ``demo/`` anew: a course of its own with the class's submissions.

    Raises CourseError when ``demo/`` holds something that an earlier demo did not make.
    """
    unit = course.unit(UNIT)
    console.print("Building release/ and solutions/ from source/")
    build.build(unit)
    root = course.root / "demo"
    if root.exists() and not (root / CONFIG_FILE).exists():
        raise CourseError(f"{root} is in the way: it was not made by the demo. Move it away and run the demo again.")
    shutil.rmtree(root, ignore_errors=True)
    for name in (CONFIG_FILE, "pyproject.toml", f"source/{UNIT}/{unit.source.name}"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course.root / name, root / name)
    demo = Course(root).unit(UNIT)
    for student, nb in submissions(course, master.read(unit.source)).items():
        folder = root / "submitted" / student / UNIT
        folder.mkdir(parents=True)
        (folder / unit.source.name).write_text(json.dumps(nb, indent=1), encoding="utf-8")
        handed_in = DUE + LATE if student == "late" else DUE - timedelta(days=1)
        (folder / "timestamp.txt").write_text(f"{handed_in} UTC\n", encoding="utf-8")
    directory = demo.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate=DUE)
    console.print(f"A class of {len(demo.submissions)} hands in {UNIT}")
    return demo


def table(unit: Unit) -> Path:
    """Write the class's grades.csv; returns its path."""
    path = unit.course.root / "grades.csv"
    export.write([unit], path)
    return path
