"""The same grading on a Dask cluster: the driver reads, grafts and records, the cluster's workers execute.

A worker needs this package, its grading extra and bubblewrap; a notebook and the files beside it travel with the task,
so no disk is shared. A task whose worker dies runs on another one.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import nbformat
from distributed import Client
from nbformat import NotebookNode

from . import pool
from .box import protected
from .course import CourseError
from .sandbox import Limits, SandboxError

CONNECT_SECONDS = 10
RETRIES = 3


class Cluster:
    """In place of a Pool, for `course grade --cluster`: as many notebooks at a time as the cluster has threads.

    Raises CourseError when the scheduler at `address` does not answer or has no workers.
    """

    def __init__(self, address: str):
        try:
            self.client = Client(address, timeout=CONNECT_SECONDS)
            self.workers = sum(self.client.nthreads().values())
        except (OSError, ValueError) as error:
            raise CourseError(f"No Dask scheduler answers at {address} ({type(error).__name__}). Start it with "
                              "`dask scheduler`, then its workers with `dask worker ADDRESS`.") from error  # fmt: skip
        if not self.workers:
            self.client.close()
            raise CourseError(f"The Dask scheduler at {address} has no workers. Start some: `dask worker {address}`.")
        # A few more than can run: while one notebook is recorded, the next is on its way.
        self.executor = ThreadPoolExecutor(self.workers + 2)

    def execute(self, nb: NotebookNode, limits: Limits, files: dict[str, bytes] | None = None) -> NotebookNode:
        """Execute `nb` somewhere in the cluster. Raises SandboxError where every worker that tried it was lost."""
        task = self.client.submit(execute_text, nbformat.writes(nb), asdict(limits), files, pure=False, retries=RETRIES)
        try:
            return nbformat.reads(task.result(), as_version=4)
        except SandboxError:
            raise
        except Exception as error:  # what Dask raises for lost workers and lost schedulers has no common class
            raise SandboxError(f"The cluster lost it: {type(error).__name__}: {error}") from error

    def unprotected(self) -> list[str]:
        """The workers on which bubblewrap does not work."""
        return [name for name, works in self.client.run(protected).items() if not works]

    def close(self) -> None:
        """Leave the cluster; it goes on running."""
        self.executor.shutdown(cancel_futures=True)
        self.client.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def execute_text(notebook: str, limits: dict, files: dict[str, bytes] | None) -> str:
    """On a worker: the notebook's JSON, executed within `limits` in a warm process that stays for the next one."""
    nb = nbformat.reads(notebook, as_version=4)
    return nbformat.writes(pool.shared().execute(nb, Limits(**limits), files))
