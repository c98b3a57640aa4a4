"""The page that a student gets back: points, what failed and why; never a hidden test's source.

Whatever a student wrote or showed is hostile to whoever opens the page, the instructor in the formgrader included. So
outputs are reduced to text, PNG, JPEG and HTML that bleach has cleaned, and all of it is bounded.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from sysconfig import get_path

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import default

from . import master, message, page
from .build import COLAB
from .message import Message
from .score import Result, failure, score, without_colours

PICTURE_BYTES = 2_000_000  # a page, as base64
TEXT_CHARS = 300_000  # a page, printed text and tracebacks
CELL_CHARS = 20_000  # an output, a cell's source
OWN_CELLS = 200
MESSAGE_CHARS = 3000

_CELL_FRAME = re.compile(r"Cell In\[(\d+)\]")
_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS(.*?)### END HIDDEN TESTS", re.DOTALL)
_FOLDERS = {get_path(name) for name in ("purelib", "platlib", "stdlib")} | {sys.prefix, sys.base_prefix}
_FOLDERS |= {str(Path(__file__).parents[2]), str(Path.home())}
_FOLDERS |= {str(Path(folder).resolve()) for folder in _FOLDERS}
_LONGEST_FIRST = sorted((folder for folder in _FOLDERS if len(folder) > 3), key=len, reverse=True)
_PATHS = re.compile("|".join(re.escape(folder) + "/?" for folder in _LONGEST_FIRST))


def plain(text: str) -> str:
    """Printed text without colours, control characters and this machine's paths."""
    return _PATHS.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n")))


def hide_tests(nb: NotebookNode) -> NotebookNode:
    """A copy of an executed notebook without hidden tests, mark schemes and the traces of both in outputs.

    Outputs are made harmless and bounded. Code that printed a hidden test in some other spelling is not found out.
    """
    secret = {line.strip() for cell in filter(master.is_test, nb.cells) for hidden in _HIDDEN.findall(cell.source)
              for line in hidden.splitlines() if len(line.strip()) > 15}  # fmt: skip
    nb = master.run(nb, master.HIDE)
    secret -= {line.strip() for cell in nb.cells for line in cell.source.splitlines()}
    tests = {cell.execution_count for cell in nb.cells if master.is_test(cell)}
    page = _Page(secret)
    own = [cell for cell in nb.cells if not master.grade_id(cell)]
    dropped = {cell.id for cell in own[OWN_CELLS:]}
    nb.cells = [cell for cell in nb.cells if cell.id not in dropped]
    for cell in nb.cells:
        if not master.is_locked(cell):
            cell.source = _cut(cell.source)
        page.bound_attachments(cell)
        if cell.cell_type != "code":
            continue
        outputs = cell.outputs
        if master.is_test(cell):
            for output in outputs:
                if output.output_type == "error":
                    output.traceback = student_frames(output.traceback, tests)
            # What a function prints while it is tested are the hidden tests' arguments.
            outputs = [output for output in map(_passed, outputs) if output is not None]
        cell.outputs = [output for output in map(page.harmless, outputs) if output is not None]
    return nb


def _cut(text: str) -> str:
    return text if len(text) <= CELL_CHARS else text[:CELL_CHARS] + "\n[the rest is left out]"


def _passed(output: NotebookNode) -> NotebookNode | None:
    """Of a test's outputs: errors, and the names of the checks that passed."""
    if output.output_type == "error":
        return output
    if output.output_type != "stream":
        return None
    lines = [line for line in output.text.splitlines() if line.startswith("passed: ")]
    return new_output("stream", name="stdout", text="\n".join(lines) + "\n") if lines else None


class _Page:
    """What still fits on the page."""

    def __init__(self, secret: set[str]):
        self.secret, self.text, self.pictures = secret, TEXT_CHARS, PICTURE_BYTES

    def harmless(self, output: NotebookNode) -> NotebookNode | None:
        """The output as it may appear, or None."""
        kind = output.output_type
        if kind == "stream":
            return new_output(kind, name=output.name, text=self.shown(output.text))
        if kind == "error":
            ename, evalue = (self.shown(text, MESSAGE_CHARS) for text in (output.ename, output.evalue))
            lines = [self.shown(part) for part in output.traceback] or [f"{ename}: {evalue}"]
            return new_output(kind, ename=ename, evalue=evalue, traceback=lines)
        data = {}
        for mime in ("image/png", "image/jpeg"):
            value = output.data.get(mime)
            if isinstance(value, str) and not data and self._fits(value):
                data[mime] = value
        if not data and isinstance(output.data.get("text/html"), str):
            data["text/html"] = self.shown(output.data["text/html"])
        if not data:
            text = output.data.get("text/plain")
            data["text/plain"] = self.shown(text) if isinstance(text, str) else "[not shown on this page]"
        alt = output.metadata.get("image/png", {})
        alt = alt.get("alt") if isinstance(alt, dict) else None
        metadata = {"image/png": {"alt": alt[:1000]}} if isinstance(alt, str) else {}
        more = {"execution_count": output.execution_count} if kind == "execute_result" else {}
        return new_output(kind, data=data, metadata=metadata, **more)

    def bound_attachments(self, cell: NotebookNode) -> None:
        """Keep the attached pictures that are none but pictures, and fit."""
        for name, bundle in list(cell.get("attachments", {}).items()):
            kept = {m: v for m, v in bundle.items() if m in ("image/png", "image/jpeg") and self._fits(v)}
            if kept:
                cell.attachments[name] = NotebookNode(kept)
            else:
                del cell.attachments[name]

    def shown(self, text: str, most: int = CELL_CHARS) -> str:
        text = plain(text)
        for line in self.secret:
            text = text.replace(line, "[hidden test]")
        kept = text[: min(most, self.text)]
        self.text -= len(kept)
        return kept if len(kept) == len(text) else kept + "\n[the rest is left out]"

    def _fits(self, value: str) -> bool:
        if len(value) > self.pictures or not re.fullmatch(r"[A-Za-z0-9+/=\s]*", value):
            return False
        self.pictures -= len(value)
        return True


def student_frames(traceback: list[str], tests: set[int]) -> list[str]:
    """The parts of IPython's traceback that show the student's own cells, and its last line."""
    frames = []
    for part in traceback[:-1]:
        found = _CELL_FRAME.search(without_colours(part))
        if found and int(found[1]) not in tests:
            frames.append(part)
    return frames + traceback[-1:]


@dataclass
class Failure:
    """Something that a student was told: `tests` are the ids of the cells that said it."""

    message: Message
    tests: list[str]


@dataclass
class Task:
    """One row of the points: `points` is what is given so far; `waits` that a person has yet to mark."""

    number: int
    title: str
    maximum: float
    points: float = 0.0
    waits: bool = False
    failures: list[Failure] = field(default_factory=list)
    section: str = ""
    link: str = ""


@dataclass
class Outcome:
    """The top of a page."""

    title: str
    tasks: list[Task]
    penalty: float
    notes: list[str]
    lecture: str
    given: dict[str, float | None]  # grade id -> points, None while a person has to mark

    @property
    def points(self) -> float:
        """After the late penalty."""
        return sum(task.points for task in self.tasks) - self.penalty

    @property
    def maximum(self) -> float:
        return sum(task.maximum for task in self.tasks)

    @property
    def waits(self) -> bool:
        return any(task.waits for task in self.tasks)

    @property
    def failed(self) -> list[Task]:
        return [task for task in self.tasks if task.failures]


def outcome(nb: NotebookNode, results: list[Result], marks: dict[str, float], penalty: float = 0.0) -> Outcome:
    """Points per task, what failed and what was repaired, in an executed notebook.

    `marks` maps grade ids to the gradebook's points: they count before the automatic ones. `penalty` is for being late.
    """
    titles = master.task_titles(nb)
    lecture, address = lecture_of(nb)
    tasks = {number: Task(number, titles[number], maximum) for number, maximum in master.points(nb).items()}
    given = {result.grade_id: marks.get(result.grade_id, result.points) for result in results}
    for result in results:
        task, points = tasks[result.task], given[result.grade_id]
        task.waits |= points is None
        task.points += points or 0
        if where := master.section(nb, result.grade_id):
            task.section, task.link = where["section"], f"{address}#scrollTo={where['cell']}" if address else ""
        if result.message:
            said = explained(nb, result)
            same = next((known for known in task.failures if known.message == said), None)
            if same:
                same.tests.append(result.grade_id)
            else:
                task.failures.append(Failure(said, [result.grade_id]))
    notes = [plain(note) for note in nb.metadata.get("nn_course", {}).get("notes", [])]
    return Outcome(master.title(nb), list(tasks.values()), penalty, notes, lecture, given)


def explained(nb: NotebookNode, result: Result) -> Message:
    """Why points are missing: what the check said, or the error of the solution's own cell where that came first."""
    said = message.parse(plain(result.message)[:MESSAGE_CHARS])
    if said.check or said.task_open:
        return said
    for cell in nb.cells:
        name = master.grade_id(cell)
        if name.startswith(f"task-{result.task}-") and cell.cell_type == "code" and (error := failure(cell)):
            # IPython names the cell's file, which nobody has: "invalid syntax (123.py, line 1)".
            error = re.sub(
                r" \((?:<ipython-input-[\w-]+>|\d+\.py), (line \d+)\)", r", \1", plain(error)[:MESSAGE_CHARS]
            )
            return Message(f"{name} stops with {error}")
    return said


def lecture_of(nb: NotebookNode) -> tuple[str, str]:
    """The lecture's file in the course's folder, and its address on Colab; from the badge that the master carries."""
    badge = re.compile(re.escape(COLAB) + r"([\w.-]+/[\w.-]+)/blob/main/release/([\w.-]+)/")
    for cell in filter(master.is_locked, nb.cells):
        if found := badge.search(cell.source):
            file = f"notebooks/{found[2]}.ipynb"
            return file, f"{COLAB}{found[1]}/blob/main/{file}"
    return "", ""


class Explain(NbGraderPreprocessor):
    """For `GenerateFeedback.preprocessors`, after GetGrades: hide the tests, and work out the top of the page."""

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            grades = gradebook.find_submission_notebook(where["notebook"], where["assignment"], where["student"]).grades
            marks = {grade.name: _points(grade) for grade in grades}
        resources["outcome"] = outcome(nb, score(nb), marks, where["late_penalty"])
        return hide_tests(nb), resources


def _points(grade) -> float | None:
    """None where neither a test nor a person has given points."""
    return None if grade.auto_score is None and grade.manual_score is None else grade.score


class Page(Exporter):
    """For `GenerateFeedback.exporter_class`: one HTML page that needs no network and runs no script."""

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        told = resources["nbgrader"]
        html = page.render("feedback.html.j2", nb=nb, outcome=resources["outcome"], unit=told["assignment"],
                           student=told["student"])  # fmt: skip
        return html, resources
