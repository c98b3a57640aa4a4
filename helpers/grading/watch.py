"""A notebook's processes, looked at from outside through /proc: how many, how large, and whether they get a core."""

import contextlib
import os
from pathlib import Path

SPARE_BYTES = 256 * 2**20


def excess(warm: list[int], processes: int, files: int | None, memory: int) -> str:
    """What is beyond these limits in what runs below the warm process, in words; "" where nothing is.

    `files` None counts no files: without a sandbox there is no disk of its own.
    """
    found = descendants(warm, processes)
    if len(found) > processes:
        return f"it started more than {processes} processes"
    if files is not None and found and _files(found[0]) > files:
        return f"it made more than {files} files"
    # Room for what is shared with the warm process, and above the kernel's own limit (harness.Room), so that a
    # notebook that gets a MemoryError can go on. What forks share counts once, but to find that out takes time.
    most = memory + SPARE_BYTES + sum(map(_resident, warm))
    if all(sum(map(measure, found)) > most for measure in (_resident, _proportional)):
        return f"it used more than {memory / 2**30:.2g} GB of memory"
    return ""


def share_of_cores(warm: list[int]) -> float:
    """The part of the time in which the notebook's process had a core while it wanted one: 1 on a quiet machine."""
    child = [pid for each in warm for pid in children(each)[:1]]
    ran = waited = 0
    with contextlib.suppress(OSError, ValueError):
        for task in Path(f"/proc/{child[0]}/task").iterdir() if child else ():
            nanoseconds = (task / "schedstat").read_text().split()
            ran, waited = ran + int(nanoseconds[0]), waited + int(nanoseconds[1])
    return ran / (ran + waited) if ran else 1.0


def descendants(pids: list[int], most: int) -> list[int]:
    """The processes below these; ends early beyond `most`, because a fork bomb is faster than looking at it."""
    found, above = [], [*pids]
    while above and len(found) <= most:
        below = children(above.pop())
        found += below
        above += below
    return found


def children(pid: int) -> list[int]:
    """The processes that this one has started, in that order; none when it is gone."""
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
