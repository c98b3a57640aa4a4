"""Which cell of the master is this? Recognised by ids first, then by text, then by place."""

import ast
import re
import warnings
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution
from rapidfuzz import fuzz

FLAGS = ("grade", "solution", "locked", "task", "points")
# Shares of equal text, in percent: a cell without ids that is the original but for a few characters, and a
# cell with the original's id that is still the original, edited.
NEARLY, EDITED = 90, 60
# Parsing needs several hundred times the memory of the text.
LONGEST_PARSED = 200_000

_HIDDEN = re.compile(r"(?ms)^[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME)\b.*?END \1[^\n]*$")
_DEFINITION = re.compile(r"(?m)^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(|^(\w+)[ \t]*=[ \t]*lambda\b")


@dataclass(eq=False)
class Part:
    """One cell of the master and the student's cells that were recognised as it."""

    cell: NotebookNode
    place: int
    copies: list["Piece"] = field(default_factory=list)

    def __post_init__(self):
        self.grading = _dict(self.cell.metadata.get("nbgrader"))
        self.flags = {flag: self.grading[flag] for flag in FLAGS if flag in self.grading}
        self.name = self.grading.get("grade_id") or self.cell.id
        self.solution = is_solution(self.cell)
        self.test = is_grade(self.cell) and not self.solution
        self.code = self.cell.cell_type == "code"
        # What students were given, in its plain form; of a solution the stub.
        self.released = plain(_HIDDEN.sub("", self.cell.source))
        self.functions = functions(self.cell.source) if self.solution and self.code else frozenset()

    def says_nothing_new(self, piece: "Piece") -> bool:
        """Whether a copy holds what the student was given, or nothing."""
        return piece.plain in (self.released, "", plain(self.cell.source))

    def is_open(self, text: str) -> bool:
        """Whether a solution's `text` is still the stub or says nothing."""
        return plain(text) in (self.released, "") or (self.code and _only_comments(text))


@dataclass(eq=False)
class Piece:
    """One cell of the submission, or what a student wrote into a locked cell."""

    cell_type: str
    source: str
    cell: NotebookNode
    part: Part | None = None

    def __post_init__(self):
        self.plain = plain(self.source)
        self.grading = _dict(self.cell.metadata.get("nbgrader"))
        grade_id = self.grading.get("grade_id")
        self.grade_id = grade_id if isinstance(grade_id, str) else None
        # Prose may show code; only a text that is code as a whole counts as a solution.
        self.functions = functions(self.source, lenient=self.cell_type == "code")

    def assign(self, part: Part) -> None:
        self.part = part
        part.copies.append(self)


def plain(text: str) -> str:
    """`text` without what editors change on saving: space at line ends, empty lines around it."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def functions(source: str, lenient: bool = True) -> frozenset[str]:
    """Names of the functions that `source` defines at its top level.

    `lenient`: also where the text is not Python as a whole (a syntax error, a line with a magic).
    """
    tree = _parse(source)
    if tree is None:
        found = _DEFINITION.findall(source) if lenient else []
        return frozenset(name or other for name, other in found)
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return frozenset(names)


def recognise(master: NotebookNode, submission: NotebookNode) -> tuple[list[Part], list[Piece], list[Part]]:
    """The master's parts, the submission's pieces in their order, the locked parts whose text was edited.

    A piece belongs to at most one part. What a student added to a locked cell, or wrote over it, is a piece
    of its own next to what is left of that cell.
    """
    parts = [Part(cell, place) for place, cell in enumerate(master.cells)]
    pieces, edited = [], []
    by_name = {part.name: part for part in parts}
    by_text: dict[str, Part] = {}
    for part in parts:
        if part.released and (part.functions or not part.solution):
            by_text.setdefault(part.released, part)
    for cell in submission.cells:
        piece = Piece(cell.cell_type, cell.source, cell)
        part = _by_id(piece, by_name)
        exact = by_text.get(piece.plain)
        if exact is not None and (part is None or piece.plain != part.released):
            part = exact
        if part is None:
            pieces.append(piece)
            continue
        if part.solution or (piece.plain and part.says_nothing_new(piece)):
            piece.assign(part)
            pieces.append(piece)
            continue
        edited.append(part)
        own, rest = _separate(part, piece)
        found = [piece] if own else []
        if own:
            piece.assign(part)
        if rest:
            added = Piece(piece.cell_type, rest, NotebookNode(metadata={}, id=""))
            # In front of a test, because code that was written into the test cell is what the test needs.
            found.insert(0 if part.test else len(found), added)
        pieces += found
    _by_near_text(parts, pieces, edited)
    return parts, pieces, list(dict.fromkeys(edited))


def _by_id(piece: Piece, by_name: dict[str, Part]) -> Part | None:
    colab = piece.cell.metadata.get("id")
    numbered = re.sub(r"-copy-\d+$", "", piece.cell.id)  # as intake names the second cell with one id
    for name in (piece.grade_id, piece.cell.id, numbered, colab):
        if isinstance(name, str) and name in by_name:
            return by_name[name]
    return None


def _separate(part: Part, piece: Piece) -> tuple[bool, str]:
    """Whether an edited locked cell still holds the original, and what the student wrote there."""
    if part.released in piece.plain:
        return True, piece.plain.replace(part.released, "", 1).strip("\n")
    replaced = fuzz.ratio(part.released, piece.plain, score_cutoff=EDITED) < EDITED
    # The given code of a task, turned into its solution.
    rewritten = not part.test and bool(piece.functions - functions(part.released))
    return (False, piece.source) if replaced or rewritten else (True, "")


def _by_near_text(parts: list[Part], pieces: list[Piece], edited: list[Part]) -> None:
    lost = [part for part in parts if not part.solution and not part.copies and part.released]
    for piece in pieces:
        if piece.part is None and lost and piece.plain:
            share, nearest = max(((_likeness(part, piece), part) for part in lost), key=lambda pair: pair[0])
            if share >= NEARLY:
                piece.assign(nearest)
                lost.remove(nearest)
                edited.append(nearest)


def _likeness(part: Part, piece: Piece) -> float:
    return fuzz.ratio(part.released, piece.plain, score_cutoff=NEARLY)


def _parse(source: str) -> ast.Module | None:
    if len(source) > LONGEST_PARSED:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's "\d" is no concern of the instructor's terminal
            return ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _only_comments(source: str) -> bool:
    tree = _parse(source)
    return tree is not None and not tree.body


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}
