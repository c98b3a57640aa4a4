"""What a notebook sees while it is graded: IPython's shell without a kernel, and its outputs, kept within limits.

Nothing here decides about points, because the notebook's own code can reach and change all of it; see harness.py.
"""

import base64
import contextlib
import io
import json
import os
import sys
from types import ModuleType

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

TEXT_CHARS = 100_000  # printed text a cell
CELL_CHARS = 4_000_000  # everything a cell shows, pictures included
NOTEBOOK_CHARS = 16_000_000
ITEMS = 500  # outputs a cell


class Outputs:
    """What the running cell shows, in nbformat's form and within limits; shared by everything that shows something."""

    def __init__(self):
        self.notebook = self.size = 0
        self.begin()

    def begin(self) -> None:
        self.notebook += self.size
        self.displays: dict[str, dict] = {}
        self._empty()

    def _empty(self) -> None:
        self.items, self.text, self.size, self.full, self.clear_next = [], 0, 0, False, False

    def stream(self, name: str, text: str) -> None:
        self._clear_now()
        kept = text[: TEXT_CHARS - self.text]
        last = self.items[-1] if self.items else {}
        if kept and last.get("output_type") == "stream" and last["name"] == name:
            last["text"].append(kept)
        elif kept and not self._room(0):
            return
        elif kept:
            self.items.append({"output_type": "stream", "name": name, "text": [kept]})
        self.text += len(kept)
        if len(kept) < len(text):
            self._note()

    def add(self, output: dict, display_id: str | None = None) -> None:
        self._clear_now()
        if self._room(len(json.dumps(output, default=str))):
            self.items.append(output)
            if display_id is not None:
                self.displays[display_id] = output

    def update(self, display_id: str, data: dict, metadata: dict) -> None:
        if display_id in self.displays and self._room(len(json.dumps(data))):
            self.displays[display_id].update(data=data, metadata=metadata)

    def clear(self, wait: bool) -> None:
        self.clear_next = True
        if not wait:
            self._clear_now()

    def _clear_now(self) -> None:
        if self.clear_next:
            self._empty()

    def _room(self, size: int) -> bool:
        """Whether an output of this size may be kept; it is counted, or a note stands in its place."""
        larger = self.size + size
        if larger > CELL_CHARS or self.notebook + larger > NOTEBOOK_CHARS or len(self.items) >= ITEMS:
            self._note()
            return False
        self.size = larger
        return True

    def _note(self) -> None:
        if not self.full:
            self.full = True
            self.items.append({"output_type": "stream", "name": "stderr", "text": ["[more was shown than is kept]\n"]})

    def finished(self) -> list[dict]:
        for item in self.items:
            if item["output_type"] == "stream":
                item["text"] = "".join(item["text"])
        return self.items


OUTPUTS = Outputs()


class Stream(io.TextIOBase):
    """sys.stdout and sys.stderr of a notebook."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, fd: int):
        self.name, self.fd = name, fd

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.fd  # for subprocess.run(..., stdout=sys.stdout)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        OUTPUTS.stream(self.name, text)
        return len(text)


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):
        display_id = (transient or {}).get("display_id")
        data, metadata = jsonable(data), jsonable(metadata or {})
        if update:
            OUTPUTS.update(display_id, data, metadata)
        else:
            OUTPUTS.add({"output_type": "display_data", "data": data, "metadata": metadata}, display_id)

    def clear_output(self, wait=False):
        OUTPUTS.clear(wait)


class Hook(DisplayHook):
    """The value of a cell's last line."""

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        OUTPUTS.add({"output_type": "execute_result", "execution_count": self.prompt_count,
                     "data": jsonable(format_dict), "metadata": jsonable(md_dict or {})})  # fmt: skip

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """IPython's shell, which shows into OUTPUTS."""

    display_pub_class = Type(Publisher)
    displayhook_class = Type(Hook)

    def _showtraceback(self, etype, evalue, stb):
        OUTPUTS.add(error_output(etype.__name__, str(evalue), list(stb)))

    def enable_gui(self, gui=None):
        pass

    def ask_exit(self):
        pass


def error_output(ename: str, evalue: str, traceback: list[str]) -> dict:
    return {"output_type": "error", "ename": ename, "evalue": evalue[:TEXT_CHARS], "traceback": traceback}


def jsonable(bundle: dict) -> dict:
    """MIME data or metadata with bytes as base64, as kernels send it, and without what is no JSON."""
    plain = {}
    for key, value in bundle.items():
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode("ascii")
        with contextlib.suppress(TypeError, ValueError):
            plain[str(key)] = json.loads(json.dumps(value))
    return plain


def make() -> Shell:
    """The shell that every notebook starts with; made before the fork, so it must not start a thread."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    main = ModuleType("__main__")
    sys.modules["__main__"] = main
    Shell.clear_instance()
    shell = Shell.instance(config=config, user_module=main, user_ns=main.__dict__)
    InteractiveShell._instance = shell
    if "matplotlib" in sys.modules:
        shell.enable_matplotlib("inline")
    return shell


def unpack(files: dict[str, str]) -> None:
    """Write what was handed in beside the notebook into the working directory."""
    for name, content in files.items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "wb") as file:
            file.write(base64.b64decode(content))


def refuse_input(prompt="", *_, **__):
    raise StdinNotImplementedError("There is nobody to answer: input() does not work while a notebook is graded.")


def redirect():
    """Lead the process's own output, of C code and subprocesses, into files; returns a function that takes it out."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    files = {"stdout": 1, "stderr": 2}
    for name, fd in files.items():
        made = os.memfd_create(name)
        os.dup2(made, fd)
        os.close(made)
    sys.stdin = open(os.devnull)  # noqa: SIM115
    sys.stdout, sys.stderr = Stream("stdout", 1), Stream("stderr", 2)
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr

    def take():
        taken = []
        for name, fd in files.items():
            with contextlib.suppress(OSError):  # the student may have closed it
                if content := os.pread(fd, TEXT_CHARS, 0):
                    taken.append((name, content.decode("utf-8", "replace")))
                    os.ftruncate(fd, 0)
                    os.lseek(fd, 0, os.SEEK_SET)
        return taken

    return take
