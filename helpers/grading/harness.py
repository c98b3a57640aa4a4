"""Where tests run: one notebook's process, which takes cells over a socket and keeps its tests out of the cells' reach.

Cells and tests share one Python process, because tests call the functions that cells define. So what a notebook can
do to its tests is made hard, and told where it was tried:

- A test is no cell of IPython, whose hooks the notebook may have changed, but plain Python in a namespace of its own,
  with imports, given values and builtins from before the notebook's code, and its own copy of helpers.check.
- What else tests stand on (NumPy, warnings, signals and others) is put back before each test. A check that must fail
  runs before and after it. Where one of them does not fail, or where the test found things changed while it ran, the
  test is worth nothing.
- All tests come before the first cell, and every answer is signed with a key that only this module knows. So code
  that reads or writes the grader's socket learns nothing and can forge nothing.
- This module has no name in sys.modules, and asking for frames or for the garbage collector's objects is refused to
  the notebook's code, because from there it could be found.

It cannot be made impossible: code that reads or writes the process's memory (ctypes, a compiled extension), or that
finds a way to a frame that is not listed here, can do anything that its process can. It stays in the sandbox, and
points are all that it can gain.
"""

import _signal
import builtins
import contextlib
import importlib.util
import os
import resource
import sys
import threading
import time
from hashlib import blake2b
from json.decoder import JSONDecoder
from json.encoder import c_make_encoder, encode_basestring_ascii
from sysconfig import get_path
from types import FunctionType, ModuleType

from IPython.core.interactiveshell import InteractiveShell

from . import shell as show

# A function finds its builtins in its module's `__builtins__`: a notebook can change only the shared ones.
__builtins__ = dict(vars(builtins))

SEALED = ["builtins", "math", "signal", "warnings", "numpy", "numpy.random", "numpy.linalg", "numpy.testing"]
# Of these only the names are looked after, not what is in their functions.
SEALED_NAMES = ["helpers", "helpers.check", "helpers.plot", "helpers.data", "keras", "keras.utils", "tensorflow"]
VOLATILE = {"builtins": {"_", "__spec__", "__loader__", "print", "input"},
            "warnings": {"filters", "showwarning", "defaultaction", "_defaultaction", "onceregistry",
                         "_onceregistry", "_filters_mutated"}}  # fmt: skip
REFUSED = {"sys._getframe", "sys._current_frames", "sys._current_exceptions", "sys.settrace", "sys.setprofile",
           "gc.get_objects", "gc.get_referrers", "gc.get_referents"}  # fmt: skip
FRAMES = {"tb_frame", "gi_frame", "cr_frame", "ag_frame"}
GIVE_FRAMES = ("inspect.py", "traceback.py", "bdb.py", "pdb.py", os.path.join("logging", "__init__.py"))
TEXT_CHARS = 10_000  # of an error
RESERVE_BYTES = 128 * 2**20

_type_name = type.__dict__["__name__"].__get__
_heap_type = 1 << 9


class Seal:
    """Modules, their functions and classes, as they are now."""

    def __init__(self, check: ModuleType):
        self.modules = {name: sys.modules[name] for name in [*SEALED, *SEALED_NAMES] if name in sys.modules}
        dicts = {name: vars(module) for name, module in self.modules.items()}
        dicts |= {"check": vars(check), "check.np": vars(check.np), "check.__builtins__": check.__builtins__}
        self.dicts = []
        for name, now in dicts.items():
            self.dicts.append((name, now, {k: v for k, v in now.items() if k not in VOLATILE.get(name, ())}))
        things = [thing for name in [*SEALED, "check"] if name in dicts for thing in dicts[name].values()]
        classes = {thing for thing in things if isinstance(thing, type) and thing.__flags__ & _heap_type}
        self.classes = [(kind, dict(vars(kind))) for kind in classes]
        things += [thing for kind in classes for thing in vars(kind).values()]
        functions = {function for thing in things for function in (thing, getattr(thing, "_implementation", None))
                     if type(function) is FunctionType}  # fmt: skip
        self.functions = [(f, f.__code__, f.__defaults__, f.__kwdefaults__) for f in functions]

    def restore(self) -> list[str]:
        """Put back what was changed; returns the names. What was added is left alone."""
        changed = []
        for name, module in self.modules.items():
            if sys.modules.get(name) is not module:
                sys.modules[name] = module
                changed.append(name)
        for name, now, kept in self.dicts:
            for key, value in kept.items():
                if now.get(key, self) is not value:
                    now[key] = value
                    changed.append(f"{name}.{key}")
        for kind, kept in self.classes:
            for key, value in kept.items():
                if vars(kind).get(key, self) is not value and key not in ("__dict__", "__weakref__", "_abc_impl"):
                    setattr(kind, key, value)
                    changed.append(f"{_type_name(kind)}.{key}")
        for function, code, defaults, kwdefaults in self.functions:
            if (function.__code__, function.__defaults__, function.__kwdefaults__) != (code, defaults, kwdefaults):
                function.__code__, function.__defaults__, function.__kwdefaults__ = code, defaults, kwdefaults
                changed.append(function.__qualname__)
        return changed


class Hooks:
    """IPython's hooks that can change what a cell does."""

    LISTS = ("ast_transformers", "input_transformers_post")
    METHODS = [name for name, value in vars(InteractiveShell).items() if isinstance(value, FunctionType)]

    def __init__(self, shell: show.Shell):
        self.shell, self.manager = shell, shell.input_transformer_manager
        self.lines = [(owner, list(owner)) for owner in (
            shell.ast_transformers, shell.input_transformers_post, self.manager.cleanup_transforms,
            self.manager.line_transforms, self.manager.token_transformers)]  # fmt: skip
        self.methods = {name: vars(InteractiveShell)[name] for name in self.METHODS}
        self.own = set(vars(show.Shell))

    def restore(self) -> list[str]:
        """Put back what was changed; returns the names."""
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
            for owner, added in ((shell, name in vars(shell)), (show.Shell, name in {*vars(show.Shell)} - self.own)):
                if added:
                    delattr(owner, name)
                    changed.append(f"IPython's {name}")
        return changed


class Settings:
    """What belongs to the process: its output, recursion, tracing, signals and timers. Put back without a word."""

    def __init__(self):
        self.streams, self.recursion = (sys.stdout, sys.stderr), sys.getrecursionlimit()
        self.handlers = {number: _signal.getsignal(number) for number in _signal.valid_signals()}

    def restore(self) -> None:
        sys.stdout, sys.stderr = self.streams
        if sys.getrecursionlimit() < self.recursion:
            sys.setrecursionlimit(self.recursion)
        sys.settrace(None)
        sys.setprofile(None)
        for timer in (_signal.ITIMER_REAL, _signal.ITIMER_VIRTUAL, _signal.ITIMER_PROF):
            _signal.setitimer(timer, 0)
        for number, handler in self.handlers.items():
            if number != _signal.SIGINT and _signal.getsignal(number) != handler:
                _signal.signal(number, handler)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, ())


def guard(seen: list[str]) -> None:
    """Refuse the notebook's code the ways to other code's frames and objects; what was tried is added to `seen`.

    An audit hook: Python has no way to remove it. Libraries may do what is refused to a cell, and a cell may not
    pass for a library.
    """
    folders = [get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders.append(os.path.dirname(os.path.dirname(__file__)))
    libraries = ("<frozen ", *(kind(folder) + os.sep for folder in folders for kind in (str, os.path.realpath)))
    frame, asking = sys._getframe, threading.local()

    def by_notebook(depth: int) -> bool:
        caller = frame(depth)
        name = caller.f_code.co_filename
        if name.endswith(GIVE_FRAMES) and caller.f_back:
            name = caller.f_back.f_code.co_filename
        return not name.startswith(libraries)

    def hook(event, arguments):
        if event == "object.__getattr__":
            watched = arguments[1] in FRAMES
        elif event == "compile" or event == "code.__new__":
            watched = isinstance(arguments[1], str) and str.startswith(arguments[1], libraries)
        else:
            watched = event in REFUSED
        if watched and not getattr(asking, "now", False):
            asking.now = True
            try:
                refused = by_notebook(2)
            finally:
                asking.now = False
            if refused:
                seen.append(arguments[1] if event.startswith("object") else event)
                raise RuntimeError("Looking at frames and other code's objects is refused while a notebook is graded.")

    sys.addaudithook(hook)


class Line:
    """Lines over a socket, signed on the way out. Only functions in C: those written in Python can be changed."""

    def __init__(self, fd: int):
        self.fd, self.left = fd, b""
        self.decode = JSONDecoder().scan_once
        self.encode = c_make_encoder(None, lambda _: None, encode_basestring_ascii, None, ":", ",", False, False, True)
        self.key = b""

    def read(self, read=os.read) -> bytes:
        """The next line, b"" at the end."""
        parts = [self.left]
        while b"\n" not in parts[-1]:
            parts.append(read(self.fd, 1 << 20))
            if not parts[-1]:
                return b""
        line, _, self.left = b"".join(parts).partition(b"\n")
        return line

    def send(self, order: bytes, answer: dict, write=os.write) -> None:
        content = b"".join(part.encode("ascii", "replace") for part in self.encode(answer, 0))
        signed = blake2b(order + content, key=self.key, digest_size=16).hexdigest().encode()
        line = memoryview(signed + b" " + content + b"\n")
        while line:
            line = line[write(self.fd, line) :]


def private(name: str) -> ModuleType:
    """A copy of a module that sys.modules does not know."""
    spec = importlib.util.find_spec(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Room:
    """Limits that the kernel keeps, above those watched from outside: they stop what is too fast to be seen."""

    def __init__(self, memory: int, tasks: int):
        with open("/proc/self/status") as file:
            now = 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmData"))
        self.tight, self.wide, self.set = now + memory, now + memory + RESERVE_BYTES, resource.setrlimit
        self.widen()
        if os.getppid() == 1:  # without a sandbox, all processes of the user would count
            self.set(resource.RLIMIT_NPROC, (tasks, tasks))

    def narrow(self, limit=resource.RLIMIT_DATA) -> None:
        self.set(limit, (self.tight, self.wide))

    def widen(self, limit=resource.RLIMIT_DATA) -> None:
        """Where a cell has used up its memory, this module and the tests still have some."""
        self.set(limit, (self.wide, self.wide))


def serve(shell: show.Shell, fd: int) -> None:
    """Run the cells that come over the socket `fd` until it closes.

    The first line has the key, the files and all cells; then each line asks for one cell: "number token".
    """
    line = Line(fd)
    start = line.decode(line.read().decode(), 0)[0]
    line.key, cells = bytes.fromhex(start["key"]), start["cells"]
    room = Room(start["memory"], start["tasks"])
    show.unpack(start["files"])
    capture = show.redirect()
    builtins.input = show.refuse_input
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    interrupt, ignore, on = _signal.default_int_handler, _signal.SIG_IGN, _signal.signal
    on(_signal.SIGINT, ignore)
    tests, settings = Tests(shell), Settings()
    tried: list[str] = []
    guard(tried)
    clock, pread, waits = time.perf_counter, os.pread, os.open("/proc/thread-self/schedstat", os.O_RDONLY)

    def now() -> float:
        """Seconds, without those in which this thread was ready and others had the core."""
        return clock() - int(pread(waits, 100, 0).split()[1]) / 1e9

    while order := line.read():
        number = int(order.partition(b" ")[0])
        cell = cells[number]
        show.OUTPUTS.begin()
        tried.clear()
        answer = {"changed": [], "trusted": True, "error": ["KeyboardInterrupt", ""]}
        begin = now()
        try:
            on(_signal.SIGINT, interrupt)
            if cell["kind"] == "test":
                tests.run(number + 1, cell, answer)
            elif cell["kind"] == "given":
                tests.run_given(number + 1, cell, answer)
            else:
                room.narrow()
                answer["error"] = run_cell(shell, number + 1, cell["source"])
                room.widen()
            on(_signal.SIGINT, ignore)
            settings.restore()  # after each cell: no timer may ring while this module's own code runs
        except KeyboardInterrupt:  # between two lines of this module
            on(_signal.SIGINT, ignore)
            room.widen()
        answer["seconds"] = now() - begin
        answer["refused"] = sorted(set(tried))
        for name, text in capture():
            show.OUTPUTS.stream(name, text)
        answer["outputs"] = show.OUTPUTS.finished()
        line.send(order, answer)


class Tests:
    """Runs tests, and given cells, whose imports and values the tests rely on."""

    def __init__(self, shell: show.Shell):
        self.shell, self.namespace = shell, shell.user_ns
        self.given: dict[str, object] = {}
        self.public, self.check = sys.modules["helpers.check"], private("helpers.check")
        self.builtins = dict(vars(builtins))
        self.callbacks = {name: [*kept] for name, kept in shell.events.callbacks.items()}
        self.seal, self.hooks = Seal(self.check), Hooks(shell)

    def restore(self) -> list[str]:
        """Make everything as it was before the notebook's code; returns what had to be changed."""
        return sorted({*self.hooks.restore(), *self.seal.restore()})

    def run_given(self, number: int, cell: dict, answer: dict) -> None:
        """Run a cell of the master, and keep what it imports and defines for the tests."""
        answer["changed"] = self.restore()
        callbacks = self.shell.events.callbacks
        own = dict(callbacks)
        callbacks.update({name: [*kept] for name, kept in self.callbacks.items()})
        try:
            answer["error"] = run_cell(self.shell, number, cell["source"])
        finally:
            callbacks.update(own)
        space = {"__builtins__": self.builtins}
        with contextlib.suppress(Exception):  # the cell itself has told
            exec(cell["imports"], space)
        values = space | {name: self.namespace[name] for name in cell["names"] if name in self.namespace}
        self.given |= {name: self.check if value is self.public else value for name, value in values.items()}

    def run(self, number: int, cell: dict, answer: dict) -> None:
        """Run a test in a copy of the notebook's namespace.

        What its visible part defines goes back into it, and is given to later tests.
        """
        answer["changed"] = self.restore()
        self.shell.execution_count = number
        plain = {name: value for name, value in self.builtins.items() if name in self.namespace and name[0] != "_"}
        # A notebook's own `sum` is no builtin of the test.
        scope = {**self.namespace, **plain, **self.given, "__builtins__": dict(self.builtins)}
        silent = not self.sings(cell["check"])
        try:
            exec(compile(cell["source"], "<test>", "exec"), scope)
            answer["error"] = None
        except BaseException as error:
            answer["error"] = failed(error)
            show_error(self.shell, error, answer["error"])
        during = self.seal.restore()
        answer["changed"] += [f"{name} (while the test ran)" for name in during]
        answer["trusted"] = not (silent or during or not self.sings(cell["check"]))
        kept = {name: scope[name] for name in cell["keep"] if name in scope}
        self.given |= {name: kept[name] for name in cell["names"] if name in kept}
        self.namespace |= {name: self.public_copy(value, scope) for name, value in kept.items()}

    def public_copy(self, value: object, scope: dict) -> object:
        """What the notebook gets of a test's function: one that refers to the notebook's names, not to the test's."""
        if type(value) is not FunctionType or value.__globals__ is not scope:
            return value
        copy = FunctionType(value.__code__, self.namespace, value.__name__, value.__defaults__, value.__closure__)
        copy.__kwdefaults__, copy.__doc__ = value.__kwdefaults__, value.__doc__
        return copy

    def sings(self, name: str) -> bool:
        """Whether a check that must fail does so, in its own words."""
        try:
            self.check.array(name, [1, 2], [1, 3], hint="canary")
        except self.check.CheckFailed as error:
            return "canary" in str(error) and name in str(error)
        return False


def run_cell(shell: show.Shell, number: int, source: str) -> list[str] | None:
    """Run a cell as a notebook does; returns None or its error's name and text."""
    shell.execution_count = number
    try:
        result = shell.run_cell(source, store_history=True)
    except Exception as error:  # of what the notebook has put into the shell
        return failed(error)
    error = result.error_before_exec or result.error_in_exec
    return None if error is None else failed(error)


def failed(error: BaseException) -> list[str]:
    """Name and text of an error, whose own class may have been written to confuse."""
    try:
        text = str.__getitem__(str(error), slice(TEXT_CHARS))
    except BaseException:
        text = "(its text cannot be shown)"
    return [_type_name(type(error)), text]


def show_error(shell: show.Shell, error: BaseException, said: list[str]) -> None:
    try:
        frames = error.__traceback__.tb_next or error.__traceback__  # without this module's own
        InteractiveShell.showtraceback(shell, (type(error), error, frames))
    except BaseException:
        show.OUTPUTS.add(show.error_output(*said, [": ".join(said)]))
