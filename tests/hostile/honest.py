"""Right solutions that look unusual: every one scores full, and none is flagged."""

from . import Case


def honest(name: str, how: str, before: str = "", **more) -> Case:
    return Case(name, how, before=before, **more)


PREDICT = """
def predict(w, X):
    return step(X @ w[1:] + w[0])
"""

CASES = [
    honest("magics", "magics that notebooks use", """
%matplotlib inline
%config InlineBackend.figure_format = 'retina'
%time total = sum(range(1000))
%timeit -n 1 -r 1 sum(range(10))
%who
%pwd
"""),
    honest("cell-magics", "%%time and %%capture on a solution", cells={
        "task-1-step": "%%time\ndef step(phi):\n    return (np.asarray(phi) > 0).astype(int)",
        "task-3-predict": "%%capture\nprint('hello')\n" + PREDICT.strip()}),
    honest("autoreload", "autoreload switched on", "%load_ext autoreload\n%autoreload 2"),
    honest("numpy-star", "from numpy import *, from math import *", "from numpy import *\nfrom math import *"),
    honest("builtins-shadowed", "sum, list, max, len and print used as names", """
sum = max = min = 0
list = [1, 2]
len = abs = "names"
def print(*a): pass
id = type = object = str = 5
"""),
    honest("print-patched", "a print of one's own for everything", """
import builtins
def print(*words, old=builtins.print, **more): old(">", *words, **more)
builtins.print = print
"""),
    honest("warnings-to-stderr", "warnings and prints on stderr in functions under test", cells={"task-1-step": """
import sys, warnings, logging
def step(phi):
    print("careful", file=sys.stderr)
    warnings.warn("not sure")
    logging.warning("still not sure")
    return (np.asarray(phi) > 0).astype(int)
"""}),
    honest("warnings-as-errors", "warnings turned into errors, and NumPy's too", """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", category=DeprecationWarning)
"""),
    honest("warnings-ignored", "warnings switched off",
           "import warnings\nwarnings.filterwarnings('ignore')\nwarnings.showwarning = lambda *a, **k: None"),
    honest("seeds-changed", "seeds set and changed",
           "import random\nrandom.seed(0)\nnp.random.seed(1)\nnp.random.default_rng(2).random(5)"),
    honest("trains-at-module-level", "some seconds of computing in a cell", """
X = np.random.default_rng(0).normal(size=(200, 200))
for _ in range(50): X = np.tanh(X @ X.T / 200)
"""),
    honest("downloads", "a download that fails without a network", """
import urllib.request
try:
    urllib.request.urlretrieve("http://example.com/data.csv", "data.csv")
except OSError as error:
    print("no data:", error)
!pip install --quiet seaborn
!ls
"""),
    honest("pip-magic", "a %pip that fails", "%pip install --quiet tqdm"),
    honest("changes-folder", "os.chdir and files of one's own", """
import os
os.makedirs("work", exist_ok=True)
os.chdir("work")
with open("notes.txt", "w") as file: file.write("x")
np.save("w.npy", np.zeros(3))
"""),
    honest("module-of-ones-own", "a module written and imported", """
with open("my_helpers.py", "w") as file: file.write("def double(x): return 2 * x\\n")
import my_helpers
my_helpers.double(2)
"""),
    honest("reset-at-the-start", "%reset -f as the first cell", "%reset -f\nimport numpy as np\nfrom helpers import check"),
    honest("top-level-await", "await, asyncio.run and an event loop", """
import asyncio
async def two(): return 2
await asyncio.sleep(0)
x = await two()
assert asyncio.run(two()) == 2
"""),
    honest("classes", "dataclasses, enums, named tuples, type hints, decorators", """
import enum, functools, typing
from collections import namedtuple
from dataclasses import dataclass
@dataclass
class Sample:
    x: np.ndarray
    target: int = 0
Colour = enum.Enum("Colour", "RED GREEN")
Point = namedtuple("Point", "x y")
class Pair(typing.NamedTuple):
    a: int
    b: "int" = 2
@functools.lru_cache
def squared(x: float) -> float: return x * x
squared(2), Pair(1), Point(1, 2), Colour.RED, Sample(np.zeros(2))
"""),
    honest("namedtuple-in-a-function", "named tuples, enums and classes made while tested", cells={"task-3-predict": """
def predict(w, X):
    from collections import namedtuple
    from dataclasses import make_dataclass
    Weights = namedtuple("Weights", "bias rest")
    make_dataclass("D", ["x"])
    parts = Weights(w[0], w[1:])
    return step(X @ parts.rest + parts.bias)
"""}),
    honest("looks-at-errors", "tracebacks printed, sources shown, help asked for", """
import inspect, traceback, sys
try:
    1 / 0
except ZeroDivisionError:
    traceback.print_exc()
    print(traceback.format_exc())
inspect.getsource(check.array), inspect.signature(check.array)
help(check.scalar)
check.array?
"""),
    honest("fails-on-purpose", "own cells that end with errors", "1 / 0", after="undefined_name"),
    honest("syntax-error-in-own-cell", "an own cell that is no Python", "this is not python ("),
    honest("exit-in-own-cell", "exit() and quit() called, as in a terminal", "exit()", after="quit()"),
    honest("sys-exit", "sys.exit in an own cell", "import sys\nsys.exit(1)"),
    honest("threads", "a thread and a pool of them, ended properly", """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool: list(pool.map(np.sin, range(10)))
"""),
    honest("processes", "a pool of processes", """
import multiprocessing
with multiprocessing.get_context("fork").Pool(2) as pool: print(pool.map(abs, [-1, -2]))
"""),
    honest("subprocess", "a program run",
           "import subprocess\nsubprocess.run(['echo', 'hello'])\nsubprocess.check_output(['python', '--version'])"),
    honest("plots", "figures, not closed, and an animation's worth of displays", """
import matplotlib.pyplot as plt
for i in range(3):
    plt.figure()
    plt.plot([1, 2, i])
plt.show()
plt.plot([3, 4])
"""),
    honest("widgets", "a widget", "import ipywidgets\nipywidgets.interact(lambda x: x, x=(0, 5))"),
    honest("pandas-less", "scikit-learn and SciPy used", """
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
LogisticRegression().fit([[0.0], [1.0]], [0, 1]).predict([[0.4]])
"""),
    honest("checks-used", "the checks called in own cells, also wrongly", """
check.scalar("mine", 2, 2, hint="none")
try:
    check.array("mine", [1, 2], [1, 3], hint="none")
except AssertionError as error:
    print(error)
""", after="check.array('mine', step(np.array([1])), [0], hint='wrong on purpose')"),
    honest("np-extended", "old names given back to NumPy", "np.float = float\nnp.int = int\nnp.bool8 = bool"),
    honest("unicode-names", "Greek letters and umlauts as names", cells={"task-1-step": """
def step(φ):
    größer = np.asarray(φ) > 0
    return größer.astype(int)
"""}),
    honest("float-errors-raised", "np.seterr and printing options",
           "np.seterr(divide='raise')\nnp.set_printoptions(precision=2, threshold=5)"),
    honest("helpers-between-cells", "solutions that use functions of own cells", """
def with_bias(x): return np.concatenate(([1.0], x))
""", cells={"task-4-perceptron-step": """
def perceptron_step(w, x, target):
    x = with_bias(x)
    return w + (target - int(w @ x > 0)) * x
"""}),
    honest("profiled", "a profiler", "%prun -q sum(range(100))\nimport cProfile\ncProfile.run('sum(range(10))')"),
]  # fmt: skip
