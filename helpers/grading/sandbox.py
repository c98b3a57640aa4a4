"""Where student code runs: warm processes in bubblewrap's namespaces, one notebook at a time in each.

Inside there is no network, no home, no course: the system and the Python environment, read-only, the modules that
notebooks import, and a small /tmp in memory. What limits cannot bound from within (memory of the process tree, number
of processes, time) is watched from outside. Needs Linux and bubblewrap (Debian package `bubblewrap`); without it the
same processes run unprotected, and `protected` is False.
"""

import contextlib
import hmac
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from time import monotonic

import helpers
from helpers import data

from .cgroup import Group

NUMPY = ("numpy", "matplotlib.pyplot", "ipywidgets", "scipy.special", "sklearn.datasets", "sklearn.linear_model",
         "helpers.check", "helpers.data", "helpers.plot", "helpers.widget", "jedi")  # fmt: skip
TENSORFLOW = (*NUMPY, "tensorflow", "keras")
START_SECONDS = 120.0
DISK_BYTES = 256 * 2**20
TICK = 0.1
CACHE = "/cache"
GRACE_SECONDS = 3.0
ANSWER_BYTES = 10_000_000
NOTEBOOK_BYTES = 20_000_000
SPARE_BYTES = 256 * 2**20
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


@cache
def protected() -> bool:
    """Whether bubblewrap works here."""
    if not shutil.which("bwrap"):
        return False
    command = ["bwrap", *_NAMESPACES, "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


_NAMESPACES = ["--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session",
               "--as-pid-1", "--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "box"]  # fmt: skip


def environment(temporary: str) -> dict[str, str]:
    """The few variables that notebooks see."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": temporary, "TMPDIR": temporary, "MPLCONFIGDIR": f"{temporary}/.matplotlib",
        "XDG_CACHE_HOME": CACHE if temporary == "/tmp" else str(data.cache_folder().parent),
        "LANG": "C.UTF-8", "MPLBACKEND": "module://matplotlib_inline.backend_inline", "NBGRADER_EXECUTION": "autograde",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
        # One thread each: notebooks run side by side, and with one thread every sum has one order.
        "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1", "IPYTHONDIR": f"{temporary}/.ipython", "KERAS_HOME": f"{temporary}/.keras",
        "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip


def visible() -> list[Path]:
    """What can be read inside: the system, Python, and of this package all that is no instructor's business."""
    package = Path(helpers.__file__).resolve().parent
    grading = package / "grading"
    own = [path for path in package.iterdir() if path.name not in ("grading", "__pycache__")]
    inside = [grading / name for name in ("__init__.py", "warm.py", "harness.py", "shell.py")]
    etc = ["ld.so.cache", "alternatives", "fonts", "localtime", "mime.types"]
    python = {Path(folder).resolve() for folder in (sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"))}
    return [Path("/usr"), *(Path("/etc", name) for name in etc), *sorted(python), *own, *inside]


def command() -> list[str]:
    """bubblewrap with everything that the warm process may see."""
    words = ["bwrap", *_NAMESPACES, "--proc", "/proc", "--dev", "/dev"]
    for link in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(link):
            words += ["--symlink", os.readlink(link), link]
        elif os.path.isdir(link):
            words += ["--ro-bind", link, link]
    half = str(DISK_BYTES // 2)
    words += ["--size", half, "--tmpfs", "/tmp", "--size", half, "--tmpfs", "/dev/shm"]
    for path in visible():
        words += ["--ro-bind-try", str(path), str(path)]  # some systems lack some; an editor's file may be gone again
    if (drawn := data.cache_folder()).is_dir():
        words += ["--ro-bind", str(drawn), f"{CACHE}/{drawn.name}"]
    # Who grades as root is the owner of /proc/sys inside too.
    return [*words, "--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


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
            for pid in _descendants([self.process.pid], 10_000):
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
                self._watch()
            if now > deadline and not interrupted:
                put_off = begin + min(seconds / self._share_of_cores(), seconds * PATIENCE)
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

    def _watch(self) -> None:
        """Look at the notebook's processes from outside. Raises _Ended where they are too many or too large."""
        warm = self._warm()
        found = _descendants(warm, self.limits.processes)
        if len(found) > self.limits.processes:
            raise _Ended(f"it started more than {self.limits.processes} processes")
        if self.sandboxed and found and _files(found[0]) > self.limits.files:
            raise _Ended(f"it made more than {self.limits.files} files")
        # Room for what is shared with the warm process, and above the kernel's own limit (harness.Room), so that a
        # notebook that gets a MemoryError can go on. What forks share counts once, but to find that out takes time.
        most = self.limits.memory + SPARE_BYTES + sum(map(_resident, warm))
        if all(sum(map(measure, found)) > most for measure in (_resident, _proportional)):
            raise _Ended(f"it used more than {self.limits.memory / 2**30:.2g} GB of memory")

    def _warm(self) -> list[int]:
        """The warm process, as it is known outside; none when it is gone."""
        return _children(self.process.pid)[:1] if self.sandboxed else [self.process.pid]

    def _share_of_cores(self) -> float:
        """The part of the time in which the notebook's process had a core while it wanted one: 1 on a quiet machine."""
        child = [pid for warm in self._warm() for pid in _children(warm)[:1]]
        ran = waited = 0
        with contextlib.suppress(OSError, ValueError):
            for task in Path(f"/proc/{child[0]}/task").iterdir() if child else ():
                nanoseconds = (task / "schedstat").read_text().split()
                ran, waited = ran + int(nanoseconds[0]), waited + int(nanoseconds[1])
        return ran / (ran + waited) if ran else 1.0

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


def _descendants(pids: list[int], most: int) -> list[int]:
    """The processes below these; ends early beyond `most`, because a fork bomb is faster than looking at it."""
    found, above = [], [*pids]
    while above and len(found) <= most:
        below = _children(above.pop())
        found += below
        above += below
    return found


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        tasks = [Path(f"/proc/{pid}/task/{task}/children") for task in os.listdir(f"/proc/{pid}/task")]
        return [int(child) for task in tasks for child in task.read_text().split()]
    return []


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    return 0


def _proportional(pid: int) -> int:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0


def _files(pid: int) -> int:
    """How many files there are in the sandbox's memory, as a process in it sees them."""
    with contextlib.suppress(OSError):
        about = [os.statvfs(f"/proc/{pid}/root{folder}") for folder in ("/tmp", "/dev/shm")]
        return sum(each.f_files - each.f_ffree for each in about)
    return 0
