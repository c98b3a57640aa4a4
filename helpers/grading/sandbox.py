"""Where student code runs: warm processes in bubblewrap's namespaces (module box), one notebook at a time in each.

What limits cannot bound from within (memory of the process tree, number of processes, time) is watched from outside.
Without bubblewrap the same processes run unprotected.
"""

import contextlib
import hmac
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from time import monotonic

from helpers import data

from . import watch
from .box import command, environment, protected
from .cgroup import Group

NUMPY = ("numpy", "matplotlib.pyplot", "ipywidgets", "scipy.special", "sklearn.datasets", "sklearn.linear_model",
         "helpers.check", "helpers.data", "helpers.plot", "helpers.widget", "jedi")  # fmt: skip
TENSORFLOW = (*NUMPY, "tensorflow", "keras")
START_SECONDS = 120.0
TICK = 0.1
GRACE_SECONDS = 3.0
ANSWER_BYTES = 10_000_000
NOTEBOOK_BYTES = 20_000_000
LOSSES = 3  # how often what may have been killed from outside starts again
PATIENCE = 5  # a cell's time is put off up to so many times while other programs have the cores
THREADS = 8  # a process, as the kernel counts


@dataclass(frozen=True)
class Limits:
    """For one notebook: seconds a cell and in all, bytes of memory beyond the warm process, processes, files at a time.

    Seconds in which other programs had the cores do not count to a cell's. `replays` is how often the notebook runs
    again without a cell that ended its process.
    """

    cell_seconds: float = 20.0
    notebook_seconds: float = 300.0
    memory: int = 2 * 2**30
    processes: int = 64
    files: int = 20_000
    replays: int = 6


@dataclass
class Cell:
    """What runs: `kind` is "own" (the student's), "given" (the master's) or "test".

    `imports` are a given cell's import statements and `names` what a given cell or a test defines for tests: they see
    these as they were. `keep` are the names that a test defines for later cells, `check` names its first check.
    """

    source: str
    kind: str = "own"
    imports: str = ""
    names: list[str] = field(default_factory=list)
    keep: list[str] = field(default_factory=list)
    check: str = ""


@dataclass
class Outcome:
    """What one cell did.

    `error` is None or (name, text); `ended` says why it did not come to its end, else "". `changed` is what had to be
    put back before a test, `refused` what the cell tried in vain; `trusted` is False where the test counts for nothing.
    """

    outputs: list[dict] = field(default_factory=list)
    error: tuple[str, str] | None = None
    count: int | None = None
    seconds: float = 0.0
    changed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    trusted: bool = True
    ended: str = ""
    run: bool = True


class SandboxError(Exception):
    """The sandbox itself does not work: nothing is known about the submission."""


GONE = "it ended the Python process (os._exit, a crash in C, or a kill)"


class _Ended(Exception):
    """The notebook's process had to be ended."""


class _Late(_Ended):
    """The notebook's time was over before the cell began."""


class _Gone(_Ended):
    """The notebook's process is gone."""


class Worker:
    """One warm process. Not for two threads at once; a context manager that ends everything it started."""

    def __init__(self, modules: tuple[str, ...] = NUMPY, sandboxed: bool | None = None):
        self.modules = modules
        self.sandboxed = protected() if sandboxed is None else sandboxed
        self.process = None
        self.group = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self) -> None:
        """Start the warm process if it is not running. Raises SandboxError."""
        if self.process is not None and self.process.poll() is None:
            return
        self.stop()
        if not self.sandboxed:
            self.folder = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        temporary = "/tmp" if self.sandboxed else self.folder.name
        writable = ["/tmp", "/dev/shm"] if self.sandboxed else [temporary]
        self.control, theirs = socket.socketpair()
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        words = [sys.executable, "-P", "-m", "helpers.grading.warm", str(theirs.fileno()), os.pathsep.join(writable),
                 *self.modules]  # fmt: skip
        if "keras" in self.modules:
            data.draw_garments()  # once, not in every notebook
        if self.sandboxed:
            self.group = Group()
            words = self.group.command() + command() + words
        self.process = subprocess.Popen(
            words, env=environment(temporary), pass_fds=[theirs.fileno()], cwd=None if self.sandboxed else temporary,
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self.control.settimeout(START_SECONDS)
        try:
            ready = self.control.recv(1)
        except OSError:
            ready = b""
        if ready != b"r":
            self.log.seek(0)
            said = self.log.read(4000).decode("utf-8", "replace").strip()
            self.stop()
            raise SandboxError(f"The process that runs notebooks did not start: {said or 'it said nothing'}")

    def stop(self) -> None:
        """End the warm process and all that runs in it."""
        if self.process is None:
            return
        if not self.sandboxed:  # in the sandbox the kernel does this
            for pid in watch.descendants([self.process.pid], 10_000):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        self.control.close()
        self.log.close()
        if self.sandboxed:
            self.group.close()
        else:
            self.folder.cleanup()
        self.process = None

    def run(self, cells: list[Cell], files: dict[str, bytes] | None = None, limits: Limits = Limits()) -> list[Outcome]:
        """Run a notebook's cells in order, going on after errors; one Outcome a cell.

        `files` are put into the notebook's folder first. A cell that ends the process, or has to be ended, is left out
        and the others run again, at most `limits.replays` times. A process that a signal has ended may have been killed
        from outside, so that the cell runs again, at most LOSSES times; a sandbox that is gone always was.
        Raises SandboxError when the sandbox fails.
        """
        self.limits = limits
        left_out: dict[int, Outcome] = {}
        killed: Counter[int] = Counter()
        lost = 0
        self.finish = monotonic() + limits.notebook_seconds
        while True:
            outcomes, ended = self._attempt(cells, files or {}, left_out)
            if ended is None:
                return outcomes
            place = len(outcomes)
            late = monotonic() >= self.finish
            if isinstance(ended, _Gone) and self.sandboxed and self.lost:
                lost += 1
                if lost > LOSSES:
                    raise SandboxError(
                        f"The process that runs notebooks was lost {lost} times; is there too little memory?"
                    )
                self.finish = monotonic() + limits.notebook_seconds
                continue
            if isinstance(ended, _Gone) and (self.killed or self.lost) and killed[place] < LOSSES and not late:
                killed[place] += 1
                continue
            begun, ended = not isinstance(ended, _Late), str(ended)
            if late or len(left_out) >= limits.replays:
                left_out |= {place: Outcome(ended=ended, run=begun)}
                why = f"the notebook had to end before: {ended}" if begun else ended
                rest = [left_out.get(later, Outcome(ended=why, run=False)) for later in range(place, len(cells))]
                return outcomes + rest
            left_out[place] = Outcome(ended=ended)

    def _attempt(self, cells, files, left_out) -> tuple[list[Outcome], _Ended | None]:
        """One run, with the outcomes of the cells that came to their end and the reason why there are no more."""
        outcomes: list[Outcome] = []
        with self._not_counted():
            connection = self._fork()
        ended = None
        self.room = NOTEBOOK_BYTES
        try:
            key = secrets.token_bytes(16)
            written = {name: b64encode(content).decode("ascii") for name, content in files.items()}
            start = {"key": key.hex(), "files": written, "cells": [vars(cell) for cell in cells],
                     "memory": self.limits.memory, "tasks": self._tasks()}  # fmt: skip
            self._send(connection, json.dumps(start).encode() + b"\n", monotonic() + START_SECONDS)
            for place in range(len(cells)):
                if monotonic() >= self.finish:
                    raise _Late(f"the notebook ran longer than {self.limits.notebook_seconds:g} seconds")
                outcomes.append(left_out.get(place) or self._cell(connection, key, place))
        except _Ended as reason:
            ended = reason
        finally:
            with self._not_counted():
                connection.close()
                self._end(isinstance(ended, _Gone))
        return outcomes, ended

    @contextlib.contextmanager
    def _not_counted(self):
        """What is done here is not the notebook's time."""
        begin = monotonic()
        yield
        self.finish += monotonic() - begin

    def _tasks(self) -> int:
        """How many tasks the kernel allows: processes and their threads."""
        return THREADS * self.limits.processes

    def _fork(self) -> socket.socket:
        for attempt in range(1 + LOSSES):
            try:
                self.start()
                if self.group:
                    self.group.limit(self._tasks())
                self.control.settimeout(START_SECONDS)
                self.control.sendall(b"f")
                _, (fd,), _, _ = socket.recv_fds(self.control, 1, 1)
                break
            except SandboxError:
                if attempt == LOSSES:
                    raise
            except (OSError, ValueError) as error:
                self.stop()
                if attempt == LOSSES:
                    raise SandboxError(f"The warm process does not fork: {error}") from None
        connection = socket.socket(fileno=fd)
        connection.settimeout(TICK)
        self.left = b""
        return connection

    def _send(self, connection: socket.socket, line: bytes, deadline: float) -> None:
        line = memoryview(line)
        while line:
            try:
                line = line[connection.send(line) :]
            except TimeoutError:
                if monotonic() > deadline:
                    raise _Ended("its code did not give the process back") from None
            except OSError:
                raise _Gone(GONE) from None

    def _cell(self, connection: socket.socket, key: bytes, place: int) -> Outcome:
        begin = monotonic()
        seconds = min(self.limits.cell_seconds, self.finish - begin)
        order = f"{place} {secrets.token_hex(8)}".encode()
        self._send(connection, order + b"\n", begin + seconds)
        signed, _, content = self._line(connection, begin, seconds).partition(b" ")
        if not hmac.compare_digest(signed, blake2b(order + content, key=key, digest_size=16).hexdigest().encode()):
            raise _Ended("its code wrote into the grader's own connection")
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            raise _Ended("what it showed could not be read") from None
        self.room -= len(content)
        outputs = answer["outputs"] if isinstance(answer["outputs"], list) and self.room > 0 else []
        error = answer["error"] and tuple(answer["error"])
        told = (answer[name] for name in ("seconds", "changed", "refused", "trusted"))
        return Outcome(outputs, error, place + 1, *told)

    def _line(self, connection: socket.socket, begin: float, seconds: float) -> bytes:
        """The child's next line. Interrupts it after `seconds`, ends it GRACE_SECONDS later, watches its size."""
        deadline = begin + seconds
        interrupted = False
        look = monotonic() + TICK
        while b"\n" not in self.left:
            try:
                part = connection.recv(1 << 20)
                if not part:
                    raise _Gone(GONE)
                self.left += part
            except TimeoutError:
                pass
            except OSError:
                raise _Gone("it closed the grader's connection") from None
            if len(self.left) > ANSWER_BYTES:
                raise _Ended("it sent more than can be kept")
            now = monotonic()
            if now >= look:
                look = now + TICK
                limits = self.limits
                files = limits.files if self.sandboxed else None
                if why := watch.excess(self._warm(), limits.processes, files, limits.memory):
                    raise _Ended(why)
            if now > deadline and not interrupted:
                put_off = begin + min(seconds / watch.share_of_cores(self._warm()), seconds * PATIENCE)
                if put_off > now:
                    self.finish += put_off - deadline
                    deadline = put_off
                    continue
                interrupted = True
                deadline = now
                # The answer keeps the interrupt from coming when the cell has ended and the next one runs.
                try:
                    self.control.sendall(b"i")
                    self.control.recv(1)
                except OSError:
                    raise _Gone(GONE) from None
            if now > deadline + GRACE_SECONDS:
                raise _Ended("it took too long and could not be interrupted")
        line, _, self.left = self.left.partition(b"\n")
        return line

    def _warm(self) -> list[int]:
        """The warm process, as it is known outside; none when it is gone."""
        return watch.children(self.process.pid)[:1] if self.sandboxed else [self.process.pid]

    def _end(self, gone: bool) -> None:
        """Empty the sandbox; where that fails, it is replaced.

        `self.lost` tells whether it was gone already, and `self.killed` whether a signal has ended the notebook's
        process, which is looked at where it is `gone`.
        """
        self.lost, self.killed = self.process is None, False
        if self.lost:
            return
        self.control.settimeout(15)
        try:
            if gone:
                self.control.sendall(b"w")
                self.killed = self.control.recv(1) == b"k"
            self.control.sendall(b"e")
            done = self.control.recv(1)
        except TimeoutError:
            done = b"n"
        except OSError:
            done = b""
        self.lost = not done
        if done != b"e":
            self.stop()
