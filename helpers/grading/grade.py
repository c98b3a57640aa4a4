"""Grade a class: read, graft and execute several submissions at a time, record them one after the other.

A submission is done when its scores are in the gradebook and its graded notebook, which carries a digest of all that
went into the grade, is in ``autograded/``. What is done is not done again; so a run that was killed goes on.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI

import helpers

from . import execute, intake, master, page, record, results
from .course import CourseError, Unit
from .graft import graft
from .pool import Pool
from .sandbox import SandboxError


@dataclass
class Graded:
    """One submission after grading: `reason` is "" or why it could not be graded; `again` is False if it was done."""

    student: str
    reason: str = ""
    again: bool = True


def submissions(unit: Unit, students: list[str] | None = None) -> list[Path]:
    """The submission folders to work on. Raises CourseError when there are none, or not for a student that is named."""
    folders = {folder.parent.name: folder for folder in unit.submissions}
    if missing := sorted(set(students or []) - set(folders)):
        raise CourseError(
            f"Nothing handed in by {', '.join(missing)}: there is no folder submitted/{missing[0]}/{unit.name}."
        )
    if not folders:
        raise CourseError(f"Nothing to grade: there are no folders submitted/<student>/{unit.name}. "
                          "Put each student's notebook into such a folder, see docs/instructors.md.")  # fmt: skip
    return [folder for student, folder in folders.items() if not students or student in students]


class Grader:
    """Reads, grafts and executes submissions of one unit, within the limits that nbgrader_config.py sets."""

    def __init__(self, unit: Unit, pool: Pool):
        self.unit, self.pool = unit, pool
        settings = execute.Execute(config=unit.course.config())
        self.limits = settings.limits()
        if settings.require_sandbox and pool.unprotected():
            where = ", ".join(pool.unprotected())
            raise CourseError(execute.NO_SANDBOX.format(what="nbgrader_config.py", where=where))
        source = master.read(unit.source)
        self.master = master.stub_master(source)
        self.given = execute.files(unit.source.parent)
        code = {str(path): path.read_bytes() for path in sorted(Path(helpers.__file__).parent.rglob("*.py"))}
        self.version = _version(nbformat.writes(self.master), self.given | code)

    def digest(self, folder: Path) -> str:
        """Of all that the grade depends on: what was handed in, the master, the code of this package."""
        files = dict(execute.files(folder))
        for path in sorted(folder.glob("*.ipynb")):
            with contextlib.suppress(OSError), path.open("rb") as file:
                files[path.name] = file.read(intake.MAX_BYTES + 1)
        return _version(self.version, files)

    def notebook(self, folder: Path) -> NotebookNode:
        """Read, graft, execute. Raises intake.NotGraded, SandboxError."""
        submission = intake.read_from(folder, self.unit.notebook)
        files = execute.files(folder) | self.given
        with execute.PARSING:
            grafted = graft(self.master, submission)
        nb = self.pool.execute(grafted, self.limits, files)
        nb.metadata["nn_course"]["digest"] = self.digest(folder)
        return nb


def _version(text: str, files: dict[str, bytes]) -> str:
    digest = hashlib.sha256(text.encode())
    for name, content in files.items():
        digest.update(f"\0{name}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()


def grade(unit: Unit, pool: Pool, students: list[str] | None = None, *, anew: bool = False) -> Iterator[Graded]:
    """Grade the unit's submissions in `pool`; yields what became of each, as soon as it is recorded.

    `anew` grades also what is done already. A submission that cannot be graded leaves the reason in
    ``autograded/<student>/<unit>/not-graded.txt`` and no score, neither an old one nor a zero. Others are not touched
    by it.
    """
    folders = submissions(unit, students)
    directory = unit.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        grader = Grader(unit, pool)
        done = {} if anew else _recorded(gradebook, unit)
        waiting = iter(folders)
        running: dict[Future, Path] = {}
        try:
            while True:
                # Few ahead of the recording: graded notebooks are large.
                while len(running) < 2 * pool.workers and (folder := next(waiting, None)) is not None:
                    student = folder.parent.name
                    if student in done and _digest(unit, student) == grader.digest(folder):
                        yield Graded(student, again=False)
                    else:
                        running[pool.executor.submit(grader.notebook, folder)] = folder
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield _finish(unit, gradebook, running.pop(future), future)
        finally:
            for future in running:
                future.cancel()


def _recorded(gradebook: Gradebook, unit: Unit) -> set[str]:
    """The students whose submission has automatic scores in the gradebook."""
    try:
        found = gradebook.assignment_submissions(unit.name)
    except MissingEntry:
        return set()
    return {s.student_id for s in found
            if any(grade.auto_score is not None for notebook in s.notebooks for grade in notebook.grades)}  # fmt: skip


def _digest(unit: Unit, student: str) -> str:
    """The digest in the student's graded notebook, "" where there is none."""
    path = results.autograded(unit, student) / f"{unit.notebook}.ipynb"
    try:
        return json.loads(path.read_bytes())["metadata"]["nn_course"]["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _finish(unit: Unit, gradebook: Gradebook, folder: Path, future: Future) -> Graded:
    student = folder.parent.name
    try:
        nb = future.result()
    except (intake.NotGraded, SandboxError) as error:
        reason = str(error)
    except Exception as error:  # a fault of the grader must not stop the class; the reason names it
        reason = f"the grader failed with {type(error).__name__}: {error}"
    else:
        where = {"student": student, "assignment": unit.name, "notebook": unit.notebook}
        stamp = unit.course.directory().get_existing_timestamp(str(folder))
        submitted = {"timestamp": stamp} if stamp else {}
        config = unit.course.config()
        with _replacing(results.autograded(unit, student)) as new:
            nbformat.write(nb, new / f"{unit.notebook}.ipynb")
            for name, content in execute.files(folder).items():
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).write_bytes(content)
            record.patiently(gradebook, lambda: record.save(gradebook, config, where, nb, **submitted))
        return Graded(student)
    not_graded(unit, gradebook, student, reason)
    return Graded(student, reason)


def not_graded(unit: Unit, gradebook: Gradebook, student: str, reason: str) -> None:
    """Note that a submission was not graded and take back its automatic scores."""
    with _replacing(results.autograded(unit, student)) as new:
        (new / results.NOT_GRADED).write_text(reason + "\n", encoding="utf-8", errors="replace")
        record.patiently(gradebook, lambda: record.forget(gradebook, unit.name, student))


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place of `target` at the end: whole, or not at all."""
    with contextlib.ExitStack() as stack:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            folder = stack.enter_context(tempfile.TemporaryDirectory(
                prefix=".grading-", dir=target.parent, ignore_cleanup_errors=True))  # fmt: skip
            stack.callback(os.close, _locked(folder))
            new = Path(folder, "new")
            new.mkdir()
            yield new
        except OSError as error:
            raise CourseError(
                f"{target} cannot be written ({error.strerror or error}). Free some disk space or check its "
                "permissions, and run the same command again: what is recorded stays, the rest is graded then."
            ) from error
        for attempt in range(100):  # another grader may put its own there in between
            with contextlib.suppress(FileNotFoundError):
                target.rename(Path(folder, f"old-{attempt}"))
            with contextlib.suppress(OSError):
                new.rename(target)
                return
        raise CourseError(f"{target} cannot be replaced. Close what uses it, and run the same command again.")


def _locked(folder: str | Path) -> int:
    """A descriptor that holds the folder's lock until it is closed or its process is gone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor


def clean_up(unit: Unit) -> None:
    """Remove what a run that was killed has left of `_replacing`."""
    for folder in unit.course.root.glob("autograded/*/.grading-*"):
        with contextlib.suppress(OSError):  # another grader is at work on it
            os.close(_locked(folder))
            shutil.rmtree(folder, ignore_errors=True)


def feedback(unit: Unit, students: list[str] | None = None) -> Iterator[Path]:
    """Write the feedback pages of all submissions that `grade` has seen; yields each page's path.

    Raises CourseError at the end where pages could not be made; it names the students.
    """
    failed = []
    api = NbGraderAPI(unit.course.directory(), config=unit.course.config())
    for folder in submissions(unit, students):
        student = folder.parent.name
        path = unit.course.root / "feedback" / student / unit.name / f"{unit.notebook}.html"
        failure = results.autograded(unit, student) / results.NOT_GRADED
        if failure.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            reason = failure.read_text(encoding="utf-8").strip()
            text = page.render("not-graded.html.j2", unit=unit.name, student=student, reason=reason)
            path.write_text(text, encoding="utf-8")
            yield path
        elif results.autograded(unit, student).exists():
            outcome = api.generate_feedback(unit.name, student, force=True)
            if not outcome["success"]:
                log = outcome.get("log", "") + outcome.get("error", "")
                failed.append(f"{student} ({log.strip().splitlines()[-1]})")
                continue
            yield path
    if failed:
        raise CourseError(f"All other pages are written, but there is none for {'; '.join(failed)}")
