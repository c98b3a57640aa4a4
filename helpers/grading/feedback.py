"""The page that a student gets back: points, what failed and why; never a hidden test's source.

Whatever a student wrote or showed is hostile to whoever opens the page, the instructor in the formgrader included. So
outputs are reduced to text, PNG, JPEG and HTML that bleach has cleaned, and all of it is bounded. The two filters below
replace nbconvert's own, see ``nbgrader_config.py``.
"""

import re
import sys
from html import escape as escape_html
from pathlib import Path
from sysconfig import get_path

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from . import master
from .score import Result, score, shown, without_colours

PICTURE_BYTES = 2_000_000  # a page, as base64
TEXT_CHARS = 300_000  # a page, printed text and tracebacks
CELL_CHARS = 20_000  # an output, a cell's source
OWN_CELLS = 200
MESSAGE_CHARS = 3000
TAGS = {*bleach.ALLOWED_TAGS, *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "pre", "br", "hr", "img"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "dl", "dt", "dd"),
        *("del", "s", "u", "small", "sub", "sup", "details", "summary")}  # fmt: skip
STYLES = ["text-align", "vertical-align", "color", "background-color", "font-weight", "font-style"]

_CELL_FRAME = re.compile(r"Cell In\[(\d+)\]")
_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS(.*?)### END HIDDEN TESTS", re.DOTALL)
_FOLDERS = {get_path(name) for name in ("purelib", "platlib", "stdlib")} | {sys.prefix, sys.base_prefix}
_FOLDERS |= {str(Path(__file__).parents[2]), str(Path.home())}
_FOLDERS |= {str(Path(folder).resolve()) for folder in _FOLDERS}
_LONGEST_FIRST = sorted((folder for folder in _FOLDERS if len(folder) > 3), key=len, reverse=True)
_PATHS = re.compile("|".join(re.escape(folder) + "/?" for folder in _LONGEST_FIRST))


def _attribute(tag: str, name: str, value: str) -> bool:
    """Whether an HTML attribute may stay."""
    if name == "src":
        return tag == "img" and re.match(r"https://|data:image/(png|jpeg|gif);base64,", value) is not None
    if name == "href":
        return tag == "a" and re.match(r"(https?|mailto):|#", value) is not None
    return name in ("alt", "title", "class", "id", "style", "colspan", "rowspan", "align", "width", "height", "open")


def clean(html: str) -> str:
    """`html` without scripts, forms, frames, styles of its own and whatever else could act or look like the page."""
    css = CSSSanitizer(allowed_css_properties=STYLES)
    return bleach.clean(str(html), tags=TAGS, attributes=_attribute, protocols=["https", "http", "mailto", "data"],
                        css_sanitizer=css, strip=False)  # fmt: skip


@pass_context
def markdown(context, source: str) -> str:
    """Markdown as clean HTML, with its attached pictures; as it stands where its HTML is far longer than itself."""
    attachments = context.get("cell", {}).get("attachments", {})
    try:
        html = MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments)).render(source)
    except (InvalidNotebook, RecursionError):  # a picture that is not attached; lists in lists in lists
        html = None
    if html is None or len(html) > 10_000 + 20 * len(source) + len(str(attachments)):
        return f"<pre>{escape_html(source)}</pre>"
    return clean(html)


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
        text = output.data.get("text/plain")
        data["text/plain"] = self.shown(text) if isinstance(text, str) and not data else "[not shown on this page]"
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


def summary(nb: NotebookNode, results: list[Result], penalty: float = 0.0) -> str:
    """Points per task, the late `penalty`, failed checks with their hints, and what was repaired, as Markdown."""
    names, maxima = master.task_names(nb), master.points(nb)
    earned: dict[int, list] = {task: [] for task in maxima}
    for cell, result in zip(filter(master.is_grade, nb.cells), results, strict=True):
        marked = cell.metadata.nbgrader.get("score")
        waits = result.points is None and not marked
        earned[result.task].append(None if waits else marked if marked is not None else result.points)
    total = sum(value or 0 for values in earned.values() for value in values) - penalty
    lines = [f"# Your result: {shown(total)} of {shown(sum(maxima.values()))} points", ""]
    lines += ["| Task | | Points | of |", "| --- | --- | --- | --- |"]
    for task, values in earned.items():
        sum_shown = "still to be marked" if None in values else shown(sum(values))
        lines.append(f"| {task} | {names[task]} | {sum_shown} | {shown(maxima[task])} |")
    if penalty:
        lines += ["", f"{shown(penalty)} points were taken off because the submission was late."]
    failed = [result for result in results if result.message]
    if failed:
        lines += ["", "## What to look at", ""]
        for result in failed:
            message = plain(result.message)[:MESSAGE_CHARS]
            lines += [f"**Task {result.task}, {names[result.task]}**", "", *code_block(message), ""]
    notes = nb.metadata.get("nn_course", {}).get("notes", [])
    if notes:
        lines += ["", "## Noticed when your notebook was read", "", *(f"- {escape(plain(note))}" for note in notes)]
    return "\n".join(lines)


def code_block(message: str) -> list[str]:
    """`message` as an indented Markdown block: no fence that its text could close, nothing in it is interpreted."""
    return ["    " + line for line in message.splitlines()]


def escape(text: str) -> str:
    """`text` with everything that Markdown or HTML would interpret made literal."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|$<>&~])", lambda found: f"&#{ord(found[1])};", text)


class Explain(NbGraderPreprocessor):
    """For `GenerateFeedback.preprocessors`, after GetGrades: hide the tests and put the summary on top."""

    def preprocess(self, nb, resources):
        results = score(nb)
        page = hide_tests(nb)
        text = summary(nb, results, resources["nbgrader"]["late_penalty"])
        page.cells.insert(0, new_markdown_cell(text, id="result"))
        return page, resources
