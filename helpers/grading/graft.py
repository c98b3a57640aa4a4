"""The first step of grading: the instructor's master and a submission become the notebook that runs.

Everything graded or locked comes from the master, whatever the student did to it; solutions and written
answers come from the student. Damage is repaired where its meaning is clear, and noted always.
"""

from copy import deepcopy
from difflib import SequenceMatcher
from pathlib import Path

from nbformat import NotebookNode, current_nbformat, current_nbformat_minor, validate
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import NbGraderPreprocessor

from helpers.grading.master import is_picture, read, stub_master
from helpers.grading.recognise import Part, Piece, recognise


def graft(master: NotebookNode, submission: NotebookNode) -> NotebookNode:
    """The notebook to run: `submission`'s answers in `master`'s cells. The arguments stay unchanged.

    master: the stub master, solutions replaced by stubs, hidden tests in
    submission: as `helpers.grading.intake.read_submission` gives it
    returns: the master's cells in its order, with the pictures that the student has drawn if all are there, and the
        student's own cells between them without metadata; in
        ``metadata["nn_course"]["notes"]`` intake's notes, then one sentence for each thing repaired here
    """
    grafting = _Grafting(master, submission)
    nb = NotebookNode(
        cells=grafting.cells(),
        metadata=deepcopy(master.metadata),
        nbformat=current_nbformat,
        nbformat_minor=current_nbformat_minor,
    )
    earlier = submission.metadata.get("nn_course", {}).get("notes", [])
    nb.metadata["nn_course"] = NotebookNode(notes=[*earlier, *grafting.notes.sentences()])
    validate(nb)
    MetadataValidator().validate_nb(nb)
    return nb


class _Notes:
    """Sentences about cells; cells that share a sentence are named together."""

    def __init__(self):
        self.cells: dict[str, list[str]] = {}

    def add(self, name: str, sentence: str) -> None:
        self.cells.setdefault(sentence, []).append(name)

    def sentences(self) -> list[str]:
        return [f"{_listed(names)}: {sentence}" for sentence, names in self.cells.items()]


def _listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


class _Grafting:
    def __init__(self, master: NotebookNode, submission: NotebookNode):
        self.notes = _Notes()
        self.parts, self.pieces, edited = recognise(master, submission)
        self.edited = set(edited)
        self.order = {piece: place for place, piece in enumerate(self.pieces)}
        self.sources: dict[Part, str] = {}
        self.origin: dict[Part, Piece] = {}  # the piece that became the part, or stands for it
        self.before: dict[Part, list[Piece]] = {}  # other versions, run before the one that counts
        self.used: set[Piece] = set()
        self.extra = 0

    def cells(self) -> list[NotebookNode]:
        """The grafted cells; takes notes on the way."""
        for part in self.parts:
            if not part.solution:
                self._note_locked(part)
            elif part.code:
                self._solve(part)
        for part in self.parts:
            if part.solution and not part.code:
                self._answer(part)  # after all code, so that no solution is taken for a text
        self._keep_other_versions()
        for part in self.parts:
            self._note_identity(part)
        self._note_order()
        return self._assembled()

    def _note_locked(self, part: Part) -> None:
        if part.copies:
            self.origin[part] = part.copies[0]
        intact = any(part.says_nothing_new(piece) for piece in part.copies)
        if not part.copies:
            how = "overwritten" if part in self.edited else "missing in the submission"
            self.notes.add(part.name, f"{how}; put back from the original.")
        elif not intact:
            self.notes.add(part.name, "the text of this locked cell had been changed; the original is used.")
        if len(part.copies) > 1:
            self.notes.add(part.name, "stood there more than once; the original is used once.")
        tags = {tag for piece in part.copies for tag in piece.cell.metadata.get("tags", [])}
        if added := tags - set(part.cell.metadata.get("tags", [])):
            tags = _quoted(", ".join(sorted(added)))
            self.notes.add(part.name, f"tags had been added and were removed ({tags}).")

    def _solve(self, part: Part) -> None:
        """Find a code solution's source: its cell's last changed copy, or where its functions are defined."""
        changed = [piece for piece in part.copies if not part.is_open(piece.source)]
        fitting = [piece for piece in changed if piece.functions & part.functions]
        own = (fitting or changed or part.copies or [None])[-1]
        if not fitting and (elsewhere := self._defined_elsewhere(part)):
            self._take(part, elsewhere, own)
        elif own is not None:
            self.sources[part], self.origin[part] = own.source, own
            self.used.add(own)
        if part not in self.sources or part.is_open(self.sources[part]):
            self._note_unclear(part)
        self._note_copies(part, changed)

    def _note_unclear(self, part: Part) -> None:
        holders = [piece.part for piece in self.pieces if piece.part and piece.functions & part.functions]
        if locked := [holder.name for holder in holders if not holder.solution]:
            names = _listed(sorted(part.functions))
            where = f"mixed with the text of {_listed(locked)}"
            self.notes.add(part.name, f"a solution ({names}) stands {where}; not used, please look.")

    def _defined_elsewhere(self, part: Part) -> list[Piece]:
        """The last cells that define the part's functions; other solutions' cells only in need."""
        found = set()
        for name in part.functions:
            pieces = [p for p in self.pieces if name in p.functions and self._may_donate(p, part)]
            if pieces:
                found.add(max(pieces, key=lambda p: (not self._at_home(p), self.order[p])))
        return sorted(found, key=self.order.get)

    def _may_donate(self, piece: Piece, part: Part) -> bool:
        home = piece.part
        return home is None or (home is not part and home.solution and home.code)

    def _at_home(self, piece: Piece) -> bool:
        return piece.part is not None and bool(piece.functions & piece.part.functions)

    def _take(self, part: Part, donors: list[Piece], own: Piece | None) -> None:
        # Where only some of the functions are there, the others keep saying that they are open.
        found = part.functions & frozenset().union(*(donor.functions for donor in donors))
        texts = ([] if found == part.functions else [part.cell.source]) + [donor.source.strip("\n") for donor in donors]
        self.sources[part] = "\n\n\n".join(texts)
        misplaced = donors[0].part is not None and not self._at_home(donors[0])
        self.origin[part] = donors[0] if misplaced or own is None else own
        self.used.update(donors)
        names = _listed(sorted(found))
        homes = [donor.part.name for donor in donors if donor.part is not None]
        if homes:
            where = f"the cell {_listed(homes)}"
            self.notes.add(part.name, f"the solution ({names}) stood in {where}; moved to its place.")
        elif own is not None:
            self.notes.add(part.name, f"the solution ({names}) stood in another cell; moved to its place.")
        else:
            self.notes.add(part.name, f"the cell's id was lost; recognised by what it defines ({names}).")
            made_up = [donor.grade_id for donor in donors if donor.grade_id]
            if made_up:
                self.notes.add(part.name, f"the unknown grade id {_quoted(made_up[0])} was replaced.")

    def _answer(self, part: Part) -> None:
        """Find a written answer's text: its cell's last changed copy, or the text after the question."""
        changed = [piece for piece in part.copies if not part.is_open(piece.source)]
        own = (changed or part.copies or [None])[-1]
        found = None if changed else self._text_after_question(part)
        if found is not None:
            lost = "the cell's id was lost; recognised by its place after the question."
            self.notes.add(part.name, "the answer stood in another cell; moved to its place." if own else lost)
        if chosen := found or own:
            self.sources[part], self.origin[part] = chosen.source, chosen
            self.used.add(chosen)
        self._note_copies(part, changed)

    def _text_after_question(self, part: Part) -> Piece | None:
        known = [earlier.copies[0] for earlier in self.parts[: part.place] if earlier.copies]
        if not known:
            return None
        for piece in self.pieces[self.order[known[-1]] + 1 :]:
            if piece.part not in (None, part):
                return None
            if piece.part is None and piece.cell_type != "code" and piece.plain and piece not in self.used:
                return piece
        return None

    def _keep_other_versions(self) -> None:
        for part in filter(lambda part: part.solution, self.parts):
            kept = {self.sources.get(part, "").strip()}
            for piece in part.copies:
                text = piece.source.strip()
                if piece not in self.used and not part.says_nothing_new(piece) and text not in kept:
                    self.before.setdefault(part, []).append(piece)
                    kept.add(text)

    def _note_copies(self, part: Part, changed: list[Piece]) -> None:
        if len(part.copies) > 1:
            which = "the last changed copy counts" if changed else "none was changed"
            self.notes.add(part.name, f"stood there more than once; {which}.")
        if part not in self.sources:
            self.notes.add(part.name, "missing in the submission; the open task stands in its place.")

    def _note_identity(self, part: Part) -> None:
        for piece in part.copies:
            if piece.cell_type != part.cell.cell_type:
                kinds = f"turned into a {piece.cell_type} cell; it is a {part.cell.cell_type} cell again."
                self.notes.add(part.name, kinds)
            if not piece.grading and part.grading:
                self.notes.add(part.name, "grading metadata was missing or damaged; restored.")
            elif piece.grade_id != part.grading.get("grade_id"):
                found = f"grade id {_quoted(piece.grade_id)}" if piece.grade_id else "no valid grade id"
                self.notes.add(part.name, f"carried {found}; restored.")
            elif any(piece.grading.get(flag, own) != own for flag, own in part.flags.items()):
                self.notes.add(part.name, "grading metadata had been changed; restored.")

    def _note_order(self) -> None:
        right = [part for part in self.parts if part in self.origin]
        found = sorted(right, key=lambda part: self.order[self.origin[part]])
        kept = SequenceMatcher(None, right, found, autojunk=False).get_matching_blocks()
        in_order = {part for block in kept for part in right[block.a : block.a + block.size]}
        for part in right:
            if part not in in_order:
                self.notes.add(part.name, "stood in another order; the original order was restored.")

    def _assembled(self) -> list[NotebookNode]:
        own = self._own_cells()
        if self.extra:
            self.notes.add("extra cells", f"{self.extra} added by the student, kept without metadata.")
        taken = {part.cell.id for part in self.parts}
        fresh = (f"extra-{number}" for number in range(1, len(self.pieces) + len(taken) + 1))
        fresh = (identifier for identifier in fresh if identifier not in taken)
        cells = [_bare(piece, next(fresh)) for piece in own.get(-1, [])]
        for part in self.parts:
            cells += [_bare(piece, next(fresh)) for piece in self.before.get(part, [])]
            cells.append(self._grafted(part))
            cells += [_bare(piece, next(fresh)) for piece in own.get(part.place, [])]
        pictures = [cell for cell in cells if is_picture(cell)]
        if not all(cell.outputs for cell in pictures):  # one may need what another has prepared
            for cell in pictures:
                cell.outputs = []
        return cells

    def _own_cells(self) -> dict[int, list[Piece]]:
        """The student's extra cells by the place of the master's cell that they follow.

        Never after a test that they preceded: where cells were reordered, helpers still come before use.
        """
        limits, limit = [], len(self.parts)
        for piece in reversed(self.pieces):
            if piece.part is not None and piece.part.test and self.origin.get(piece.part) is piece:
                limit = min(limit, piece.part.place - 1)
            limits.append(limit)
        limits.reverse()
        stands_for = {piece: part for part, piece in self.origin.items()}
        own: dict[int, list[Piece]] = {}
        follows = -1
        for piece, limit in zip(self.pieces, limits, strict=True):
            part = piece.part or stands_for.get(piece)
            if part is not None:
                follows = part.place
            elif piece not in self.used:
                own.setdefault(min(follows, limit), []).append(piece)
                self._note_extra(piece)
        return own

    def _note_extra(self, piece: Piece) -> None:
        if piece.grading:
            named = f" {_quoted(piece.grade_id)}" if piece.grade_id else ""
            self.notes.add("extra cell", f"its made-up grading metadata{named} was removed.")
        elif piece.plain:
            self.extra += 1

    def _grafted(self, part: Part) -> NotebookNode:
        cell = deepcopy(part.cell)
        cell.source = self.sources.get(part, cell.source)
        if part.solution and part in self.origin and not part.code:
            cell.pop("attachments", None)
            if attachments := self.origin[part].cell.get("attachments"):
                cell.attachments = deepcopy(attachments)
        if part.code:
            cell.outputs, cell.execution_count = [], None
        if is_picture(cell) and part.copies and part.says_nothing_new(part.copies[0]):
            cell.outputs = deepcopy(part.copies[0].cell.get("outputs", []))
        return cell


def _bare(piece: Piece, identifier: str) -> NotebookNode:
    cell = NotebookNode(cell_type=piece.cell_type, id=identifier, metadata={}, source=piece.source)
    if piece.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    elif piece.cell.get("attachments"):
        cell.attachments = deepcopy(piece.cell.attachments)
    return cell


class Graft(NbGraderPreprocessor):
    """For ``Autograde.sanitize_preprocessors``, first in the list: `graft` with the course's own master."""

    def preprocess(self, nb, resources):
        coursedir = self.parent.parent.coursedir
        names = resources["nbgrader"]
        folder = coursedir.format_path(coursedir.source_directory, ".", names["assignment"])
        master = read(Path(folder, f"{names['notebook']}.ipynb"))
        return graft(stub_master(master), nb), resources
