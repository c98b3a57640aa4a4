"""Run notebooks without a kernel, each in a forked child of this process.

For the audit, which runs some hundred variants of one notebook. What students hand in is graded by nbgrader
in real kernels.
"""

import contextlib
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from time import monotonic, perf_counter

from IPython.core.inputtransformer2 import TransformerManager
from IPython.display import display
from nbformat import NotebookNode

from .master import grade_id, is_test, task_number

OUTPUT_CHARS = 100_000
_TENSORFLOW = re.compile(r"^\s*(?:import|from) (?:keras|tensorflow)\b", re.MULTILINE)


@dataclass(frozen=True)
class CellResult:
    """What one code cell did.

    `message` is "" or "ExceptionName: text"; `output` is stdout and stderr, cut after OUTPUT_CHARS
    characters.
    """

    passed: bool
    message: str = ""
    output: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Score:
    """Points by task number, and by grade id the message of each test and of each other cell that failed.

    Written answers are not in it.
    """

    points: dict[int, float]
    messages: dict[str, str]
    crashes: dict[str, str]

    @property
    def total(self) -> float:
        return sum(self.points.values())


class TimeLimit(BaseException):
    """Not an Exception, so that a student's `except Exception` does not swallow it."""


class _Output(io.StringIO):
    def write(self, text: str) -> int:
        super().write(text[: max(0, OUTPUT_CHARS - self.tell())])
        return len(text)


class _Shell:
    """The part of IPython's shell that transformed cells call."""

    def system(self, command: str) -> None:
        ran = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(ran.stdout, end="")

    def getoutput(self, command: str) -> list[str]:
        return subprocess.run(command, shell=True, capture_output=True, text=True).stdout.splitlines()

    def run_line_magic(self, name: str, line: str, **_) -> None:
        print(f"%{name} does nothing without a kernel")

    def run_cell_magic(self, name: str, line: str, body: str) -> None:
        raise NotImplementedError(f"%%{name} needs a kernel")


def run(
    notebooks: Iterable[NotebookNode],
    *,
    cell_seconds: float = 10.0,
    notebook_seconds: float = 60.0,
    workers: int | None = None,
    each: Callable[[], None] = lambda: None,
) -> list[list[CellResult]]:
    """Run every notebook's code cells in order, going on after a cell that failed, as grading does.

    Returns one list per notebook, in the order given, with one result per code cell. A cell is interrupted
    after `cell_seconds`; a notebook that still runs after `notebook_seconds` is killed, and its remaining
    cells count as failed, as they do when its process ends early. `workers` notebooks run at a time
    (default: one per core); `each` is called whenever one has ended. Call it from a process without threads
    of its own: it forks.
    """
    notebooks = list(notebooks)
    _warm_up(notebooks)
    workers = workers or len(os.sched_getaffinity(0))
    waiting = list(enumerate(notebooks))[::-1]
    results: list[list[CellResult]] = [[] for _ in notebooks]
    running: dict[Connection, _Job] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                index, nb = waiting.pop()
                job = _Job(index, code_sources(nb), cell_seconds, notebook_seconds)
                running[job.pipe] = job
            patience = min(job.deadline for job in running.values()) - monotonic()
            ready = wait(list(running), max(0.0, patience))
            for pipe, job in list(running.items()):
                if pipe in ready:
                    job.read()
                elif monotonic() >= job.deadline:
                    job.end(f"TimeLimit: stopped, the notebook ran longer than {notebook_seconds:g} s")
                if job.ended:
                    del running[pipe]
                    results[job.index] = job.results
                    each()
    finally:
        for job in running.values():
            job.end("stopped")
    return results


def _warm_up(notebooks: list[NotebookNode]) -> None:
    """Import before the forks what every child would import; an import of TensorFlow alone starts no threads."""
    import matplotlib.pyplot  # noqa: F401

    import helpers.check  # noqa: F401

    if any(_TENSORFLOW.search(source) for nb in notebooks for source in code_sources(nb)):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        import keras  # noqa: F401
        import tensorflow  # noqa: F401


def score(nb: NotebookNode, results: list[CellResult]) -> Score:
    """Points of a notebook from what `run` returned for it.

    A test cell gives its points if it raised nothing. Source: nbgrader's own rule for cells without partial
    credit.
    """
    found = Score({}, {}, {})
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    for cell, result in zip(code, results, strict=True):
        name = grade_id(cell)
        if is_test(cell):
            task = task_number(name)
            earned = cell.metadata["nbgrader"]["points"] if result.passed else 0
            found.points[task] = found.points.get(task, 0) + earned
        if not result.passed:
            failed = found.messages if is_test(cell) else found.crashes
            failed[name or "a cell of the student's own"] = result.message
    return found


def code_sources(nb: NotebookNode) -> list[str]:
    return [cell.source for cell in nb.cells if cell.cell_type == "code"]


class _Job:
    """One notebook in its own process, which sends one JSON record per cell and `null` at its end."""

    def __init__(self, index: int, sources: list[str], cell_seconds: float, notebook_seconds: float):
        self.index, self.sources = index, sources
        self.results: list[CellResult] = []
        self.ended = False
        self.deadline = monotonic() + notebook_seconds
        self.folder = tempfile.TemporaryDirectory(prefix="course-run-", ignore_cleanup_errors=True)
        self.pipe, theirs = Pipe(duplex=False)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                _child(sources, self.folder.name, theirs, cell_seconds)
            finally:
                os._exit(0)  # never back into the parent's stack, its buffers or its atexit
        theirs.close()

    def read(self) -> None:
        try:
            record = json.loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self.end("the process ended in this cell")
        else:
            if record is None:
                self.end("")
            else:
                self.results.append(CellResult(**record))

    def end(self, reason: str) -> None:
        """Kill what is left of the process group, and mark the cells that sent nothing as failed."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.pipe.close()
        self.folder.cleanup()
        for _ in self.sources[len(self.results) :]:
            self.results.append(CellResult(False, reason))
            reason = "not run: the process had ended"
        self.ended = True


def _child(sources: list[str], folder: str, pipe: Connection, cell_seconds: float) -> None:
    os.setsid()  # a group of its own, so that what a cell starts ends with it
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    sys.stdin = open(os.devnull)  # noqa: SIM115
    os.chdir(folder)

    import matplotlib.pyplot as plt
    import numpy as np

    plt.switch_backend("Agg")
    random.seed(0)
    np.random.seed(0)

    main = types.ModuleType("__main__")
    main.__dict__.update(get_ipython=_Shell, display=display)
    sys.modules["__main__"] = main
    dumps, send = json.dumps, pipe.send_bytes
    transform = TransformerManager().transform_cell
    for number, source in enumerate(sources, 1):
        send(dumps(_run_cell(source, f"<cell {number}>", main.__dict__, transform, cell_seconds)).encode())
    send(b"null")


def _run_cell(source: str, name: str, namespace: dict, transform: Callable[[str], str], seconds: float) -> dict:
    def out_of_time(*_):
        raise TimeLimit(f"stopped after {seconds:g} s")

    output = _Output()
    message = ""
    begin = perf_counter() - _waited()
    signal.signal(signal.SIGALRM, out_of_time)
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            try:
                # Again every second: a bare `except:` in a loop may swallow the first.
                signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
                exec(compile(transform(source), name, "exec"), namespace)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except BaseException as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            message = _describe(error)
    return {
        "passed": not message,
        "message": message,
        "output": output.getvalue(),
        "seconds": perf_counter() - _waited() - begin,
    }


def _waited() -> float:
    """Seconds for which this thread was ready and others had the core: not the notebook's, where Linux tells."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _describe(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return f"{type(error).__name__}: (its text cannot be shown)"
