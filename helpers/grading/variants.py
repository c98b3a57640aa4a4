"""Variants of a master for the audit: known mistakes and differently written right solutions.

Both are written in the py:percent form that JupyterLab (with jupytext) and VS Code open as a notebook:

    # %% [task-2-sigmoid-relu] sigmoid overflows        in tests/mistakes/<unit>.py
    # hint: a fragment of the hint that must be shown
    def sigmoid(phi): ...

    # %% [task-3-predict]                               in tests/alternatives/<unit>/<name>.py
    # %% [extra]                                        a cell of the student's own, before the first task
    # %% [extra after task-2-sigmoid-relu]              or after the cell of that id
"""

import ast
import re
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from .course import CourseError
from .master import grade_id, is_solution, task_number

_HEADER = re.compile(r"# %% \[([^\]]+)\](?: +(.+))?$")
_HINT = re.compile(r"# hint: *(\S.*)$")


@dataclass(frozen=True)
class Mistake:
    """A known mistake in one task: `hint` is what its test must say, `functions` the names it defines."""

    name: str
    task: int
    hint: str
    functions: frozenset[str]
    nb: NotebookNode


@dataclass(frozen=True)
class Alternative:
    """A whole submission that is right; `how` says in which way it differs from the worked solution."""

    name: str
    how: str
    nb: NotebookNode


@dataclass(frozen=True)
class _Cell:
    where: str
    tag: str
    title: str
    source: str


def mistakes(path: Path, master: NotebookNode) -> list[Mistake]:
    """Read a unit's mistakes: the worked solution with the mistake's code appended to the task's cell.

    Raises CourseError that names file and line for an unknown task, a missing or repeated name, a missing
    hint and code that is not Python.
    """
    _, cells = _read(path)
    solutions, found = _solutions(master), {}
    for cell in cells:
        if cell.tag not in solutions:
            raise CourseError(f'{cell.where}: no task "{cell.tag}" with code. Known: {", ".join(solutions)}.')
        if not cell.title:
            raise CourseError(f"{cell.where}: the mistake has no name. Write it after the brackets.")
        name = f"{cell.tag}: {cell.title}"
        if name in found:
            raise CourseError(f'{cell.where}: the name "{cell.title}" was given to this task before.')
        hint = _HINT.match(cell.source.partition("\n")[0])
        if not hint:
            raise CourseError(f'{cell.where}: the line after the header must be "# hint: ...".')
        functions = frozenset(definitions(cell.source))
        if not functions:
            raise CourseError(f"{cell.where}: the mistake defines no function.")
        nb = replace(master, cell.tag, f"{solutions[cell.tag]}\n\n\n{cell.source}")
        found[name] = Mistake(name, task_number(cell.tag), hint[1].strip(), functions, nb)
    return list(found.values())


def alternative(path: Path, master: NotebookNode) -> Alternative:
    """Read one right solution; tasks that it does not name are taken from the worked solution.

    Raises CourseError that names file and line for an unknown or repeated task, an unknown place of an
    extra cell, code that is not Python, and a file without a docstring.
    """
    before, cells = _read(path)
    how = ast.get_docstring(ast.parse(before))
    if not how:
        raise CourseError(f"{path}: no docstring that says how this solution differs.")
    nb, solutions, seen = deepcopy(master), _solutions(master), set()
    for cell in cells:
        extra = re.fullmatch(r"extra(?: after (\S+))?", cell.tag)
        if extra:
            ids = [grade_id(other) for other in nb.cells]
            after = extra[1]
            if after and after not in ids:
                raise CourseError(f'{cell.where}: there is no cell "{after}" that this one could follow.')
            # Several extra cells after one place keep their order.
            place = ids.index(after) + 1 if after else ids.index(next(iter(solutions)))
            while after and place < len(ids) and not ids[place]:
                place += 1
            nb.cells.insert(place, new_code_cell(cell.source))
        elif cell.tag not in solutions:
            raise CourseError(f'{cell.where}: no task "{cell.tag}" with code. Known: {", ".join(solutions)}.')
        elif cell.tag in seen:
            raise CourseError(f'{cell.where}: the task "{cell.tag}" stands here twice.')
        else:
            seen.add(cell.tag)
            nb = replace(nb, cell.tag, cell.source)
    return Alternative(path.stem, " ".join(how.split()), nb)


def replace(nb: NotebookNode, identifier: str, source: str) -> NotebookNode:
    """A copy of `nb` in which the cell with this grade id holds `source`."""
    nb = deepcopy(nb)
    for cell in nb.cells:
        if grade_id(cell) == identifier:
            cell.source = source
    return nb


def definitions(source: str) -> list[str]:
    """Names that `source` defines at its top level: functions, classes, and what is assigned to a name."""
    names = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        if isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return names


def _solutions(master: NotebookNode) -> dict[str, str]:
    code = [cell for cell in master.cells if is_solution(cell) and cell.cell_type == "code"]
    return {grade_id(cell): cell.source for cell in code}


def _read(path: Path) -> tuple[str, list[_Cell]]:
    before, blocks = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# %%"):
            header = _HEADER.match(line.rstrip())
            if not header:
                raise CourseError(f'{path}:{number}: a cell begins with "# %% [task-...] name", not with "{line}".')
            blocks.append((number, header, []))
        else:
            (blocks[-1][2] if blocks else before).append(line)
    cells = []
    for number, header, lines in [(0, None, before), *blocks]:
        source = "\n".join(lines).rstrip()
        try:
            ast.parse(source)
        except SyntaxError as error:
            raise CourseError(f"{path}:{number + (error.lineno or 1)}: not Python: {error.msg}.") from None
        if header:
            cells.append(_Cell(f"{path}:{number}", header[1], header[2] or "", source))
    return "\n".join(before), cells
