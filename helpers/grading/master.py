"""The instructor's master notebook and the forms that are derived from it.

Pure functions on notebook nodes; no gradebook, no kernel. The lists of nbgrader preprocessors stand here once and are
named by ``nbgrader_config.py`` too, so that stock nbgrader derives the same bytes.
"""

import re
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
    SaveCells,
)
from nbgrader.utils import is_grade, is_locked, is_solution
from traitlets.config import Config

CONFIG = Config()
# The mark scheme stands in the locked question cell above a written answer, where the grader reads it in the
# formgrader; nbgrader by default only allows it in "task" cells, which have no answer cell of their own.
CONFIG.ClearMarkScheme.enforce_metadata = False

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
CELL_METADATA = {"deletable", "editable", "lecture", "nbgrader", "tags"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

_ID = re.compile(r"^(?:question|task|test)-(\d+)-")


class NameStubs(NbGraderPreprocessor):
    """Let every stub say which task and which function it belongs to."""

    def preprocess_cell(self, cell, resources, cell_index):
        if is_solution(cell) and cell.cell_type == "code":
            number, function, lines = task_number(grade_id(cell)), grade_id(cell), []
            for line in cell.source.split("\n"):
                if found := re.match(r"def (\w+)", line):
                    function = found[1]
                open_task = f'NotImplementedError("Task {number}, {function}, is still open.")'
                lines.append(line.replace("NotImplementedError()", open_task))
            cell.source = "\n".join(lines)
        return cell, resources


STUB = [LockCells, ClearSolutions, NameStubs, ClearOutput, CheckCellMetadata, ComputeChecksums]
# The checksums of what students get must be those of the cells without hidden tests.
HIDE = [ClearHiddenTests, ClearMarkScheme]
RELEASE = [*STUB, SaveCells, *HIDE, ComputeChecksums, CheckCellMetadata]


def grade_id(cell: NotebookNode) -> str:
    """The cell's nbgrader id, "" where it has none."""
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def task_number(identifier: str) -> int | None:
    """3 for "test-3-predict-1"; None for ids that belong to no task."""
    found = _ID.match(identifier)
    return int(found[1]) if found else None


def is_test(cell: NotebookNode) -> bool:
    """Whether the cell is an autograded test."""
    return is_grade(cell) and not is_solution(cell)


def is_written(cell: NotebookNode) -> bool:
    """Whether the cell is a written answer that a person marks."""
    return is_grade(cell) and is_solution(cell)


def is_picture(cell: NotebookNode) -> bool:
    """Whether the cell draws what the student has built: for the eye, without points, and no test needs it."""
    return grade_id(cell).startswith("picture-")


def points(nb: NotebookNode) -> dict[int, float]:
    """Graded points per task number, in the notebook's order."""
    total: dict[int, float] = {}
    for cell in filter(is_grade, nb.cells):
        number = task_number(grade_id(cell))
        total[number] = total.get(number, 0) + cell.metadata.nbgrader["points"]
    return total


def task_names(nb: NotebookNode) -> dict[int, str]:
    """Short name per task number, from the ids of the solution cells: {3: "predict"}."""
    ids = [grade_id(cell) for cell in nb.cells if is_solution(cell)]
    return {task_number(name): name.split("-", 2)[2] for name in ids}


def task_titles(nb: NotebookNode) -> dict[int, str]:
    """What the heading of each task's question says: {3: "the output of a perceptron"}."""
    titles = task_names(nb)
    for cell in _prose(nb):
        for number, title in re.findall(r"^## Task (\d+): (.+?)(?: \(\d+ points?\))?$", cell.source, re.MULTILINE):
            titles |= {int(number): title} if int(number) in titles else {}
    return titles


def title(nb: NotebookNode) -> str:
    """The notebook's first heading, "" where it has none."""
    found = (re.search(r"^# (.+)$", cell.source, re.MULTILINE) for cell in _prose(nb))
    return next((heading[1] for heading in found if heading), "")


def _prose(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if is_locked(cell) and cell.cell_type == "markdown"]


def section(nb: NotebookNode, identifier: str) -> dict[str, str]:
    """Where the lecture explains what this cell asks for: {"cell": its id there, "section": the heading}, or {}.

    Stands in the metadata of the question: "question-3-predict" for "task-3-predict" and "test-3-predict-1".
    """
    found = re.fullmatch(r"test-(\d+-.+)-\d+|task-(\d+-.+)", identifier)
    question = f"question-{found[1] or found[2]}" if found else ""
    return next((dict(cell.metadata.get("lecture", {})) for cell in nb.cells if grade_id(cell) == question), {})


def run(nb: NotebookNode, preprocessors: list[type]) -> NotebookNode:
    """A copy of `nb` after nbgrader's `preprocessors`."""
    nb = deepcopy(nb)
    for preprocessor in preprocessors:
        nb, _ = preprocessor(config=CONFIG).preprocess(nb, {})
    return nb


def stub_master(source: NotebookNode) -> NotebookNode:
    """What grading runs on: solutions replaced by stubs, hidden tests and mark schemes kept."""
    return run(source, STUB)


def release(source: NotebookNode) -> NotebookNode:
    """What students get: the stub master without hidden tests and mark schemes."""
    return run(source, [step for step in RELEASE if step is not SaveCells])


def solution(source: NotebookNode) -> NotebookNode:
    """The worked solution, not yet executed: an ordinary notebook without hidden tests, mark schemes and markers."""
    nb = run(source, [ClearOutput, *HIDE])
    for cell in nb.cells:
        for key in ("nbgrader", "lecture"):
            cell.metadata.pop(key, None)
        lines = cell.source.split("\n")
        cell.source = "\n".join(line for line in lines if not re.search(r"### (BEGIN|END) SOLUTION", line))
    return nb


def canonical(nb: NotebookNode) -> NotebookNode:
    """A copy in the one form in which notebooks are stored: stable ids, no editor's leftovers, static outputs.

    The id of a cell equals its grade id where it has one. Of a widget's output only the static picture is kept,
    because the live view refers to a kernel that is gone.
    """
    nb = deepcopy(nb)
    nb.nbformat, nb.nbformat_minor = 4, 5
    nb.metadata = NotebookNode(kernelspec=KERNELSPEC, language_info={"name": "python"})
    for cell in nb.cells:
        if grade_id(cell):
            cell.id = grade_id(cell)
        cell.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k in CELL_METADATA})
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    return nb


def read(path: Path) -> NotebookNode:
    """Read one of the course's own notebooks."""
    return nbformat.read(path, as_version=4)


def text(nb: NotebookNode) -> str:
    """The canonical file content of `nb`."""
    return nbformat.writes(canonical(nb), version=4) + "\n"


def write(nb: NotebookNode, path: Path) -> None:
    """Write `nb` in its canonical form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(nb), encoding="utf-8")


__all__ = [
    "HIDE", "RELEASE", "STUB", "canonical", "grade_id", "is_grade", "is_locked", "is_solution", "is_test",
    "is_written", "points", "read", "release", "run", "section", "solution", "stub_master", "task_names",
    "task_number", "task_titles", "text", "title", "write",
]  # fmt: skip
