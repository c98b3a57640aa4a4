"""The notebooks of some units, as the gates look at them: each read once, derived once, run once."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from . import master, pool
from .course import Course, Unit
from .sandbox import Limits

# What a lecture or a worked solution may take on two cores, and with TensorFlow.
SECONDS, SECONDS_TENSORFLOW = 60, 180


class Notebook:
    """One stored notebook; `nb` is None where there is no file, or none that can be read."""

    def __init__(self, unit: Unit, kind: str, path: Path):
        self.unit, self.kind = unit, kind
        self.where = path.relative_to(unit.course.root).as_posix()
        self.exists = path.is_file()
        self.bytes = path.read_bytes() if self.exists else b""
        try:
            self.nb = master.read(path) if self.exists else None
        except Exception as error:  # nbformat raises whatever the damage leads to
            self.nb, self.reason = None, f"{type(error).__name__}: {error}".splitlines()[0]

    def at(self, cell: NotebookNode) -> str:
        return f"{self.where}, cell {cell.get('id', '?')}"

    @property
    def cells(self) -> list[NotebookNode]:
        return self.nb.cells if self.nb else []

    @property
    def code(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if cell.cell_type == "code"]


class Files:
    """The four notebooks of a unit, and what its master gives when it is derived anew."""

    def __init__(self, unit: Unit):
        self.unit = unit
        self.lecture = Notebook(unit, "lecture", unit.lecture)
        self.master = Notebook(unit, "master", unit.source)
        self.release = Notebook(unit, "release", unit.release)
        self.solution = Notebook(unit, "solution", unit.solution)
        self.all = [self.lecture, self.master, self.release, self.solution]
        self.stub = self.released = None
        self.problem = "it cannot be read"
        if self.master.nb:
            try:
                source = master.canonical(self.master.nb)  # the build starts with that too
                self.stub, self.released = master.stub_master(source), master.release(source)
            except Exception as error:  # nbgrader raises RuntimeError, ValidationError and KeyError alike
                self.problem = f"{type(error).__name__}: {error}".splitlines()[0]

    @property
    def budget(self) -> int:
        """Seconds that the lecture and the worked solution may run."""
        code = "\n".join(cell.source for book in (self.lecture, self.master) for cell in book.code)
        heavy = re.search(r"^\s*(?:import|from) +(?:tensorflow|keras)\b", code, re.M)
        return SECONDS_TENSORFLOW if heavy else SECONDS


class Shelf:
    """The notebooks of some units, each read once and run once."""

    def __init__(self, course: Course, units: list[str]):
        self.course = course
        self.files = [Files(course.unit(name)) for name in units]
        self.notebooks = [notebook for files in self.files for notebook in files.all]

    @cached_property
    def runs(self) -> dict[str, NotebookNode]:
        """Each lecture, solution and stub, executed anew as grading does it.

        The keys are the notebooks' `where`; the stub stands under the master's.
        """
        results = {}
        for budget in sorted({files.budget for files in self.files}):
            todo = {}
            for files in self.files:
                if files.budget == budget:
                    todo |= {book.where: book.nb for book in (files.lecture, files.solution) if book.nb}
                    todo |= {files.master.where: files.stub} if files.stub else {}
            # Three times as long: a notebook just over its budget is measured and not cut, on a busy machine too.
            limits = Limits(cell_seconds=budget * 3, notebook_seconds=budget * 3)
            results |= zip(todo, pool.shared().map(map(deepcopy, todo.values()), limits), strict=True)
        return results


def strings(node) -> Iterator[str]:
    """Every string in a notebook, a cell or an output, keys and encoded pictures left out."""
    if isinstance(node, str):
        yield re.sub(r"base64,[A-Za-z0-9+/=]+", "base64,", node)
    elif isinstance(node, list):
        for item in node:
            yield from strings(item)
    elif isinstance(node, dict):
        for key, item in node.items():
            if not key.startswith("image/") or key == "image/svg+xml":
                yield from strings(item)
