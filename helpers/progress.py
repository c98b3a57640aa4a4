"""Where you are: the checks that passed, by assignment, read from the saved notebooks in your folder."""

import ast
import html
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

_ASSIGNMENT = re.compile(r"^# Assignment (\d+): *(.+)$", re.MULTILINE)
_DEPTH, _FILES, _BYTES = 5, 2000, 50 * 2**20  # not the whole disk, where it is started in the wrong folder
_SKIPPED = {"node_modules", "site-packages", "solutions", "sample_data"}


@dataclass
class Unit:
    """One assignment's checks. `others` are further copies of it, which do not count."""

    number: int
    title: str
    file: Path
    passed: int
    failed: int
    checks: int
    others: list[Path]


class Report:
    """What `show` prints: a table in a notebook, text in a terminal."""

    def __init__(self, folder: Path, units: list[Unit], damaged: list[Path]):
        self.folder, self.units, self.damaged = folder, units, damaged

    def _rows(self) -> list[tuple[str, str, str, str]]:
        rows = []
        for unit in self.units:
            left = unit.checks - unit.passed - unit.failed
            name = f"{unit.number:02d} {unit.title}"
            rows.append((name, f"{unit.passed} of {unit.checks}", str(unit.failed), str(left)))
        return rows

    def _notes(self) -> list[str]:
        notes = []
        if not self.units:
            notes.append(f"No assignment was found in {self.folder}. Save your notebook and run this in its folder, "
                         'or name the folder: progress.show("path/of/folder"). In Colab, connect your Drive first and '
                         'name its folder: progress.show("/content/drive/MyDrive/Colab Notebooks").')  # fmt: skip
        elif len(self.units) == 1:
            notes.append("Only one assignment is in this folder, so only that one is shown. Put the others beside it "
                         "to see them all.")  # fmt: skip
        for unit in self.units:
            if unit.others:
                names = ", ".join(map(self._named, unit.others))
                notes.append(f"Assignment {unit.number} is there more than once. {self._named(unit.file)} has the most "
                             f"checks passed and is shown; not {names}.")  # fmt: skip
        notes += [f"{self._named(path)} cannot be read: it is damaged or not a notebook." for path in self.damaged]
        if self.units:
            notes.append("Counted from the saved notebooks: run all cells of yours, save it (Ctrl+S), and run this "
                         "again. More checks run when your work is graded.")  # fmt: skip
        return notes

    def _named(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def __repr__(self):
        lines = []
        if self.units:
            table = [("Assignment", "passed", "failed", "open"), *self._rows()]
            width = max(len(row[0]) for row in table)
            lines = [f"{name:<{width}}  {done:>9}  {bad:>6}  {left:>5}" for name, done, bad, left in table] + [""]
        return "\n".join(lines + self._notes())

    def _repr_html_(self):
        parts = []
        if self.units:
            head = "".join(f'<th scope="col" style="text-align: left">{name}</th>'
                           for name in ("Assignment", "Checks passed", "Failed", "Open"))  # fmt: skip
            body = ""
            for name, *cells in self._rows():
                cells = "".join(f'<td style="text-align: left">{html.escape(cell)}</td>' for cell in cells)
                body += f'<tr><th scope="row" style="text-align: left">{html.escape(name)}</th>{cells}</tr>'
            caption = '<caption style="text-align: left">Checks in your assignments</caption>'
            parts.append(f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
        return "".join(parts + [f"<p>{html.escape(note)}</p>" for note in self._notes()])


def show(folder=None):
    """Show how many checks passed in each assignment in `folder`, by default the course's folder around this one."""
    report = read(folder)
    ipython = sys.modules.get("IPython")
    if ipython and ipython.get_ipython():
        ipython.display.display(report)
    else:
        print(report)


def read(folder=None) -> Report:
    """What `show` shows. Raises FileNotFoundError where `folder` is named and is not there."""
    root = Path(folder).expanduser() if folder is not None else _course_folder(Path.cwd())
    if not root.is_dir():
        raise FileNotFoundError(f"There is no folder {root}.")
    found, damaged = {}, []
    for path in _notebooks(root):
        try:
            unit = _unit(path)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            damaged.append(path)
            continue
        if unit:
            found.setdefault(unit.number, []).append(unit)
    units = []
    for number in sorted(found):
        best, *others = sorted(found[number], key=lambda unit: (-unit.passed, unit.failed, unit.file.name))
        best.others = [unit.file for unit in others]
        units.append(best)
    return Report(root, units, damaged)


def _course_folder(here: Path) -> Path:
    """The folder above that holds the course's notebooks, or this one."""
    return next((up for up in (here, *here.parents) if (up / "release").is_dir() and (up / "notebooks").is_dir()), here)


def _notebooks(root: Path) -> list[Path]:
    found = []
    for folder, below, files in os.walk(root):
        deep = len(Path(folder).relative_to(root).parts) >= _DEPTH
        below[:] = [] if deep else sorted(name for name in below if name[0] != "." and name not in _SKIPPED)
        found += [Path(folder, name) for name in sorted(files) if name.endswith(".ipynb") and name[0] != "."]
        if len(found) > _FILES:
            break
    return found[:_FILES]


def _unit(path: Path) -> Unit | None:
    """The assignment in a notebook, None where it is none. Raises ValueError and its like for a damaged file."""
    if path.stat().st_size > _BYTES:
        raise ValueError("too large")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = [(cell["cell_type"], _text(cell["source"])) for cell in cells]
    title = next(filter(None, (_ASSIGNMENT.search(text) for kind, text in texts if kind == "markdown")), None)
    if title is None:
        return None
    passed = failed = checks = 0
    for cell, (kind, text) in zip(cells, texts, strict=True):
        if kind == "code" and "check." in text:
            done, wrong, all_checks = _count(text, cell.get("outputs") or [])
            passed, failed, checks = passed + done, failed + wrong, checks + all_checks
    return Unit(int(title[1]), title[2].strip(), path, passed, failed, checks, [])


def _text(source) -> str:
    return source if isinstance(source, str) else "".join(source)


def _count(source: str, outputs: list) -> tuple[int, int, int]:
    """How many checks of a cell passed and failed, and how many there are; the first that fails ends the cell."""
    written = _written(source)
    if not written:
        return 0, 0, 0
    passed = failed = 0
    for output in outputs:
        if output["output_type"] == "stream":
            passed += sum(line.startswith("passed: ") for line in _text(output["text"]).splitlines())
        if output["output_type"] == "error":
            if output.get("ename") != "NotImplementedError":  # the sign of a task that is still open
                failed = 1
            return passed, failed, max(written, passed + 1)
    return passed, 0, passed or written  # in a loop there are more than are written


def _written(source: str) -> int:
    """The calls of checks in a cell."""
    try:
        tree = ast.parse(re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return 0
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return sum(isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id == "check" for f in calls)
