"""The rules that one notebook keeps or breaks by itself.

A rule is a function on a `Shelf` that yields pairs (where, what): the file and cell, and one sentence that
names the remedy. The rules that build or run something, or look beyond the notebooks, are in `gates`.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from nbconvert.filters import markdown2html
from nbformat import NotebookNode

from . import master
from .shelf import Notebook, Shelf, strings

Problems = Iterator[tuple[str, str]]

TOTAL_POINTS = 20
ALT_CHARS = 15
LECTURE_CELL_LINES = 20
SELF_CHECK_QUESTIONS = 3

# An absolute path in the usual Unix folders (not the end of a web address or of a relative path), a Windows
# path, a file address, and what tracebacks and warnings of an installed Python name.
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/~-])/(?:home|Users|root|tmp|workspace|work|private|var|opt|mnt|srv|usr|etc)/[\w.~-]+"
    r"|(?<![\w$])[A-Z]:[\\/](?![\\/])[\w ]+[\\/]\w+"
    r"|\bfile:/+\S+"
    r"|(?:site-packages|dist-packages|lib/python3|ipykernel_\d)\S*"
)
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# What nbgrader's toolbar makes up, cell-4f9a8b21c0de, and any other long word with a digit in it.
MADE_UP = re.compile(r"^cell-|(?:^|-)(?=[a-z]*\d)[a-z0-9]{8,}(?:-|$)")


def canonical(shelf: Shelf) -> Problems:
    """Every notebook is stored in the canonical form; masters hold no outputs and only nbgrader's cells."""
    for book in shelf.notebooks:
        if not book.nb:
            if book.exists:
                yield book.where, f"This is not a notebook ({book.reason}); restore it from git."
            continue
        if book.bytes != master.text(book.nb).encode():
            again = "delete it and run" if book.kind == "solution" else "run"
            yield book.where, f"It is not in the form in which notebooks are stored; {again}: course build"
        for cell in book.cells if book.kind == "master" else []:
            if not master.grade_id(cell):
                yield book.at(cell), "The cell is not known to nbgrader; give it a type in Create Assignment."
            if cell.get("outputs") or cell.get("execution_count"):
                yield book.at(cell), "A master stores no outputs; clear all outputs and save."


def points(shelf: Shelf) -> Problems:
    """The points in the question headings and in the intro equal the graded ones, 20 in all."""
    for book in (files.master for files in shelf.files if files.stub):
        graded = {number: value for number, value in master.points(book.nb).items() if number}
        total, intro = sum(graded.values()), book.cells[0]
        if total != TOTAL_POINTS:
            yield book.where, f"The tests give {total:g} points; change them to {TOTAL_POINTS} for the unit."
        stated = re.search(r"\*\*(\d+) points\b", intro.source)
        if not stated or int(stated[1]) != total:
            yield book.at(intro), f'The intro states another total; write "**{total:g} points, ...**".'
        headings = {}
        for cell in book.cells:
            for number, value in re.findall(r"^## Task (\d+): .*\((\d+) points?\)$", cell.source, re.M):
                headings[int(number)] = int(value)
        for place, said in (("headings", headings), ("intro's table", _points_table(intro.source))):
            for number in sorted(graded.keys() | said.keys()):
                stated, real = said.get(number, 0), graded.get(number, 0)
                if stated != real:
                    yield (
                        book.where,
                        f"Task {number}: {stated} points in the {place}, {real:g} graded; make them equal.",
                    )


def _points_table(markdown: str) -> dict[int, int]:
    """Points by task number, from the first table that has the columns Task and Points."""
    lines = [line for line in markdown.split("\n") if "|" in line]
    rows = [[entry.strip() for entry in line.strip("| \t").split("|")] for line in lines]
    for start, header in enumerate(rows):
        if {"Task", "Points"} <= set(header):
            task, value = header.index("Task"), header.index("Points")
            body = [row for row in rows[start + 1 :] if len(row) == len(header)]
            pairs = [(row[task], row[value]) for row in body]
            return {int(number): int(points) for number, points in pairs if (number + points).isdigit()}
    return {}


def grade_ids(shelf: Shelf) -> Problems:
    """Grade ids are readable and unique; a test belongs to a task with a question and a solution cell."""
    for book in (files.master for files in shelf.files):
        ids = Counter(filter(None, map(master.grade_id, book.cells)))
        for name in (name for name, count in ids.items() if count > 1):
            yield book.where, f'{ids[name]} cells have the grade id "{name}"; give each its own.'
        for cell in book.cells:
            name = master.grade_id(cell)
            kind, pattern, example = _expected_id(cell)
            if name and (not SLUG.fullmatch(name) or MADE_UP.search(name)):
                yield book.at(cell), f'The grade id "{name}" is not readable; write words, as in {example}.'
            elif name and not re.fullmatch(pattern, name):
                yield book.at(cell), f'"{name}" is not a grade id for {kind}; write it as in {example}.'
            elif found := re.fullmatch(r"test-(\d+-.+)-\d+|task-(\d+-.+)", name):
                task = found[1] or found[2]
                for other in (f"question-{task}", f"task-{task}"):
                    if other not in ids:
                        yield book.at(cell), f'"{name}" needs a cell "{other}"; add it or rename one of them.'


def lecture_sections(shelf: Shelf) -> Problems:
    """Every question names the section of the lecture that explains it: feedback leads there."""
    for files in (files for files in shelf.files if files.lecture.nb):
        headings = {cell.id: _heading(cell) for cell in files.lecture.cells if cell.cell_type == "markdown"}
        for cell in files.master.cells:
            if not master.grade_id(cell).startswith("question-"):
                continue
            told = cell.metadata.get("lecture", {})
            heading = headings.get(told.get("cell"))
            if not told:
                example = '"lecture": {"cell": "pooling", "section": "8 Max and average pooling"}'
                yield files.master.at(cell), f"No section of the lecture is named; add to the metadata {example}."
            elif heading is None:
                problem = f'{files.lecture.where} has no cell "{told.get("cell")}" that begins with a heading'
                yield files.master.at(cell), f"{problem}; name another one in the cell's metadata."
            elif told.get("section") != heading:
                yield files.master.at(cell), f'The section\'s heading is "{heading}"; write that in the metadata.'


def _heading(cell: NotebookNode) -> str | None:
    found = re.match(r"#+ (.+)", cell.source)
    return found[1].strip() if found else None


def _expected_id(cell: NotebookNode) -> tuple[str, str, str]:
    if master.is_solution(cell):
        return "a solution", r"task-\d+-.+", "task-3-predict"
    if master.is_test(cell):
        return "a test", r"test-\d+-.+-\d+", "test-3-predict-1"
    return "prose or given code", r"question-\d+-.+|(?!task-|test-|question-).+", "question-3-predict"


def alternative_text(shelf: Shelf) -> Problems:
    """Every stored figure has an alternative text that says something, every image in prose has one."""
    for book in shelf.notebooks:
        for cell in book.cells:
            pages = [markdown2html(cell.source)] if cell.cell_type == "markdown" else []
            for output in cell.get("outputs", []):
                data, about = output.get("data", {}), output.get("metadata", {})
                pages.append("".join(data.get("text/html", "")))
                for kind in (kind for kind in data if kind.startswith("image/")):
                    if len(about.get(kind, {}).get("alt", "").strip()) < ALT_CHARS:
                        problem = f"The figure has no alternative text of at least {ALT_CHARS} characters"
                        yield book.at(cell), f"{problem}; show it with plot.show(fig, alt=...)."
            if not all(alt for page in pages for alt in _Images(page).alts):
                yield book.at(cell), "An image has no alternative text; write ![what it shows](address)."


class _Images(HTMLParser):
    """Collects the alternative text of every <img>, "" where it has none."""

    def __init__(self, html: str):
        super().__init__()
        self.alts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append((dict(attributes).get("alt") or "").strip())


def absolute_paths(shelf: Shelf) -> Problems:
    """No notebook, and neither README nor docs, names a path of somebody's machine."""
    root = shelf.course.root
    texts = [(book.at(cell), "\n".join(strings(cell))) for book in shelf.notebooks for cell in book.cells]
    for path in [root / "README.md", *sorted(root.glob("docs/**/*.md"))]:
        if path.is_file():
            texts.append((path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")))
    for where, text in texts:
        if found := ABSOLUTE_PATH.search(text):
            yield where, f'"{found[0]}" is a path on one machine; write a relative one or run the cell again.'


def shown_values(shelf: Shelf) -> Problems:
    """No test ends in an expression with a value: stock nbgrader takes a number that a cell shows for its points."""
    for book in shelf.notebooks:
        for cell in filter(master.is_test, book.cells if book.kind in ("master", "release") else []):
            last = ast.parse(cell.source).body[-1:]
            shown = last and re.match(r"check\.(unchanged|no_warnings)\(", ast.unparse(last[0]))
            ended = re.sub(r"\n### END HIDDEN TESTS\s*$", "", cell.source).rstrip()
            if shown and not ended.endswith(";"):
                yield book.at(cell), "The test ends in a value, which is shown; end its last line with a semicolon."


def structure(shelf: Shelf) -> Problems:
    """A lecture has title, goals and minutes first, short cells, "Take away" and questions last."""
    for book in (files.lecture for files in shelf.files if files.lecture.cells):
        yield from _opening(book)
        yield from _closing(book)
        for cell in book.code:
            lines = len([line for line in cell.source.split("\n") if line.strip()])
            if lines > LECTURE_CELL_LINES:
                yield (
                    book.at(cell),
                    f"The cell has {lines} lines; split it, {LECTURE_CELL_LINES} are the limit.",
                )


def _opening(book: Notebook) -> Problems:
    if book.cells[0].cell_type != "markdown" or not book.cells[0].source.startswith("# "):
        yield book.where, 'The first cell is not a title; start with a markdown cell "# ...".'
    first_code = book.cells.index(book.code[0]) if book.code else len(book.cells)
    opening = "\n".join(cell.source for cell in book.cells[:first_code])
    if not re.search(r"\bgoals?\b|\byou (?:will )?(?:can|be able to)\b", opening, re.I):
        yield book.where, "The opening names no goals; say what a reader can do at the end."
    if not re.search(r"\d minutes", opening):
        yield book.where, 'The opening states no time; write "about 60 minutes".'


def _closing(book: Notebook) -> Problems:
    prose = [cell.source if cell.cell_type == "markdown" else "" for cell in book.cells]
    heading = re.compile(r"^#+ .*\btake away\b", re.I | re.M)
    ends = [place for place, text in enumerate(prose) if heading.search(text)]
    if not ends:
        yield book.where, 'There is no section "Take away"; add it at the end, with the self-check questions.'
        return
    answer = re.compile(r"<details\b.*?<summary\b.*?</summary>.*?</details>", re.S)
    folded = len(answer.findall("\n".join(prose[ends[-1] :])))
    if folded != SELF_CHECK_QUESTIONS:
        remedy = f"ask {SELF_CHECK_QUESTIONS}, each answered in <details><summary>Answer</summary>...</details>."
        yield book.where, f'{folded} questions with folded answers follow "Take away"; {remedy}'
