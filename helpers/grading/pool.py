"""Several notebooks at a time on this machine: a warm process for each thread that executes one."""

import atexit
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from nbformat import NotebookNode

from . import execute
from .box import protected
from .sandbox import Limits, Worker


class Pool:
    """Executes `workers` notebooks at a time (default: one a core). Warm processes start when they are needed."""

    def __init__(self, workers: int | None = None):
        self.workers = workers or len(os.sched_getaffinity(0))
        self.executor = ThreadPoolExecutor(self.workers)
        self.own = threading.local()
        self.started: list[Worker] = []

    def execute(self, nb: NotebookNode, limits: Limits, files: dict[str, bytes] | None = None) -> NotebookNode:
        """Execute `nb`, in place, in this thread's warm process. Raises SandboxError."""
        by_modules = vars(self.own).setdefault("workers", {})
        modules = execute.modules(nb)
        if modules not in by_modules:
            by_modules[modules] = Worker(modules)
            self.started.append(by_modules[modules])
        return execute.execute(nb, by_modules[modules], limits, files)

    def map(
        self, notebooks: Iterable[NotebookNode], limits: Limits, each: Callable[[], None] = lambda: None
    ) -> list[NotebookNode]:
        """Execute all of them, in place, and call `each` whenever one has ended; returns them in their order."""

        def run(nb: NotebookNode) -> NotebookNode:
            executed = self.execute(nb, limits)
            each()
            return executed

        return list(self.executor.map(run, notebooks))

    def unprotected(self) -> list[str]:
        """Where student code would run without a sandbox: nowhere, or on this machine."""
        return [] if protected() else ["this machine"]

    def close(self) -> None:
        """End the warm processes, and what runs in them."""
        self.executor.shutdown(cancel_futures=True)
        for worker in self.started:
            worker.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@cache
def shared() -> Pool:
    """The pool of this process, with one worker a core, for audits, gates and stock nbgrader."""
    pool = Pool()
    atexit.register(pool.close)
    return pool
