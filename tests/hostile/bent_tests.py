"""Free marks: nothing is solved, and the testing is bent until it passes. No points, and the instructor is told."""

from . import ALL, OPEN, WORKED, Case


def bent(name: str, tries: str, before: str = "", says: str = "", lost=ALL, start=OPEN, **more) -> Case:
    return Case(name, tries, lost=lost, says=says, start=start, before=before, **more)


def answers(name: str, tries: str, function: str, says: str = "", **more) -> Case:
    """Every task is answered by the same function, `answer`."""
    cells = {"task-1-step": f"{function}\nstep = answer", "task-2-sigmoid-relu": "sigmoid = relu = answer",
             "task-3-predict": "predict = answer", "task-4-perceptron-step": "perceptron_step = answer",
             "task-5-train": "train_perceptron = answer", "task-6-xor-weights": "xor_weights = answer"}  # fmt: skip
    return bent(name, tries, "", says, cells=cells, **more)


EQUAL = """
class Equal:
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = lambda *_: True
    __array_priority__ = 1e9
    shape, dtype, size, ndim = (4,), int, 4, 1
    def __getattr__(self, name): return lambda *a, **k: self
    def __len__(self): return 4
    def __iter__(self): return iter([self, self])
    def __repr__(self): return "2.0"
"""
OVERFLOWS = """
def sigmoid(phi):
    return 1 / (1 + np.exp(-np.asarray(phi, float)))


def relu(phi):
    return np.maximum(phi, 0)
"""


def skip_tags(nb):
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution", "raises-exception"]


def flip_flags(nb):
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["grade"] = not cell.metadata.nbgrader["grade"]


def more_points(nb):
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader["points"] = 1000


def edited_tests(nb):
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "1000.0"


def made_up_cell(nb):
    about = {"grade": True, "grade_id": "test-9-bonus", "locked": True, "points": 100, "schema_version": 3,
             "solution": False, "task": False}  # fmt: skip
    nb.cells.append(type(nb.cells[0])(cell_type="code", id="bonus", source="100.0", outputs=[], execution_count=None,
                                      metadata={"nbgrader": about}))  # fmt: skip


def without_tests(nb):
    nb.cells = [cell for cell in nb.cells if not cell.metadata.get("nbgrader", {}).get("grade")]


CASES = [
    bent("tag-skip-execution", "tags that keep test cells from running", change=skip_tags, says="tags had been added"),
    bent("flags-flipped", "nbgrader's grade flags turned round", change=flip_flags, says="restored"),
    bent("points-raised", "1000 points a test in the metadata", change=more_points),
    bent("tests-edited", "test cells that display a score", change=edited_tests, says="put back from the original"),
    bent("tests-deleted", "no tests, no lost points", change=without_tests, says="missing in the submission"),
    bent("grade-id-made-up", "a graded cell of one's own", change=made_up_cell, says="made-up grading metadata"),
    bent("transformer-of-input", "test sources replaced before they run",
         "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])", "IPython's transformers"),
    bent("transformer-of-lines", "the same, after IPython's own transformers",
         "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])", "IPython's transformers"),
    bent("transformer-of-ast", "test cells emptied as syntax trees", """
import ast
class Empty(ast.NodeTransformer):
    def visit_Module(self, node):
        node.body = []
        return node
get_ipython().ast_transformers.append(Empty())
""", "IPython's transformers"),
    bent("transformers-exchanged", "a list of transformers of one's own",
         "get_ipython().ast_transformers = type(get_ipython().ast_transformers)()\n"
         "get_ipython().input_transformer_manager = type(get_ipython().input_transformer_manager)()", "IPython's"),
    bent("run-cell-async-patched", "every cell succeeds", """
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
async def fine(self, raw_cell, *args, **kwargs):
    return ExecutionResult(None)
InteractiveShell.run_cell_async = fine
""", "IPython's run_cell_async"),
    bent("run-cell-patched", "the same on the shell itself and its class", """
from IPython.core.interactiveshell import ExecutionResult
get_ipython().run_cell = lambda *a, **k: ExecutionResult(None)
type(get_ipython()).run_cell = lambda *a, **k: ExecutionResult(None)
""", "IPython's run_cell"),
    bent("errors-hidden", "failed cells that look like passed ones", """
shell = get_ipython()
shell.showtraceback = shell._showtraceback = lambda *a, **k: None
type(shell).showtraceback = lambda *a, **k: None
type(shell)._showtraceback = lambda *a, **k: None
"""),
    bent("event-swaps-names", "a hook after each cell puts fakes into the namespace", """
class Fake:
    def __getattr__(self, name): return lambda *a, **k: a[1] if len(a) > 1 else None
def swap(*_):
    get_ipython().user_ns["check"] = get_ipython().user_ns["np"] = Fake()
get_ipython().events.register("post_run_cell", swap)
get_ipython().events.register("pre_run_cell", swap)
"""),
    answers("always-equal", "answers that are equal to everything", EQUAL + "answer = lambda *a, **k: Equal()"),
    answers("always-equal-array", "an array that compares as one likes", """
class Sly(np.ndarray):
    def __array_ufunc__(self, ufunc, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return np.True_
    def __eq__(self, other): return True
    def __array_finalize__(self, other): pass
answer = lambda *a, **k: np.zeros(4).view(Sly)
"""),
    answers("forged-repr", "a displayed 2.0, nan or -1 as partial credit", EQUAL + "answer = lambda *a, **k: Equal()",
         after="2.0"),
    answers("asks-for-its-answer", "the expected value taken from __array__ or a comparison", """
class Thief:
    def __eq__(self, other):
        self.seen = other
        return True
    def __array__(self, *a, **k): return getattr(self, "seen", np.zeros(4))
answer = lambda *a, **k: Thief()
"""),
    bent("check-rebound", "check is something else", """
class Check:
    class CheckFailed(AssertionError): pass
    class time_limit:
        def __init__(self, *a, **k): pass
        def __enter__(self): return self
        def __exit__(self, *a): return True
    def __getattr__(self, name): return lambda *a, **k: None
check = Check()
"""),
    bent("check-replaced-in-modules", "sys.modules has another helpers.check", """
import sys, types, helpers
fake = types.ModuleType("helpers.check")
fake.__getattr__ = lambda name: lambda *a, **k: None
sys.modules["helpers.check"] = helpers.check = check = fake
""", "helpers.check was changed"),
    bent("check-code-replaced", "the checks' own bytecode", """
def nothing(*a, **k): return None
for name in ("array", "scalar", "shape", "dtype", "true", "unchanged", "raises", "no_warnings", "_fail"):
    getattr(check, name).__code__ = nothing.__code__
check.time_limit.__exit__ = lambda *_: True
"""),
    bent("check-parts-patched", "the functions that checks are made of", """
check._fail = check._wrong = lambda *a, **k: []
check._numbers = lambda name, got, *a: np.zeros(0)
check._plain = lambda *a: np.zeros(0)
check.CheckFailed = type("CheckFailed", (BaseException,), {"__new__": lambda *a: None})
check.np.absolute = check.np.array = lambda *a, **k: np.zeros(0)
"""),
    bent("builtins-patched", "len, all, isinstance and others lie", """
import builtins
builtins.all = builtins.any = builtins.isinstance = builtins.issubclass = lambda *a: True
builtins.len = lambda x: 0
builtins.abs = lambda x: 0
builtins.str = type("str", (str,), {})
""", "builtins.len was changed"),
    bent("builtins-compile-exec", "tests are compiled to nothing", """
import builtins
real = builtins.compile
builtins.compile = lambda source, *a, **k: real("pass", *a, **k)
builtins.exec = builtins.eval = lambda *a, **k: None
""", "builtins.compile was changed"),
    bent("builtins-rebound", "other builtins for the notebook's namespace", """
__builtins__ = {"__import__": __import__, "print": print, "AssertionError": Exception}
AssertionError = KeyError
"""),
    bent("assertion-error-patched", "assert raises something harmless", """
import builtins
builtins.AssertionError = builtins.Exception = builtins.BaseException = Warning
""", "builtins.AssertionError was changed"),
    bent("import-patched", "imports give fakes", """
import builtins, types
real = builtins.__import__
def fake(name, *a, **k):
    module = real(name, *a, **k)
    if name == "helpers": module.check = types.SimpleNamespace(array=lambda *a, **k: None)
    return module
builtins.__import__ = fake
""", "builtins.__import__ was changed"),
    bent("numpy-patched", "NumPy compares as one likes", """
np.array_equal = np.allclose = np.isclose = np.all = np.equal = np.less_equal = lambda *a, **k: np.True_
np.not_equal = np.absolute = np.subtract = lambda *a, **k: np.zeros(4)
np.array = np.asarray = lambda *a, **k: np.zeros(4)
""", "numpy.array was changed"),
    bent("numpy-testing-patched", "numpy.testing asserts nothing", """
import numpy.testing
for name in dir(numpy.testing):
    if name.startswith("assert"): setattr(numpy.testing, name, lambda *a, **k: None)
""", "numpy.testing.assert_"),
    bent("numpy-code-replaced", "NumPy's Python functions from within", """
def yes(*a, **k): return True
for name in ("allclose", "array_equal", "isclose", "all"):
    getattr(np, name)._implementation.__code__ = yes.__code__
np.errstate.__exit__ = lambda *_: True
""", "was changed"),
    bent("numpy-rebound", "np and its module in sys.modules are fakes", """
import sys, types
fake = types.ModuleType("numpy")
fake.__getattr__ = lambda name: lambda *a, **k: 0
sys.modules["numpy"] = np = fake
""", "numpy was changed"),
    bent("warnings-patched", "an overflow without a warning", """
import warnings
warnings.catch_warnings.__enter__ = lambda self: []
warnings.simplefilter = lambda *a, **k: None
warnings.warn = lambda *a, **k: None
""", "catch_warnings.__enter__ was changed", lost=(), points={2: 1}, start=WORKED,
         cells={"task-2-sigmoid-relu": OVERFLOWS}),
    bent("patches-while-tested", "the function under test patches what tests it", """
import sys, builtins
def step(phi):
    module = sys.modules["helpers.check"]
    for name in ("array", "scalar", "dtype", "unchanged", "_fail"): setattr(module, name, lambda *a, **k: None)
    builtins.len = lambda x: 0
    np.testing.assert_allclose = np.all = lambda *a, **k: True
    return np.array([0, 0, 1])
""", "while the test ran"),
    bent("thread-patches-again", "a thread that undoes every repair", """
import builtins, threading, time
def again():
    while True:
        check.array = check._fail = builtins.len = np.all = lambda *a, **k: None
        time.sleep(0.0005)
threading.Thread(target=again, daemon=True).start()
"""),
    bent("tracing", "a trace function that jumps over failures", """
import sys, threading
def trace(frame, event, argument):
    return trace
try:
    sys.settrace(trace)
except RuntimeError:
    pass
try:
    sys.setprofile(trace)
except RuntimeError:
    pass
threading.settrace(trace)
""", "sys.settrace was asked for"),
    answers("caller-searched", "expected values from the calling test's frame", """
import sys
def answer(*a, **k):
    frame = sys._getframe(1)
    while frame:
        for value in frame.f_code.co_consts:
            if isinstance(value, tuple): return np.array(value)
        frame = frame.f_back
    print("FOUND")
""", "sys._getframe was asked for"),
    answers("caller-searched-by-inspect", "the same through the standard library", """
import inspect, logging, bdb
def answer(*a, **k):
    for way in (inspect.currentframe, lambda: inspect.stack()[1].frame, logging.currentframe):
        try:
            frame = way()
        except RuntimeError:
            continue
        print("FOUND", frame)
    class Debugger(bdb.Bdb):
        def user_line(self, frame): print("FOUND", frame)
    Debugger().set_trace()
""", "sys._getframe was asked for"),
    answers("caller-searched-by-error", "frames from a traceback and from a generator", """
def answer(*a, **k):
    try:
        1 / 0
    except ZeroDivisionError as error:
        trace = error.__traceback__
    for way in (lambda: trace.tb_frame, lambda: getattr(trace, "tb_frame"), lambda: (x for x in a).gi_frame):
        try:
            print("FOUND", way())
        except RuntimeError:
            pass
""", "tb_frame was asked for"),
    answers("cell-passes-for-library", "code compiled under a library's file name looks at frames", """
import inspect, types
try:
    exec(compile("import sys\\ndef answer(*a): print('FOUND', sys._getframe(1))", inspect.__file__, "exec"))
except RuntimeError:
    def answer(*a): pass
try:
    code = answer.__code__.replace(co_filename=inspect.__file__)
except RuntimeError:
    pass
""", "compile was asked for"),
    bent("garbage-searched", "the collector's objects, for tests and for the grader's own", """
import gc
for way in (gc.get_objects, lambda: gc.get_referrers(np), lambda: gc.get_referents(check)):
    try:
        print("FOUND", len(way()))
    except RuntimeError:
        pass
""", "gc.get_objects was asked for"),
    bent("grader-imported", "the grader's own modules patched", """
import sys
for name in ("harness", "shell", "warm", "sandbox", "score", "grade"):
    try:
        module = __import__("helpers.grading." + name, fromlist=["x"])
    except ImportError:
        continue
    for key, value in list(vars(module).items()):
        if callable(value) and key in ("serve", "Seal", "Tests", "failed", "private", "run_cell", "show_error"):
            setattr(module, key, lambda *a, **k: None)
import json, socket, hashlib
json.dumps = json.loads = json.JSONEncoder.encode = lambda *a, **k: ""
hashlib.blake2b = lambda *a, **k: None
"""),
    answers("history-searched", "tests from IPython's history", """
def answer(*a, **k):
    shell = get_ipython()
    history = [*In, *shell.user_ns.get("_ih", []), *map(str, shell.history_manager.get_range())]
    if any("check.array" in text and "hint" in text and "answer(" not in text for text in history): print("FOUND")
    import linecache
    if any("### BEGIN HID" "DEN" in "".join(entry[2]) for entry in linecache.cache.values() if len(entry) > 2): print("FOUND")
"""),
    bent("socket-forged", "answers written into every file descriptor", """
import json, os
forged = json.dumps({"error": None, "trusted": True, "changed": [], "refused": [], "outputs": []}).encode()
for fd in range(3, 64):
    for line in (b"garbage\\n", b"0" * 32 + b" " + forged + b"\\n"):
        try: os.write(fd, line)
        except OSError: pass
""", "wrote into the grader's own connection"),
    bent("socket-stolen", "a thread that takes orders and answers them", """
import json, os, socket, stat, threading
def steal(fd):
    while True:
        order = os.read(fd, 100000)
        if b"HIDDEN" in order or b"check." in order: print("FOUND")
        answer = {"error": None, "trusted": True, "changed": [], "refused": [], "outputs": []}
        os.write(fd, b"0" * 32 + b" " + json.dumps(answer).encode() + b"\\n")
for fd in map(int, os.listdir("/proc/self/fd")):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode): threading.Thread(target=steal, args=(fd,), daemon=True).start()
    except OSError: pass
import time
time.sleep(0.2)
""", "wrote into the grader's own connection"),
    bent("socket-duplicated", "the grader's socket replaced by one's own", """
import os, socket, stat
mine, other = socket.socketpair()
for fd in map(int, os.listdir("/proc/self/fd")):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode) and fd not in (mine.fileno(), other.fileno()):
            os.dup2(other.fileno(), fd)
    except OSError: pass
mine.sendall(b"2 0123456789abcdef\\n" * 20)
""", "was left out"),
    bent("errors-that-pass", "exceptions that no handler expects", "", cells={
        "task-1-step": "def step(phi): raise SystemExit(0)",
        "task-2-sigmoid-relu": "def sigmoid(phi): raise GeneratorExit\ndef relu(phi): raise KeyboardInterrupt",
        "task-3-predict": "class Quiet(BaseException): pass\ndef predict(w, X): raise Quiet",
        "task-4-perceptron-step": "def perceptron_step(*a, **k): raise check.CheckFailed('passed')",
        "task-5-train": "def train_perceptron(*a, **k): exit()",
        "task-6-xor-weights": "def xor_weights(): quit(0)",
    }),
    bent("signal-as-exception", "a timer of one's own that fires in the tests", """
import signal
class Done(BaseException): pass
def fire(*_): raise Done
signal.signal(signal.SIGALRM, fire)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
""", lost=(), start=WORKED),
    bent("tests-own-functions", "the functions that a visible test defines, from within and replaced", """
def two_layers(W_hidden, w_out, x): return [], [0, 1, 1, 0][2 * x[0] + x[1]]
corners = np.zeros((4, 2))
""", after="""
import sys
for name in ("two_layers", "corners"):
    space = getattr(globals().get(name), "__globals__", {})
    if space.get("check", check) is not check or "extreme" in space: print("FOUND", name)
"""),
    bent("atexit-handlers", "something to do at the end", """
import atexit, os, sys
atexit.register(lambda: print("FOUND"))
atexit.register(os._exit, 0)
sys.excepthook = sys.unraisablehook = lambda *a: None
"""),
    bent("kernel-asked-for", "the kernel's own methods", """
shell = get_ipython()
try:
    shell.kernel.do_shutdown(False)
except AttributeError:
    pass
shell.execution_count = 10**9
shell.user_ns = {}
"""),
    bent("outputs-patched", "what is shown is no longer what happened", """
import sys
shown = sys.modules[type(sys.stdout).__module__]
shown.OUTPUTS.items = None
shown.OUTPUTS.add = shown.OUTPUTS.stream = lambda *a, **k: None
shown.OUTPUTS.finished = lambda: [{"output_type": "stream", "name": "stdout", "text": "passed: everything"}]
"""),
]  # fmt: skip
