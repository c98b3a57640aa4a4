"""Execute a grafted notebook in a sandbox: notebook in, notebook with outputs and flags out.

Nothing that comes out of the sandbox is trusted: outputs are built anew from it (module outputs).
"""

import ast
import re
import stat
import symtable
import threading
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float, Integer

from .box import protected
from .master import grade_id, is_picture, is_solution, is_test
from .outputs import clean, error, text
from .sandbox import NUMPY, TENSORFLOW, Cell, Limits, Outcome, SandboxError, Worker

# Python 3.11 counts the depth of syntax trees for all threads together: SystemError where two parse at a time.
PARSING = threading.Lock()
FILES_BYTES = 20 * 2**20
FLAGS = 50  # a notebook
ENDED, BENT = "CellEnded", "NotTrusted"
_TENSORFLOW = re.compile(r"^\s*(?:import|from) (?:keras|tensorflow)\b", re.MULTILINE)
_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)


def modules(nb: NotebookNode) -> tuple[str, ...]:
    """What the warm process for a notebook imports: TensorFlow takes seconds and memory, so only where it is used.

    Of an assignment the locked cells decide, not what a student writes.
    """
    locked = [cell for cell in nb.cells if grade_id(cell) and not is_solution(cell)]
    code = [cell.source for cell in locked or nb.cells if cell.cell_type == "code"]
    return TENSORFLOW if any(map(_TENSORFLOW.search, code)) else NUMPY


def execute(nb: NotebookNode, worker: Worker, limits: Limits, files: dict[str, bytes] | None = None) -> NotebookNode:
    """Run the code cells of a notebook (changed in place) in `worker`; flags and seconds go into its metadata.

    A picture that the student has drawn stays and is not drawn again. Raises SandboxError when the sandbox is at fault.
    """
    code = [cell for cell in nb.cells if cell.cell_type == "code" and not (is_picture(cell) and cell.outputs)]
    with PARSING:
        own = {name for cell in code if is_solution(cell) for name in _bound(cell.source)}
        orders = [order(cell, own) for cell in code]
    outcomes = worker.run(orders, files, limits)
    flags: dict[str, list[str]] = {}
    for number, (cell, outcome) in enumerate(zip(code, outcomes, strict=True), 1):
        fill(cell, outcome)
        where = grade_id(cell) or f"code cell {number}"
        said = [f"{name} was changed; put back for the tests" for name in outcome.changed]
        said += [f"{name} was asked for, which is refused while a notebook is graded" for name in outcome.refused]
        if not outcome.trusted:
            said.append("what it stands on was changed while it ran, or a check that must fail passed; no points")
        if outcome.ended and outcome.run:
            said.append(f"it did not finish and was left out, because {outcome.ended}")
        elif outcome.ended:
            said.append(f"not run, because {outcome.ended}")
        for sentence in said:
            flags.setdefault(sentence, []).append(where)
    sentences = [f"{', '.join(where[:3])}{' and others' * (len(where) > 3)}: {what}." for what, where in flags.items()]
    about = nb.metadata.setdefault("nn_course", NotebookNode())
    about["flags"] = sentences[:FLAGS]
    about["seconds"] = round(sum(outcome.seconds for outcome in outcomes), 3)
    return nb


def order(cell: NotebookNode, own: set[str] = frozenset()) -> Cell:
    """What the sandbox has to know of a cell. `own` are the names that solutions define: they are never given."""
    if is_test(cell):
        keep = _bound(_HIDDEN.sub("", cell.source))
        names = [name for name in keep if name not in own]
        return Cell(cell.source, "test", names=names, keep=keep, check=_check_name(cell.source))
    if grade_id(cell) and not is_solution(cell):
        names = [name for name in _bound(cell.source) if name not in own]
        return Cell(cell.source, "given", imports=_imports(cell.source), names=names)
    return Cell(cell.source)


def _bound(source: str) -> list[str]:
    """The names that a cell defines; none where it is not plain Python."""
    try:
        symbols = symtable.symtable(source, "<cell>", "exec").get_symbols()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()]


def _imports(source: str) -> str:
    """A cell's import statements."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # magics: the setup cell
        return ""
    return "\n".join(ast.unparse(node) for node in body if isinstance(node, (ast.Import, ast.ImportFrom)))


def _check_name(source: str) -> str:
    """The name of the test's first check: the check that must fail carries it too."""
    for node in ast.walk(ast.parse(source)):
        called = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("check.") and node.args
        if called and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            return node.args[0].value
    return "a check"


def fill(cell: NotebookNode, outcome: Outcome) -> None:
    """Write what a cell did into it."""
    passed = outcome.error is None and outcome.trusted and not outcome.ended
    cell.execution_count = outcome.count if isinstance(outcome.count, int) else None
    outputs = list(filter(None, map(clean, outcome.outputs)))
    if is_test(cell) and passed:
        outputs = [output for output in outputs if output.output_type != "error"]
    elif outcome.ended:
        how = "did not finish" if outcome.run else "was not run"
        outputs.append(error(ENDED, f"This cell {how}: {outcome.ended}."))
    elif not outcome.trusted:
        outputs = [error(BENT, "Not counted: code in this notebook changed how it is tested.")]
    elif outcome.error and not any(output.output_type == "error" for output in outputs):
        outputs.append(error(*map(text, outcome.error)))
    elif outcome.error and is_test(cell):
        for output in outputs:
            if output.output_type == "error":
                output.ename, output.evalue = map(text, outcome.error)
    cell.outputs = outputs


def files(folder: Path) -> dict[str, bytes]:
    """The regular files in a folder but notebooks, by relative path; what is more than FILES_BYTES in all is left."""
    found, room = {}, FILES_BYTES
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".ipynb" or path.is_symlink() or any(up.is_symlink() for up in path.parents):
            continue
        about = path.lstat()
        if stat.S_ISREG(about.st_mode) and about.st_size <= room:
            room -= about.st_size
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


NO_SANDBOX = (
    "{what} requires a sandbox, and bubblewrap does not work on {where}. Install it (Debian and Ubuntu: apt install "
    "bubblewrap); in a container, allow user namespaces."
)
UNPROTECTED = (
    "WARNING: bubblewrap does not work on {where}, so student code runs WITHOUT A SANDBOX: as you, with your files and "
    "your network. Install it (Debian and Ubuntu: apt install bubblewrap), or grade in a throw-away machine."
)


class Execute(NbGraderPreprocessor):
    """For `Autograde.autograde_preprocessors`, in place of nbgrader's own; `course grade` has its settings too."""

    cell_seconds = Float(Limits.cell_seconds, help="A cell is interrupted after so many seconds.").tag(config=True)
    notebook_seconds = Float(Limits.notebook_seconds, help="Cells that come later are not run.").tag(config=True)
    memory_gigabytes = Float(Limits.memory / 2**30, help="What a notebook's processes may use.").tag(config=True)
    processes = Integer(Limits.processes, help="How many processes and forks a notebook may have.").tag(config=True)
    require_sandbox = Bool(False, help="Refuse to grade where bubblewrap does not work.").tag(config=True)

    def limits(self) -> Limits:
        """These settings."""
        memory = int(self.memory_gigabytes * 2**30)
        return Limits(self.cell_seconds, self.notebook_seconds, memory, self.processes)

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        course = self.parent.parent.coursedir  # the exporter's and the converter's
        handed_in = course.format_path(course.submitted_directory, where["student"], where["assignment"])
        given = course.format_path(course.source_directory, ".", where["assignment"])
        from .pool import shared

        if not protected():
            if self.require_sandbox:
                raise SandboxError(NO_SANDBOX.format(what="nbgrader_config.py", where="this machine"))
            self.log.warning(UNPROTECTED.format(where="this machine"))
        beside = files(Path(handed_in)) | files(Path(given))
        return shared().execute(nb, self.limits(), beside), resources
