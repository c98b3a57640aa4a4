"""Right solutions beside something that stops, slows or disturbs the process: only what is wrong costs points."""

from . import Case

SWALLOWS = """
def train_perceptron(X, targets, max_epochs=100, w=None):
    while True:
        try:
            while True: pass
        except BaseException:
            pass
"""
ENDLESS = "def train_perceptron(X, targets, max_epochs=100, w=None):\n    while True: pass"
EXITS = "import os\n\ndef xor_weights():\n    os._exit(0)"
ENDED = "ended the Python process"

CASES = [
    Case("exits-in-a-cell", "os._exit where a solution should be", lost=(6,), says=ENDED,
         cells={"task-6-xor-weights": "import os\nos._exit(0)"}),
    Case("exits-in-a-function", "os._exit in a function under test", lost=(6,), says=ENDED,
         cells={"task-6-xor-weights": EXITS}),
    Case("segfault", "a crash in C", says=ENDED, before="import ctypes\nctypes.string_at(0)"),
    Case("abort", "abort", says=ENDED, before="import os\nos.abort()"),
    Case("kills-itself", "SIGKILL to itself", says=ENDED, before="import os\nos.kill(os.getpid(), 9)"),
    Case("kills-everybody", "kill(-1): all processes that it may signal", says="",
         before="import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                "for number in (15, 2, 1, 9): os.kill(-1, number)"),
    Case("stops-itself", "SIGSTOP to itself", says="could not be interrupted",
         before="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    Case("endless-loop", "a loop without an end in a function under test", lost=(5,),
         cells={"task-5-train": ENDLESS}),
    Case("endless-loop-at-module-level", "a cell that does not end", before="while True: pass"),
    Case("endless-loop-swallows", "a loop that swallows KeyboardInterrupt and the time limit", lost=(5,),
         cells={"task-5-train": SWALLOWS}),
    Case("endless-loop-in-c", "a loop in C that no signal reaches", says="could not be interrupted",
         before="import itertools\nsum(itertools.repeat(0))"),
    Case("signals-ignored", "SIGINT, SIGTERM and SIGALRM ignored and blocked", lost=(5,),
         says="could not be interrupted", cells={"task-5-train": ENDLESS.replace("while True", """import signal
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM): signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    while True""")}),
    Case("deep-recursion", "recursion without an end", lost=(6,),
         cells={"task-6-xor-weights": "def xor_weights():\n    return xor_weights()"}),
    Case("deep-recursion-unlimited", "the same without Python's limit", lost=(6,),
         cells={"task-6-xor-weights": "import sys\n\ndef xor_weights():\n    sys.setrecursionlimit(10**9)\n"
                                      "    return [xor_weights()]"}),
    Case("recursion-limit-tiny", "a recursion limit of 60 left behind",
         before="import sys\nsys.setrecursionlimit(sys.getrecursionlimit())\ntry: sys.setrecursionlimit(60)\n"
                "except RecursionError: pass"),
    Case("asks-for-input", "input() in a cell and in a function under test", lost=(6,),
         before="name = input('Your name? ')", cells={"task-6-xor-weights": "def xor_weights():\n    return input()"}),
    Case("stdout-closed", "stdin, stdout and stderr closed, also beneath Python",
         before="import os, sys\nfor stream in (sys.stdin, sys.stdout, sys.stderr): stream.close()\n"
                "for fd in (0, 1, 2): os.close(fd)"),
    Case("stdout-replaced", "sys.stdout is something else and stays so",
         before="import io, sys\nsys.stdout = sys.stderr = None\nsys.stdout = io.StringIO()\nsys.stdout.close()"),
    Case("grader-socket-closed", "every descriptor closed", says="",
         before="import os\nos.closerange(3, 256)"),
    Case("exception-without-text", "an exception whose text cannot be had", lost=(6,), cells={"task-6-xor-weights": """
class Mute(Exception):
    def __str__(self): raise Mute
    __repr__ = __str__


def xor_weights():
    raise Mute
"""}),
    Case("exception-with-endless-text", "an exception whose text takes for ever", lost=(6,), cells={
         "task-6-xor-weights": """
class Slow(Exception):
    def __str__(self):
        while True: pass


def xor_weights():
    raise Slow
"""}),
    Case("exception-with-a-huge-text", "an exception with 100 MB to say", lost=(6,), cells={
         "task-6-xor-weights": "def xor_weights():\n    raise ValueError('x' * 10**8)"}),
    Case("exception-with-a-strange-name", "a class whose name is markup and no text", lost=(6,), cells={
         "task-6-xor-weights": """
class Meta(type):
    __name__ = property(lambda self: 1 / 0)
    def __repr__(self): return 1


Odd = Meta("<script>alert(1)</script>\\n# title \\x1b[31m", (Exception,), {"_render_traceback_": lambda *a: 5})


def xor_weights():
    raise Odd("<img src=x onerror=alert(1)>")
"""}),
    Case("settings-changed", "locale, decimals, environment, garbage collection and NumPy's printing changed", before="""
import decimal, faulthandler, gc, locale, os, random, sys, time
decimal.getcontext().prec = 2
locale.setlocale(locale.LC_ALL, "C")
os.environ.clear()
os.environ["PYTHONPATH"] = os.environ["HOME"] = "/nowhere"
os.environ["TZ"] = "Asia/Tokyo"
time.tzset()
gc.disable()
gc.set_threshold(1)
faulthandler.enable()
sys.setswitchinterval(1e-6)
sys.path.clear()
np.set_printoptions(precision=1, suppress=True)
random.seed(0)
np.random.seed(0)
os.chdir("/usr")
os.umask(0o777)
"""),
    Case("limits-changed", "resource limits raised", before="""
import resource
for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_DATA, resource.RLIMIT_NOFILE):
    try:
        resource.setrlimit(limit, (10**12, 10**12))
        print("FOUND")
    except (ValueError, OSError):
        pass
"""),
    Case("modules-removed", "sys.modules emptied of what tests need", says="was changed", before="""
import sys
for name in ("numpy", "helpers.check", "helpers", "math", "signal"): sys.modules.pop(name, None)
"""),
    Case("reset-in-the-middle", "%reset in a task's cell: what was scored before stays", lost=(4, 5),
         cells={"task-4-perceptron-step": "get_ipython().run_line_magic('reset', '-f')\nimport numpy as np"}),
]  # fmt: skip
