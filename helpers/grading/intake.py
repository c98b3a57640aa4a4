"""What a student handed in: the file that counts, and how stock nbgrader gets to read it.

Nothing in a submission folder is written, renamed or deleted.
"""

import re
import stat
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

from helpers.grading.reading import MAX_BYTES, NotGraded, read_submission


def find_notebook(folder: Path, name: str) -> Path:
    """The file in a submission `folder` that counts as `name`.ipynb.

    The exact name; otherwise the newest of those that carry the name as a whole word in any case, as browsers
    and platforms make them ("name (1)", "Kopie von name", "name_final", "12345_name"); otherwise the folder's
    only notebook. Links and hidden files never count. Raises NotGraded when there is none.
    """
    return _choose(Path(folder), name)[0]


def read_from(folder: Path, name: str) -> NotebookNode:
    """`read_submission` of the file that `find_notebook` chooses; a note where the choice was not plain."""
    path, others = _choose(Path(folder), name)
    nb = read_submission(path)
    notes = nb.metadata["nn_course"]["notes"]
    if path.name != f"{name}.ipynb":
        notes.append(f"{path.name!r} was graded as {name}.ipynb.")
    if others:
        left = ", ".join(repr(other.name) for other in others)
        notes.append(f"Several files could be {name}.ipynb: {path.name!r} counts; left: {left}.")
    return nb


def _choose(folder: Path, name: str) -> tuple[Path, list[Path]]:
    wanted = folder / f"{name}.ipynb"
    try:
        entries = [entry for entry in sorted(folder.iterdir()) if entry.suffix.casefold() == ".ipynb"]
    except OSError as error:
        remedy = "Check the folder of this submission."
        raise NotGraded(wanted, f"the folder cannot be read ({error.strerror})", remedy) from None
    files = [entry for entry in entries if entry.name[0] != "." and stat.S_ISREG(entry.lstat().st_mode)]
    word = re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE)
    candidates = [entry for entry in files if word.search(entry.stem)] or (files if len(files) == 1 else [])
    if not candidates:
        found = ", ".join(repr(entry.name) for entry in entries[:5]) or "no notebook"
        reason = f"not handed in; the folder holds {found}" + (", and links do not count" if entries else "")
        raise NotGraded(wanted, reason, f"Ask for {name}.ipynb.")
    newest_first = sorted(candidates, key=lambda entry: (entry != wanted, -entry.lstat().st_mtime_ns, entry.name))
    return newest_first[0], newest_first[1:]


class SubmissionExporter(NotebookExporter):
    """For ``c.Autograde.exporter_class``: stock nbgrader reads submissions through `read_from`.

    Autograde uses its exporter twice. The second time it reads the notebook that grading itself has made,
    whose metadata and notes must stay.
    """

    def from_filename(self, filename, resources=None, **kw):
        if not self.parent._sanitizing:
            return super().from_filename(filename, resources=resources, **kw)
        path = Path(filename)
        resources = resources or {}
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        return self.from_notebook_node(read_from(path.parent, path.stem), resources=resources, **kw)


def name_notebooks(assignment: str, student: str, notebooks: list[str]) -> None:
    """For ``c.Autograde.pre_convert_hook``: stock nbgrader grades "perceptron (1).ipynb" as perceptron.

    Replaces the paths in `notebooks`, in place, by those that nbgrader expects, whether or not they exist:
    SubmissionExporter finds the file that counts when it opens them. So there is no copy to grow stale.
    The ids may be wildcards; the folder is taken from the paths, built as step/student/assignment.
    """
    folder = Path(notebooks[0]).parent
    names = sorted(path.stem for path in (folder.parents[2] / "source" / folder.name).glob("*.ipynb"))
    there = [name for name in names if _is_there(folder, name)]
    # With none of them the exporter's refusal says why, where nbgrader would say "no notebooks found".
    notebooks[:] = [str(folder / f"{name}.ipynb") for name in there or names] or notebooks


def _is_there(folder: Path, name: str) -> bool:
    try:
        find_notebook(folder, name)
    except NotGraded:
        return False
    return True


__all__ = [
    "MAX_BYTES", "NotGraded", "SubmissionExporter", "find_notebook", "name_notebooks", "read_from",
    "read_submission",
]  # fmt: skip
