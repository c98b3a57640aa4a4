"""Reading one file that a student handed in: a valid notebook, with notes on what was repaired."""

import json
import re
import stat
from pathlib import Path

from nbformat import NotebookNode, current_nbformat, current_nbformat_minor, from_dict
from nbformat.validator import ValidationError, normalize, validate

from .outputs import stored

MAX_BYTES = 50 * 1024 * 1024
# Honest notebooks nest about ten levels (widget state); copying and validating recurse on every level.
MAX_DEPTH = 100
MAX_CELLS = 5000
AGAIN = "Ask for a new upload of the .ipynb file."

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class NotGraded(Exception):
    """A submission that cannot be graded: one line with the file's name, the reason and the remedy."""

    def __init__(self, path: Path, reason: str, remedy: str = AGAIN):
        name = _UNSTORABLE.sub("?", " ".join(path.name.split()))
        super().__init__(f"{name}: {reason}. {remedy}")


def read_submission(path: Path) -> NotebookNode:
    """The notebook in `path`, repaired as far as its meaning is clear.

    The result is a valid notebook of the current format: every cell has a unique id, of outputs only pictures are
    kept, line ends are "\\n". Metadata stays what it was, except for entries that the format forbids.
    What was repaired stands in ``metadata["nn_course"]["notes"]``, a list of sentences; what the student
    wrote there is dropped.

    Raises NotGraded where no notebook can be read.
    """
    path = Path(path)
    notes: list[str] = []
    data = _parse(path, notes)
    metadata = _cleaned(data.get("metadata"), notes)
    if not isinstance(metadata, dict):
        notes.append("The notebook's metadata was damaged and was left out.")
        metadata = {}
    if not isinstance(metadata.get("language", ""), str):
        del metadata["language"]  # nbconvert relies on its being a string

    raw_cells = _raw_cells(data)
    cells = [_cell(raw, number, notes) for number, raw in enumerate(raw_cells, 1) if isinstance(raw, dict)]
    if len(cells) < len(raw_cells):
        notes.append(f"Entries that are not cells were left out: {len(raw_cells) - len(cells)}.")
    origin = _origin(data, metadata, cells)
    _number(cells, notes, ids_expected=not origin)
    metadata["nn_course"] = {"notes": []}
    nb = from_dict(
        {
            "cells": cells,
            "metadata": metadata,
            "nbformat": current_nbformat,
            "nbformat_minor": current_nbformat_minor,
        }
    )
    changes, nb = normalize(nb, strip_invalid_metadata=True)
    if changes:
        notes.append("Metadata that the notebook format does not allow was removed.")
    try:
        validate(nb)
    except ValidationError as error:
        raise NotGraded(path, f"not a valid notebook ({error.message[:80]})") from None
    nb.metadata["nn_course"]["notes"] = origin + list(dict.fromkeys(notes))
    return nb


def _parse(path: Path, notes: list[str]) -> dict:
    text = _decode(_bytes(path), notes).strip("\x00 \t\r\n")
    if not text:
        raise NotGraded(path, "the file is empty")
    try:
        # Lenient: raw control characters, NaN and numbers of any length do not spoil a submission.
        data = json.loads(text, strict=False, parse_int=_integer, parse_constant=lambda name: None)
    except RecursionError:
        raise NotGraded(path, "the JSON is nested too deeply to be a notebook") from None
    except json.JSONDecodeError as error:
        if not text.startswith("{"):
            start = text[:20].encode("ascii", "replace").decode()
            raise NotGraded(path, f"not a notebook, the file begins with {start!r}") from None
        if error.msg.startswith("Unterminated") or len(text) - error.pos < 6:
            raise NotGraded(path, "the file ends in the middle, the upload was cut off") from None
        raise NotGraded(path, f"damaged, not JSON from line {error.lineno} on") from None
    if not isinstance(data, dict) or _raw_cells(data) is None:
        raise NotGraded(path, "JSON, but not a notebook: it has no list of cells")
    if (count := len(_raw_cells(data))) > MAX_CELLS:
        raise NotGraded(path, f"it has {count} cells, the limit is {MAX_CELLS}")
    if _deeper_than(data, MAX_DEPTH):
        raise NotGraded(path, "the JSON is nested too deeply to be a notebook")
    return data


def _bytes(path: Path) -> bytes:
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise NotGraded(path, "a link, not a file", "Ask for the file itself.")
        if not stat.S_ISREG(status.st_mode):
            raise NotGraded(path, "a folder or special file, not a notebook file")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 2**20:.0f} MB, the limit is {MAX_BYTES / 2**20:.0f} MB"
            raise NotGraded(path, f"too large ({size})", "Ask for a new upload after 'Clear all outputs'.")
        return path.read_bytes()
    except OSError as error:
        remedy = "Check that the file exists and may be read."
        raise NotGraded(path, f"cannot be read ({error.strerror})", remedy) from None


def _decode(raw: bytes, notes: list[str]) -> str:
    # surrogatepass: a lone surrogate is repaired later, one by one, instead of spoiling the whole encoding.
    for encoding in (json.detect_encoding(raw), "utf-8"):
        try:
            return raw.decode(encoding, "surrogatepass")
        except UnicodeDecodeError:
            continue
    notes.append("The file was not in UTF-8; read as Windows-1252, special characters may be wrong.")
    return raw.decode("cp1252", "replace")


def _integer(digits: str) -> int:
    # Python refuses to read longer ones, and to write them again.
    return int(digits) if len(digits) < 4000 else 0


def _deeper_than(data: object, limit: int) -> bool:
    level = [data]
    for _ in range(limit):
        nested = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [child for children in nested for child in children]
        if not level:
            return False
    return True


def _raw_cells(data: dict) -> list | None:
    if isinstance(data.get("cells"), list):
        return data["cells"]
    if isinstance(data.get("worksheets"), list):  # nbformat 3 and older
        sheets = [sheet.get("cells") for sheet in data["worksheets"] if isinstance(sheet, dict)]
        return [cell for cells in sheets if isinstance(cells, list) for cell in cells]
    return None


def _cell(raw: dict, number: int, notes: list[str]) -> dict:
    kind = raw.get("cell_type")
    source = _source(raw.get("source", raw.get("input")), number, notes)
    if kind == "heading":  # nbformat 3
        level = raw.get("level") if raw.get("level") in range(1, 7) else 1
        kind, source = "markdown", "#" * level + " " + source
    elif kind == "html":  # nbformat 3
        kind = "markdown"
    elif kind not in ("code", "markdown", "raw"):
        kind = "code" if {"outputs", "execution_count", "input"} & raw.keys() else "markdown"
        notes.append(f"Cell {number} had no known cell type and was read as a {kind} cell.")

    metadata = _cleaned(raw.get("metadata"), notes)
    if not isinstance(metadata, dict):
        if metadata is not None:
            notes.append(f"The metadata of cell {number} was damaged and was left out.")
        metadata = {}
    cell = {"cell_type": kind, "id": raw.get("id"), "metadata": metadata, "source": source}
    if kind == "code":
        return cell | {"execution_count": None, "outputs": stored(raw.get("outputs"))}
    attachments = _cleaned(raw.get("attachments"), notes)
    if isinstance(attachments, dict):
        cell["attachments"] = {name: data for name, data in attachments.items() if _is_attachment(data)}
    return cell


def _source(source: object, number: int, notes: list[str]) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    if not all(isinstance(line, str) for line in lines):
        notes.append(f"The text of cell {number} was missing or damaged; what could be read was kept.")
    return _cleaned(text.replace("\r\n", "\n").replace("\r", "\n"), notes)


def _is_attachment(bundle: object) -> bool:
    return isinstance(bundle, dict) and all(isinstance(value, str) for value in bundle.values())


def _cleaned(value: object, notes: list[str]) -> object:
    if isinstance(value, str):
        clean, count = _UNSTORABLE.subn("\ufffd", value)
        if count:
            notes.append("Characters that cannot be stored (NUL, half of a surrogate pair) were replaced.")
        return clean
    if isinstance(value, list):
        return [_cleaned(item, notes) for item in value]
    if isinstance(value, dict):
        return {_cleaned(key, notes): _cleaned(item, notes) for key, item in value.items()}
    return value


def _origin(data: dict, metadata: dict, cells: list[dict]) -> list[str]:
    if "colab" in metadata or any("colab" in cell["metadata"] for cell in cells):
        return ["Saved by Colab."]
    if "vscode" in metadata or any("vscode" in cell["metadata"] for cell in cells):
        return ["Saved by VS Code."]
    version = data.get("nbformat"), data.get("nbformat_minor")
    if version == (current_nbformat, current_nbformat_minor):
        return []
    known = [str(number) for number in version if isinstance(number, int)]
    written = f"in notebook format {'.'.join(known)}" if known else "without a format version"
    return [f"Written {written}, read as {current_nbformat}.{current_nbformat_minor}."]


def _number(cells: list[dict], notes: list[str], ids_expected: bool) -> None:
    """Give every cell a valid unique id. A second cell with id "a" becomes "a-copy-2", so as to be told."""
    declared = [next(filter(_is_id, (cell["id"], cell["metadata"].get("id"))), None) for cell in cells]
    taken = set(declared)
    seen: dict[str, int] = {}
    fresh = 0
    for cell, identifier in zip(cells, declared, strict=True):
        if identifier is None:
            if ids_expected or cell["id"] is not None:
                notes.append("Cell ids were missing or not valid; new ones were given.")
            while (fresh := fresh + 1) and f"cell-{fresh}" in taken:
                pass
            identifier = f"cell-{fresh}"
        elif identifier in seen:
            notes.append("Several cells had the same id; the later ones got new ones.")
            base = identifier[:50]
            while (copy := f"{base}-copy-{seen[identifier] + 1}") in taken:
                seen[identifier] += 1
            seen[identifier] += 1
            identifier = copy
        else:
            seen[identifier] = 1
        taken.add(identifier)
        cell["id"] = identifier


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _CELL_ID.fullmatch(value) is not None
