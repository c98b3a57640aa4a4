"""Build what is derived from the masters: releases, worked solutions, the parts that name the repository's address."""

import copy
import random
import re
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import is_grade, is_solution

from . import master
from .course import Course, CourseError, Unit

COLAB = "https://colab.research.google.com/github/"
CELL_SECONDS = 180


def setup_source(repository: str) -> str:
    """The first code cell of every notebook: installs `helpers` where it is missing (Colab), else does nothing."""
    return (
        "import importlib.util\n"
        'if not importlib.util.find_spec("helpers"):\n'
        f'    %pip install --quiet "nn-course-helpers @ git+{repository}"'
    )


def readdress(text: str, repository: str) -> str:
    """`text` with every Colab badge and every link into a repository on GitHub's main branch led to `repository`."""
    path = repository.removeprefix("https://github.com/")
    text = re.sub(re.escape(COLAB) + r"[^/\s]+/[^/\s]+(?=/blob/main/)", COLAB + path, text)
    return re.sub(r"https://github\.com/[^/\s]+/[^/\s]+(?=/blob/main/)", repository, text)


def addressed(nb: NotebookNode, repository: str) -> NotebookNode:
    """`nb` with the repository's address in its first code cell, its badges and its links (changed in place).

    Raises CourseError where the first code cell is another one than the setup cell, which must not be lost.
    """
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = readdress(cell.source, repository)
    first = next((cell for cell in nb.cells if cell.cell_type == "code"), None)
    if first is None or 'find_spec("helpers")' not in first.source:
        raise CourseError(
            "A notebook's first code cell must be the setup cell; put this one in:\n" + setup_source(repository)
        )
    first.source = setup_source(repository)
    return nb


def execute(nb: NotebookNode) -> NotebookNode:
    """`nb` executed in a folder of its own. Raises CellExecutionError when a cell fails."""
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            nb, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False, coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
        )  # fmt: skip
        return client.execute()


def solution(unit: Unit, source: NotebookNode) -> NotebookNode:
    """The worked solution of `unit`, not yet executed."""
    nb = master.solution(source)
    title = nb.cells[0]
    title.source = title.source.replace("# Assignment", "# Worked solution", 1)
    title.source = title.source.replace(f"/release/{unit.name}/{unit.source.name}", f"/solutions/{unit.name}.ipynb")
    return nb


def release(unit: Unit) -> None:
    """Write the unit's release; the master and the lecture get the repository's address first."""
    for path in filter(Path.exists, (unit.source, unit.lecture)):
        master.write(addressed(master.read(path), unit.course.repository), path)
    master.write(master.release(master.read(unit.source)), unit.release)


def readme(course: Course) -> None:
    """Lead the README's badges and links to the repository's address."""
    path = course.root / "README.md"
    if path.exists():
        path.write_text(readdress(path.read_text(encoding="utf-8"), course.repository), encoding="utf-8")


def same_but_outputs(a: NotebookNode, b: NotebookNode) -> bool:
    """Whether two notebooks have the same cells and metadata, outputs aside."""
    forms = []
    for nb in (a, b):
        nb = master.canonical(nb)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        forms.append(nbformat.writes(nb))
    return forms[0] == forms[1]


def build_solution(unit: Unit, force: bool = False) -> bool:
    """Write and execute the unit's worked solution. Returns False where the stored one has the same cells already."""
    nb = solution(unit, master.read(unit.source))
    if not force and unit.solution.exists() and same_but_outputs(nb, master.read(unit.solution)):
        return False
    master.write(execute(nb), unit.solution)
    return True


def register(unit: Unit) -> None:
    """Tell nbgrader's gradebook the unit's cells and points, as `nbgrader generate_assignment` does.

    Raises CourseError when cells were added or removed although submissions are graded already.
    """
    directory = unit.course.directory()
    nb = master.stub_master(master.read(unit.source))
    where = {"notebook": unit.notebook, "assignment": unit.name, "db_url": directory.db_url}
    for last in (False, False, False, True):
        try:
            with Gradebook(directory.db_url, directory.course_id) as gradebook:
                if _registered(gradebook, unit, nb):
                    return
                gradebook.update_or_create_assignment(unit.name)
            SaveCells().preprocess(copy.deepcopy(nb), {"nbgrader": where})
            return
        except RuntimeError as error:
            raise CourseError(
                f"source/{unit.name} has other cells than when submissions were graded, and the gradebook refuses "
                "that. Restore the cells, or move gradebook.db away and grade the class again."
            ) from error
        except Exception:
            # Tables come in several steps, and nbgrader removes a notebook and adds it again: two graders that start
            # at the same time meet each other's halves.
            if last:
                raise
            time.sleep(random.uniform(0.1, 1.0))


def _registered(gradebook: Gradebook, unit: Unit, nb: NotebookNode) -> bool:
    """Whether the gradebook has the notebook's cells already, with their points and sources."""
    try:
        known = gradebook.find_notebook(unit.notebook, unit.name)
    except MissingEntry:
        return False
    cells = {master.grade_id(cell): cell for cell in nb.cells if master.grade_id(cell)}
    points = {name: cell.metadata.nbgrader.points for name, cell in cells.items() if is_grade(cell)}
    return (
        {cell.name: cell.max_score for cell in known.grade_cells} == points
        and {cell.name for cell in known.solution_cells} == {name for name, cell in cells.items() if is_solution(cell)}
        and {cell.name: cell.source for cell in known.source_cells}
        == {name: cell.source for name, cell in cells.items()}
    )


def build(unit: Unit, anew: bool = False) -> bool:
    """Everything for one unit; returns whether the solution was executed.

    `anew` executes solution and lecture also where their cells are unchanged: after a change to `helpers`.
    """
    release(unit)
    register(unit)
    if anew and unit.lecture.exists():
        master.write(execute(master.read(unit.lecture)), unit.lecture)
    return build_solution(unit, force=anew)
