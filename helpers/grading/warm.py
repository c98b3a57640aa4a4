"""Inside the sandbox: a process that has imported what notebooks import, and forks one child for each notebook.

Started by helpers.grading.sandbox as `python -m helpers.grading.warm FD FOLDERS MODULE...`. Over the socket FD it takes

    f   fork a child; the answer is "f" with one end of the socket on which the child serves, see harness.py
    i   interrupt the child, as the stop button does; the answer is "i"
    w   why the child is gone; the answer is "k" where a signal has ended it, else "n"
    e   end the child and everything that it started, and empty the folders it could write; the answer is "e", or
        "n" and the end of this process where something stays

In the sandbox it is process 1: nothing inside can signal it, and the kernel ends everything with it.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import random
import resource
import shutil
import signal
import socket
import sys
import time
from collections.abc import Collection

MEGABYTE = 2**20
FILE_BYTES = 64 * MEGABYTE
OPEN_FILES = 512
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36

_prctl = ctypes.CDLL(None, use_errno=True).prctl


def main(control: socket.socket, modules: list[str], folders: list[str]) -> None:
    """Import `modules`, then serve until the other side closes. `folders` are those that notebooks may write."""
    # Process 1 gets only those signals for which it has a handler, and Python has one for this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kept = [os.listdir(folder) for folder in folders]  # where a Python environment is mounted below
    for module in modules:
        importlib.import_module(module)
    from helpers import grading
    from helpers.grading import harness, shell

    # Notebooks shall not find the module that tests them.
    del sys.modules[harness.__name__], grading.harness
    template = shell.make()
    # Not readable through /proc by what it forks: the next student's notebook starts as this one did.
    _prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    # A process whose parent is gone becomes a child of this one, also where it is not process 1.
    _prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # A full collection in a child would touch, and so copy, every page of what was imported: 0.2 s with TensorFlow.
    gc.collect()
    gc.freeze()
    control.send(b"r")
    child = 0
    while command := control.recv(1):
        if command == b"f":
            ours, theirs = socket.socketpair()
            child = os.fork()
            if child == 0:
                try:
                    ours.close()
                    control.close()
                    prepare(folders[0])
                    harness.serve(template, theirs.fileno())
                finally:
                    os._exit(0)  # never back into this loop
            theirs.close()
            socket.send_fds(control, [b"f"], [ours.fileno()])
            ours.close()
        elif command == b"i":
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGINT)
            control.send(b"i")
        elif command == b"w":
            control.send(b"k" if killed(child) else b"n")
        elif command == b"e":
            if not (end(child) and all(map(empty, folders, kept))):
                control.send(b"n")
                return
            child = 0
            control.send(b"e")


def prepare(folder: str) -> None:
    """What makes the forked child a notebook's own process: limits, no terminal, seeds of its own."""
    _prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.setsid()
    os.nice(10)  # who watches, and ends what has to be ended, comes first
    for limit, value in [
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(limit, (value, value))
    os.chdir(folder)
    random.seed()
    sys.modules["numpy"].random.seed()


def killed(child: int) -> bool:
    """Whether a signal has ended the child. Waits a second for its end: its socket closes first."""
    deadline = time.monotonic() + 1
    while child and time.monotonic() < deadline:
        if end := os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return end.si_code != os.CLD_EXITED
        time.sleep(0.001)
    return False


def end(child: int) -> bool:
    """Kill everything but this process, until nothing is left; returns whether that came about."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if os.getpid() == 1:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            for pid in descendants() or ([child] if child else []):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return True
        time.sleep(0.001)
    return False


def descendants() -> list[int]:
    """All processes below this one; orphans are among them, because this process is their reaper."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
            parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
    found, more = [], [os.getpid()]
    while more:
        above = more.pop()
        below = [pid for pid, parent in parents.items() if parent == above]
        found += below
        more += below
    return found


def empty(folder: str, kept: Collection[str]) -> bool:
    """Remove all that is in `folder` but the names in `kept`; returns whether that came about."""
    for entry in os.scandir(folder):
        if entry.name in kept:
            continue
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)
    return set(os.listdir(folder)) <= set(kept)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[3:], sys.argv[2].split(os.pathsep))
