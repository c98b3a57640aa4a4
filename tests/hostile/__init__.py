"""Submissions that attack the grader, break it by accident, or look strange and are right; each with its outcome.

One file a family. A case changes the worked solution of unit 01 (`start=WORKED`) or the notebook as released, in which
nothing is solved (`start=OPEN`). tests/grading/test_hostile.py grades all of them in one batch.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from helpers.grading import demo, master

OPEN, WORKED = "open", "worked"
MAXIMA = {1: 1, 2: 2, 3: 3, 4: 4, 5: 4, 6: 2}
ALL, NONE = tuple(MAXIMA), ()


@dataclass
class Case:
    """One submission and what must become of it.

    `lost` are the tasks that earn nothing and `points` those that earn a part; all others earn everything. Or
    `not_graded` is a fragment of the reason. `says` is a fragment of the remarks to the instructor. `never` must not
    be printed: code prints it where it finds what it must not find.

    The notebook: `before` is a cell of the student's own above the first task, `after` one at the end, `cells` maps
    grade ids to sources; `change` alters the notebook, `file` makes the whole file's content from it, and `beside`
    puts something into the folder.
    """

    name: str
    tries: str
    lost: tuple[int, ...] = NONE
    points: dict[int, float] = field(default_factory=dict)
    says: str = ""
    never: str = "FOUND"
    not_graded: str = ""
    start: str = WORKED
    before: str = ""
    after: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    change: Callable[[NotebookNode], None] | None = None
    file: Callable[[NotebookNode], bytes] | None = None
    filename: str = "perceptron.ipynb"
    beside: Callable[[Path], None] | None = None

    @property
    def expected(self) -> dict[int, float]:
        """Points per task."""
        return {task: 0 if task in self.lost else self.points.get(task, most) for task, most in MAXIMA.items()}

    def hand_in(self, folder: Path, source: NotebookNode) -> None:
        """Write the submission into `folder`; `source` is the master."""
        nb = deepcopy(master.release(source) if self.start == OPEN else demo.hand_in(source))
        ids = [master.grade_id(cell) for cell in nb.cells]
        for identifier, text in self.cells.items():
            nb.cells[ids.index(identifier)].source = text.strip("\n")
        if self.after:
            nb.cells.append(new_code_cell(self.after.strip("\n"), id="own-2"))
        if self.before:
            nb.cells.insert(ids.index("imports") + 1, new_code_cell(self.before.strip("\n"), id="own-1"))
        if self.change:
            self.change(nb)
        folder.mkdir(parents=True)
        content = self.file(nb) if self.file else json.dumps(nb, indent=1).encode()
        (folder / self.filename).write_bytes(content)
        if self.beside:
            self.beside(folder)


FAMILIES = ("bent_tests", "other_files", "unfair", "harm", "outputs", "broken_files", "honest")


def cases(*families: str) -> list[Case]:
    """The cases of some families, by default of all."""
    return [case for family in families or FAMILIES for case in import_module(f".{family}", __name__).CASES]
