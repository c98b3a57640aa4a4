"""One notebook's process: runs cells as a kernel does, without a kernel, and keeps the tests out of reach.

Cells come one at a time over a socket, as one JSON line each, and each is answered by one JSON line. A test does
not run as a cell of IPython, whose hooks the student may have changed, but as plain Python:

- what tests stand on (builtins, NumPy, helpers.check and others) is put back as it was before any student's code ran;
- a check that must fail is run first; where it does not fail, the test is worth nothing;
- it runs in a namespace of its own, so that its reference answers are no globals of the student's;
- asking for frames or for the garbage collector's objects is refused while it runs.

What was found changed is told as "flags". Only the standard library, IPython and helpers.check are imported.
"""

import base64
import builtins
import contextlib
import gc
import io
import json
import os
import signal
import socket
import sys
import threading
from time import perf_counter
from types import FunctionType, ModuleType

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from helpers import check

TEXT_CHARS = 100_000  # printed text a cell
CELL_CHARS = 4_000_000  # everything a cell shows, pictures included
NOTEBOOK_CHARS = 16_000_000
SEALED = ["builtins", "numpy", "numpy.random", "numpy.linalg", "numpy.testing", "math", "helpers.check", "helpers.plot",
          "helpers.data", "keras", "keras.utils", "tensorflow"]  # fmt: skip
REFUSED = {"sys._getframe", "sys._current_frames", "sys._current_exceptions", "sys.settrace", "sys.setprofile",
           "gc.get_objects", "gc.get_referrers", "gc.get_referents"}  # fmt: skip
FRAMES = {"tb_frame", "gi_frame", "cr_frame", "ag_frame"}


class Outputs:
    """What the running cell shows, in nbformat's form and within limits; shared by everything that shows something."""

    def __init__(self):
        self.notebook = 0
        self.begin()

    def begin(self) -> None:
        self.items, self.text, self.size, self.full, self.clear_next = [], 0, 0, False, False
        self.displays: dict[str, dict] = {}

    def stream(self, name: str, text: str) -> None:
        if not text:
            return
        self._clear_now()
        text = text[: max(0, TEXT_CHARS - self.text)]
        self.text += len(text)
        if not text:
            return self._note()
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"].append(text)
        else:
            self.items.append({"output_type": "stream", "name": name, "text": [text]})

    def add(self, output: dict, display_id: str | None = None) -> None:
        self._clear_now()
        size = len(json.dumps(output, default=str))
        if self.size + size > CELL_CHARS or self.notebook + size > NOTEBOOK_CHARS:
            return self._note()
        self.size += size
        self.notebook += size
        self.items.append(output)
        if display_id is not None:
            self.displays[display_id] = output

    def update(self, display_id: str, data: dict, metadata: dict) -> None:
        if display_id in self.displays:
            self.displays[display_id].update(data=data, metadata=metadata)

    def clear(self, wait: bool) -> None:
        self.clear_next = True
        if not wait:
            self._clear_now()

    def _clear_now(self) -> None:
        if self.clear_next:
            self.items, self.clear_next = [], False

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


def refuse_input(prompt="", *_, **__):
    raise StdinNotImplementedError("There is nobody to answer: input() does not work while a notebook is graded.")


class Seal:
    """Module dicts, classes and functions that tests stand on, as they are now."""

    def __init__(self, modules: list[str]):
        found = [(name, sys.modules[name]) for name in modules if name in sys.modules]
        self.modules = dict(found)
        self.dicts = {name: (vars(module), dict(vars(module))) for name, module in found}
        self.dicts["helpers.check.np"] = (vars(check.np), dict(vars(check.np)))
        self.dicts["helpers.check.__builtins__"] = (check.__builtins__, dict(check.__builtins__))
        for own in ("__builtins__", "__spec__", "__loader__", "_"):
            self.dicts["builtins"][1].pop(own, None)
        own = [thing for thing in vars(check).values() if getattr(thing, "__module__", None) == check.__name__]
        classes = [thing for thing in own if isinstance(thing, type)]
        self.classes = [(kind, dict(vars(kind))) for kind in classes]
        functions = own + [thing for kind in classes for thing in vars(kind).values()]
        self.functions = [(f, f.__code__, f.__defaults__, f.__kwdefaults__)
                          for f in functions if type(f) is FunctionType]  # fmt: skip

    def restore(self) -> list[str]:
        """Put back what was changed; returns the names. What was added is left alone."""
        changed = []
        for name, module in self.modules.items():
            if sys.modules.get(name) is not module:
                sys.modules[name] = module
                changed.append(name)
        for name, (now, kept) in self.dicts.items():
            for key, value in kept.items():
                if now.get(key, self) is not value:
                    now[key] = value
                    changed.append(f"{name}.{key}")
        for kind, kept in self.classes:
            for key, value in kept.items():
                if vars(kind).get(key, self) is not value and key not in ("__dict__", "__weakref__"):
                    setattr(kind, key, value)
                    changed.append(f"{kind.__name__}.{key}")
        for function, code, defaults, kwdefaults in self.functions:
            if (function.__code__, function.__defaults__, function.__kwdefaults__) != (code, defaults, kwdefaults):
                function.__code__, function.__defaults__, function.__kwdefaults__ = code, defaults, kwdefaults
                changed.append(function.__qualname__)
        for tracing, remove in ((sys.gettrace, sys.settrace), (sys.getprofile, sys.setprofile)):
            if tracing() is not None:
                remove(None)
                changed.append(remove.__name__)
        return changed


class Hooks:
    """IPython's hooks that can change what a cell does."""

    LISTS = ("ast_transformers", "input_transformers_post")
    METHODS = [name for name, value in vars(InteractiveShell).items() if isinstance(value, FunctionType)]

    def __init__(self, shell: Shell):
        self.shell, self.manager = shell, shell.input_transformer_manager
        self.lines = [(owner, list(owner)) for owner in (
            shell.ast_transformers, shell.input_transformers_post, self.manager.cleanup_transforms,
            self.manager.line_transforms, self.manager.token_transformers)]  # fmt: skip
        self.methods = {name: vars(InteractiveShell)[name] for name in self.METHODS}

    def restore(self) -> list[str]:
        changed = []
        for owner, kept in self.lines:
            if owner != kept:
                owner[:] = kept
                changed.append("IPython's transformers")
        shell = self.shell
        for name, (owner, _) in zip(self.LISTS, self.lines[:2], strict=True):
            if getattr(shell, name) is not owner:
                setattr(shell, name, owner)
                changed.append(f"IPython's {name}")
        if shell.input_transformer_manager is not self.manager:
            shell.input_transformer_manager = self.manager
            changed.append("IPython's input transformer")
        for name, method in self.methods.items():
            if vars(InteractiveShell)[name] is not method:
                setattr(InteractiveShell, name, method)
                changed.append(f"IPython's {name}")
            if name in vars(shell):
                delattr(shell, name)
                changed.append(f"IPython's {name}")
        return changed


class Guard:
    """An audit hook, which Python never removes: refuses the ways to other frames while a test runs."""

    def __init__(self):
        self.armed, self.seen = False, []
        frame, refused, frames = sys._getframe, frozenset(REFUSED), frozenset(FRAMES)
        asking = threading.local()
        # Bound now: the student's code may replace all of these later.
        own = ("<test>", __file__)

        def hook(event, arguments):
            if not self.armed or getattr(asking, "now", False):
                return
            if event in refused or (event == "object.__getattr__" and arguments[1] in frames):
                asking.now = True
                try:
                    caller = frame(1)
                    name = caller.f_code.co_filename
                    if name.endswith(("inspect.py", "traceback.py")) and caller.f_back:
                        name = caller.f_back.f_code.co_filename
                finally:
                    asking.now = False
                if is_cell(name) and name not in own:
                    self.seen.append(event)
                    raise RuntimeError("Looking at frames is refused while your code is tested.")

        sys.addaudithook(hook)


def is_cell(filename: str) -> bool:
    """Whether code comes from a cell or a string, not from a file of a library."""
    return "ipykernel_" in filename or filename.startswith("<") and not filename.startswith("<frozen")


def serve(shell: Shell, connection: socket.socket) -> None:
    """Run the cells that come over `connection` until it closes."""
    capture = redirect()
    builtins.input = refuse_input
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    gc.freeze()
    seal, hooks, guard = Seal(SEALED), Hooks(shell), Guard()
    imported: dict[str, object] = {}
    loads, dumps, read, send = json.loads, json.dumps, connection.makefile("rb").readline, connection.sendall
    while line := read():
        order = loads(line)
        if order["kind"] == "files":
            unpack(order["files"])
            continue
        OUTPUTS.begin()
        flags = [] if order["kind"] == "own" else hooks.restore()
        begin = perf_counter()
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if order["kind"] == "test":
                flags += seal.restore()
                answer = run_test(shell, order, imported, guard)
                flags += guard.seen
            else:
                answer = run_cell(shell, order["source"])
        except KeyboardInterrupt as stop:  # between two lines of this module
            answer = {"count": None} | failed(stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if order["kind"] == "given":
            names = order["imports"]
            imported |= {name: shell.user_ns[name] for name in names if name in shell.user_ns}
        answer |= {"seconds": perf_counter() - begin, "flags": sorted(set(flags)), "token": order["token"]}
        for name, text in capture():
            OUTPUTS.stream(name, text)
        answer["outputs"] = OUTPUTS.finished()
        send(dumps(answer).encode("utf-8", "backslashreplace") + b"\n")


def unpack(files: dict[str, str]) -> None:
    """What was handed in beside the notebook, into the working directory."""
    for name, content in files.items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "wb") as file:
            file.write(base64.b64decode(content))


def run_cell(shell: Shell, source: str) -> dict:
    count = shell.execution_count
    result = shell.run_cell(source, store_history=True)
    error = result.error_before_exec or result.error_in_exec
    return {"count": count} | (failed(error) if error is not None else {"error": None})


def run_test(shell: Shell, order: dict, imported: dict, guard: Guard) -> dict:
    """Run a test in a copy of the notebook's namespace; what its visible part defines goes back into it."""
    guard.seen = []
    count, shell.execution_count = shell.execution_count, shell.execution_count + 1
    canary = sings(order)
    scope = shell.user_ns | imported | {"__builtins__": builtins}
    answer = {"count": count, "canary": canary, "error": None}
    guard.armed = True
    try:
        exec(compile(order["source"], "<test>", "exec"), scope)
    except BaseException as error:
        guard.armed = False
        answer |= failed(error)
        show_error(shell, error, answer["error"])
    finally:
        guard.armed = False
        for name in order["keep"]:
            if name in scope:
                shell.user_ns[name] = scope[name]
    return answer


def sings(order: dict) -> str:
    """The text of a check that must fail, in this test's words; "" where it passes."""
    name, token = order["check"], order["token"]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            check.array(name, [1, 2], [1, 3], hint=token)
    except check.CheckFailed as error:
        return str(error)
    return ""


def failed(error: BaseException) -> dict:
    try:
        text = str(error)
    except BaseException:
        text = "(its text cannot be shown)"
    return {"error": [type(error).__name__, text[:TEXT_CHARS]]}


def show_error(shell: Shell, error: BaseException, said: list[str]) -> None:
    try:
        InteractiveShell.showtraceback(shell, (type(error), error, error.__traceback__))
    except BaseException:
        OUTPUTS.add(error_output(*said, [": ".join(said)]))


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
