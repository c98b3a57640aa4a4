"""Score an executed notebook: outputs in, points out. Pure."""

import re
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from .execute import BENT, ENDED
from .master import grade_id, is_test, is_written, task_number

NO_ANSWER = "No answer was written."

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Result:
    """What one graded cell earned. `points` is None while a person has to mark it.

    `message` says why points are missing.
    """

    grade_id: str
    task: int
    points: float | None
    max_points: float
    message: str = ""


def score_cell(cell: NotebookNode) -> Result:
    """Points of one graded cell: all or none for a test, 0 for an untouched written answer, else open.

    Only an error costs points. Warnings and prints on stderr do not, and neither does a value that the cell displays,
    which stock nbgrader would read as partial credit.
    """
    identifier = grade_id(cell)
    maximum = float(cell.metadata.nbgrader["points"])
    points, message = maximum, ""
    if is_test(cell):
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if errors:
            points, message = 0.0, reason(errors[0])
        elif cell.execution_count is None:
            points, message = 0.0, "This test was not run."
    elif is_written(cell):
        untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
        points, message = (0.0, NO_ANSWER) if untouched else (None, "")
    return Result(identifier, task_number(identifier), points, maximum, message)


def shown(number: float) -> str:
    """2 for 2.0, 2.5 for 2.5."""
    return f"{number:g}"


def without_colours(text: str) -> str:
    """`text` without the terminal's escape sequences."""
    return _ESCAPE.sub("", text)


def reason(error: NotebookNode) -> str:
    """The error output in words, without escape sequences and without the test's source."""
    if error.ename in ("CheckFailed", ENDED, BENT):
        return without_colours(error.evalue)
    if error.ename == "KeyboardInterrupt" or error.ename == "CellTimeoutError":
        return "This test was stopped because it took too long. Does every loop in your code end?"
    return without_colours(f"{error.ename}: {error.evalue}")


def failure(cell: NotebookNode) -> str:
    """ "Name: text" of the first error in a code cell's outputs, "" where there is none."""
    errors = (output for output in cell.outputs if output.output_type == "error")
    return next((f"{error.ename}: {without_colours(error.evalue)}" for error in errors), "")


def score(nb: NotebookNode) -> list[Result]:
    """The results of all graded cells of an executed notebook, in its order."""
    return [score_cell(cell) for cell in nb.cells if is_test(cell) or is_written(cell)]
