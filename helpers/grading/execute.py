"""Execute a grafted notebook in a sandbox: notebook in, notebook with outputs and flags out.

Nothing that comes out of the sandbox is trusted: outputs are built anew from it, in nbformat's form and as text that
can be written to a file.
"""

import ast
import re
import stat
import symtable
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float, Integer

from .master import grade_id, is_solution, is_test
from .sandbox import NUMPY, TENSORFLOW, Cell, Limits, Outcome, SandboxError, Worker, protected

FILES_BYTES = 20 * 2**20
ENDED, BENT = "CellEnded", "NotTrusted"
_TENSORFLOW = re.compile(r"^\s*(?:import|from) (?:keras|tensorflow)\b", re.MULTILINE)
_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)


def modules(nb: NotebookNode) -> tuple[str, ...]:
    """What the warm process for this master imports: TensorFlow takes seconds and memory, so only where it is used."""
    code = (cell.source for cell in nb.cells if cell.cell_type == "code")
    return TENSORFLOW if any(_TENSORFLOW.search(source) for source in code) else NUMPY


def execute(nb: NotebookNode, worker: Worker, files: dict[str, bytes] | None = None) -> NotebookNode:
    """Run the code cells of a grafted notebook (changed in place) in `worker`; flags go into its metadata.

    Raises SandboxError when the sandbox is at fault.
    """
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    outcomes = worker.run([order(cell) for cell in code], files)
    flags: dict[str, list[str]] = {}
    for number, (cell, outcome) in enumerate(zip(code, outcomes, strict=True), 1):
        fill(cell, outcome)
        where = grade_id(cell) or f"code cell {number}"
        if not outcome.trusted:
            flags.setdefault("a check that must fail did not; no points for this test", []).append(where)
        for flag in outcome.flags:
            flags.setdefault(f"{flag} was used or changed; put back before the test", []).append(where)
        if outcome.ended and not outcome.ended.startswith("not run"):
            flags.setdefault(f"left out when the notebook ran again, because {outcome.ended}", []).append(where)
    sentences = [f"{', '.join(where[:3])}{' and others' * (len(where) > 3)}: {what}." for what, where in flags.items()]
    nb.metadata.setdefault("nn_course", NotebookNode())["flags"] = sentences
    return nb


def order(cell: NotebookNode) -> Cell:
    """What the sandbox has to know of a cell."""
    if is_test(cell):
        visible = _HIDDEN.sub("", cell.source)
        return Cell(cell.source, "test", keep=_bound(visible), check=_check_name(cell.source))
    if grade_id(cell) and not is_solution(cell):
        return Cell(cell.source, "given", imports=_imported(cell.source))
    return Cell(cell.source)


def _bound(source: str) -> list[str]:
    """The names that a visible test defines for the notebook."""
    try:
        symbols = symtable.symtable(source, "<test>", "exec").get_symbols()
    except SyntaxError:
        return []
    return [symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()]


def _imported(source: str) -> list[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError:  # magics: the setup cell
        return []
    names = (alias for node in body if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names)
    return [alias.asname or alias.name.partition(".")[0] for alias in names]


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
        outputs.append(_error(ENDED, f"This cell did not finish: {outcome.ended}."))
    elif not outcome.trusted:
        outputs = [_error(BENT, "Not counted: code in this notebook changed how it is tested.")]
    elif outcome.error and not any(output.output_type == "error" for output in outputs):
        outputs.append(_error(*map(_text, outcome.error)))
    elif outcome.error and is_test(cell):
        for output in outputs:
            if output.output_type == "error":
                output.ename, output.evalue = map(_text, outcome.error)
    cell.outputs = outputs


def _error(ename: str, evalue: str) -> NotebookNode:
    return new_output("error", ename=ename, evalue=evalue, traceback=[f"{ename}: {evalue}"])


def clean(output: object) -> NotebookNode | None:
    """The output as nbformat wants it, or None where it is nothing of the kind."""
    try:
        kind = output["output_type"]
        if kind == "stream":
            name = "stderr" if output["name"] == "stderr" else "stdout"
            return new_output(kind, name=name, text=_text(output["text"]))
        if kind == "error":
            lines = [_text(line) for line in output["traceback"]]
            return new_output(kind, ename=_text(output["ename"]), evalue=_text(output["evalue"]), traceback=lines)
        if kind in ("display_data", "execute_result"):
            data = {_text(mime): _content(mime, value) for mime, value in output["data"].items()}
            more = {"execution_count": int(output["execution_count"])} if kind == "execute_result" else {}
            return new_output(kind, data=data, metadata=_plain(output["metadata"]), **more)
    except (KeyError, TypeError, ValueError, AttributeError):
        pass
    return None


def _content(mime: str, value: object) -> object:
    return _plain(value) if mime.endswith("json") else _text(value)


def _text(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {_text(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _text(value) if isinstance(value, str) else value


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


UNPROTECTED = (
    "WARNING: bubblewrap does not work here, so student code runs WITHOUT A SANDBOX: as you, with your files and your "
    "network. Install it (Debian and Ubuntu: apt install bubblewrap), or grade in a throw-away machine."
)


class Execute(NbGraderPreprocessor):
    """For `Autograde.autograde_preprocessors`, in place of nbgrader's own; holds the settings for `course grade` too."""

    cell_seconds = Float(Limits.cell_seconds, help="A cell is interrupted after so many seconds.").tag(config=True)
    notebook_seconds = Float(Limits.notebook_seconds, help="Cells that come later are not run.").tag(config=True)
    memory_gigabytes = Float(Limits.memory / 2**30, help="What a notebook's processes may use.").tag(config=True)
    processes = Integer(Limits.processes, help="How many processes and forks a notebook may have.").tag(config=True)
    require_sandbox = Bool(False, help="Refuse to grade where bubblewrap does not work.").tag(config=True)

    def worker(self, names: tuple[str, ...]) -> Worker:
        """A warm process with these settings. Raises SandboxError where a sandbox is required and there is none."""
        if self.require_sandbox and not protected():
            raise SandboxError("A sandbox is required and bubblewrap does not work here. Install it, see the guide.")
        memory = int(self.memory_gigabytes * 2**30)
        return Worker(names, Limits(self.cell_seconds, self.notebook_seconds, memory, self.processes))

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        course = self.parent.parent.coursedir  # the exporter's and the converter's
        handed_in = course.format_path(course.submitted_directory, where["student"], where["assignment"])
        given = course.format_path(course.source_directory, ".", where["assignment"])
        names = modules(nb)
        if names not in _SHARED:
            _SHARED[names] = self.worker(names)
            if not _SHARED[names].sandboxed:
                self.log.warning(UNPROTECTED)
        return execute(nb, _SHARED[names], files(Path(handed_in)) | files(Path(given))), resources


# Warm processes for all notebooks that stock nbgrader grades in this process; they end with it.
_SHARED: dict[tuple[str, ...], Worker] = {}
