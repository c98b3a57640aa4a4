"""The warm process and what it lets a notebook do; each limit is met by code that goes beyond it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.grading import box, cgroup, demo, execute, master, sandbox, warm
from helpers.grading.sandbox import Cell, Limits, SandboxError, Worker

ROOT = Path(__file__).resolve().parents[2]
QUICK = Limits(cell_seconds=4, notebook_seconds=60, memory=300 * 2**20, processes=16, files=2000)
IMPORTS = "import numpy as np\nfrom helpers import check"
GIVEN = Cell(IMPORTS, "given", imports=IMPORTS)
needs_bubblewrap = pytest.mark.skipif(not box.protected(), reason="bubblewrap does not work here: nothing is protected")


@pytest.fixture(scope="module")
def worker():
    with Worker() as worker:
        yield worker


@pytest.fixture(autouse=True)
def little_patience(monkeypatch):
    monkeypatch.setattr(sandbox, "GRACE_SECONDS", 1.5)


def run(worker, *cells, limits=QUICK, files=None):
    return worker.run([cell if isinstance(cell, Cell) else Cell(cell) for cell in cells], files, limits)


def printed(outcome):
    return "".join(output["text"] for output in outcome.outputs if output["output_type"] == "stream")


def says(worker, source, limits=QUICK):
    """What `source` prints as a notebook's only cell."""
    (outcome,) = run(worker, source, limits=limits)
    assert outcome.error is None and not outcome.ended, outcome
    return printed(outcome).strip()


def test_cells_run_in_order_and_go_on_after_errors(worker):
    first, second, third, fourth = run(worker, "x = 2\nx", "1 / 0", "print(x)", "this is no Python")
    assert first.outputs[0]["data"]["text/plain"] == "2"
    assert second.error == ("ZeroDivisionError", "division by zero")
    assert printed(third) == "2\n"
    assert fourth.error[0] == "SyntaxError"
    assert [outcome.count for outcome in (first, second, third, fourth)] == [1, 2, 3, 4]


def test_a_notebook_finds_nothing_of_the_one_before(worker):
    run(worker, "x = 1\nimport numpy as np\nnp.x = 1\nopen('left', 'w').close()\nopen('/dev/shm/left', 'w').close()")
    script = "import os, numpy as np\nprint('x' in dir(), hasattr(np, 'x'), os.listdir('.'), os.listdir('/dev/shm'))"
    # A course that lies below /tmp has its environment there, in the sandbox as well.
    mounted = [part for part in Path(sys.prefix).parts[2:3] if Path(sys.prefix).parts[1] == "tmp"]
    assert says(worker, script) == f"False False {mounted} []"


def test_random_numbers_differ_from_notebook_to_notebook(worker):
    script = "import random, numpy as np\nprint(random.random(), np.random.random())"
    assert says(worker, script) != says(worker, script)


def test_files_are_put_into_the_folder(worker):
    (outcome,) = run(worker, "print(open('a/b.txt').read())", files={"a/b.txt": b"here"})
    assert printed(outcome) == "here\n"


@needs_bubblewrap
def test_there_is_no_network(worker):
    script = """
import socket
for where in (("192.0.2.1", 80), ("8.8.8.8", 53)):
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", where)
        print("sent", where)
    except OSError:
        pass
print(sorted(name for _, name in socket.if_nameindex()))
"""
    assert says(worker, script) == "['lo']"


@needs_bubblewrap
def test_course_home_and_other_files_cannot_be_read(worker, tmp_path):
    for name in ("gradebook.db", "submitted/other/perceptron.ipynb", "source/master.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("secret")
    wanted = [*map(str, tmp_path.rglob("*")), str(ROOT / "source"), str(ROOT / "helpers/grading/score.py"),
              str(ROOT / "tests"), os.path.expanduser("~/.bashrc"), "/etc/passwd", "/var", "/sys", "/run", "/boot",
              "/home"]  # fmt: skip
    assert says(worker, f"import os\nprint([path for path in {wanted!r} if os.path.exists(path)])") == "[]"


@needs_bubblewrap
def test_only_two_folders_can_be_written(worker):
    script = """
import os, numpy
for folder in ("/", "/usr", "/dev", "/proc/sys/kernel", "/etc", os.path.dirname(numpy.__file__), "/tmp", "/dev/shm"):
    try:
        with open(folder + "/core_pattern", "w"): print(folder)
    except OSError:
        pass
"""
    assert says(worker, script).split() == ["/tmp", "/dev/shm"]


@needs_bubblewrap
def test_the_warm_process_cannot_be_touched(worker):
    script = """
import os, signal
for number in range(1, 65):
    try: os.kill(1, number)
    except OSError: pass
for name in ("mem", "environ", "fd/3", "root"):
    try:
        os.stat(f"/proc/1/{name}") and open(f"/proc/1/{name}", "rb").read(1)
        print("read", name)
    except OSError: pass
print("alive")
"""
    pid = worker.process.pid
    assert says(worker, script) == "alive"
    assert says(worker, "print(1)") == "1"
    assert worker.process.pid == pid


def test_a_cell_that_takes_too_long_is_interrupted(worker):
    begin = time.monotonic()
    first, second = run(worker, "while True: pass", "print('on')")
    assert first.error[0] == "KeyboardInterrupt"
    assert printed(second) == "on\n"
    assert time.monotonic() - begin < 30


def test_a_cell_that_cannot_be_interrupted_is_left_out(worker):
    stuck_in_c = "import itertools\nsum(itertools.repeat(0))"
    before, stuck, after = run(worker, "x = 1", stuck_in_c, "print(x)")
    assert "could not be interrupted" in stuck.ended
    assert printed(after) == "1\n" and not before.ended


def test_an_interrupt_does_not_reach_the_next_cell(worker):
    sleeps = "import time\ntime.sleep(0.98)"
    limits = Limits(cell_seconds=1, notebook_seconds=60)
    outcomes = run(worker, *[sleeps, "print('on')"] * 6, limits=limits)
    assert all(printed(outcome) == "on\n" for outcome in outcomes[1::2])


def test_a_notebook_that_takes_too_long_ends(worker):
    limits = Limits(cell_seconds=20, notebook_seconds=3)
    first, second, third = run(worker, "print('on')", "import time\ntime.sleep(60)", "print('never')", limits=limits)
    assert printed(first) == "on\n"
    assert second.error or second.ended
    assert not third.run and third.ended


@pytest.mark.parametrize("how", ["os._exit(0)", "os.kill(os.getpid(), 9)", "ctypes.string_at(0)"])
def test_a_cell_that_ends_the_process_is_left_out(worker, how):
    before, ends, after = run(worker, "x = 1\nimport ctypes, os", how, "print(x)")
    assert "ended the Python process" in ends.ended
    assert printed(after) == "1\n" and not before.ended


def test_a_notebook_full_of_such_cells_comes_to_an_end(worker):
    outcomes = run(worker, *["import os\nos._exit(0)"] * 20, limits=Limits(replays=2))
    assert len(outcomes) == 20
    assert [outcome.run for outcome in outcomes].count(True) == 3
    assert all(outcome.ended for outcome in outcomes)


@needs_bubblewrap
def test_memory_is_limited_in_one_process_and_in_many(worker):
    assert says(worker, "try: x = bytearray(2 * 10**9)\nexcept MemoryError: print('refused')") == "refused"
    many = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        x = b"x" * 250_000_000
        time.sleep(60)
time.sleep(60)
"""
    (outcome,) = run(worker, many)
    assert "of memory" in outcome.ended


@needs_bubblewrap
def test_processes_are_limited(worker):
    spawns = "import os, time\nfor _ in range(40):\n    if os.fork() == 0: time.sleep(60)\ntime.sleep(60)"
    (outcome,) = run(worker, spawns)
    assert "more than 16 processes" in outcome.ended
    assert says(worker, "import os\nprint(len([x for x in os.listdir('/proc') if x.isdigit()]))") == "2"


@needs_bubblewrap
def test_files_are_limited_in_size_sum_and_number(worker):
    fills = """
try:
    for n in range(500):
        with open({name}, "ab") as file: file.write(bytes(1 << 20))
except OSError as error:
    print(error.strerror)
"""
    assert says(worker, fills.format(name="'one'")) == "File too large"
    assert says(worker, fills.format(name="str(n)")) == "No space left on device"
    (outcome,) = run(worker, "for i in range(10**7): open(str(i), 'w').close()")
    assert "more than 2000 files" in outcome.ended


def test_output_is_limited_in_bytes(worker):
    flood, line, shows = run(worker, "for _ in range(10**5): print('x' * 1000)", "print('y' * 10**7)",
                             "from IPython.display import display\nfor i in range(5000): display(i)")  # fmt: skip
    for outcome in (flood, line, shows):
        assert len(str(outcome.outputs)) < 200_000
        assert "more was shown than is kept" in str(outcome.outputs[-1])


def test_what_programs_print_is_shown(worker):
    assert says(worker, "import os, subprocess\nsubprocess.run(['echo', 'one'])\nos.write(1, b'two')") == "one\ntwo"


@needs_bubblewrap
def test_nothing_outlives_its_notebook(worker):
    daemon = """
import os, subprocess, sys
code = "import os, signal, time\\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\\ntime.sleep(600) # outlives"
subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time
        time.sleep(600)
    os._exit(0)
"""
    run(worker, daemon)
    assert not [p for p in psutil.process_iter(["cmdline"]) if "# outlives" in " ".join(p.info["cmdline"] or [])]
    assert says(worker, "import os\nprint(sorted(int(x) for x in os.listdir('/proc') if x.isdigit())[:1])") == "[1]"


@needs_bubblewrap
def test_what_cannot_be_removed_costs_the_warm_process(worker):
    before = worker.process.pid
    run(worker, "import os\nos.makedirs('a/b/c')\nos.chmod('a/b', 0)")
    assert says(worker, "import os\nprint('a' in os.listdir('/tmp'))") == "False"
    assert worker.process.pid != before


def test_a_warm_process_killed_from_outside_is_replaced(worker):
    says(worker, "print(1)")
    for process in [*psutil.Process(worker.process.pid).children(recursive=True), worker.process]:
        process.send_signal(signal.SIGKILL)
    assert says(worker, "print(2)") == "2"


@pytest.mark.parametrize("sandboxed", [pytest.param(True, marks=needs_bubblewrap), False])
def test_stop_leaves_no_process_and_no_folder(sandboxed, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Worker(sandboxed=sandboxed) as worker:
        says(worker, "print(1)")
        assert bool(os.listdir(tmp_path)) is not sandboxed
        processes = [worker.process.pid, *(p.pid for p in psutil.Process(worker.process.pid).children(recursive=True))]
        group = worker.group and worker.group.folder
    time.sleep(0.2)
    assert not [pid for pid in processes if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]
    assert not os.listdir(tmp_path)
    assert not (group and group.exists())


def test_a_start_that_is_killed_is_tried_again(monkeypatch):
    starts, start = [], Worker.start

    def killed(worker):
        starts.append(worker)
        if len(starts) < 3:
            raise SandboxError("killed while it started")
        start(worker)

    monkeypatch.setattr(Worker, "start", killed)
    with Worker() as worker:
        assert says(worker, "print(1)") == "1"
    assert len(starts) == 3


def test_cleaning_up_takes_none_of_the_notebooks_time(monkeypatch):
    end = Worker._end

    def slow(worker, gone):
        time.sleep(3)
        end(worker, gone)

    monkeypatch.setattr(Worker, "_end", slow)
    with Worker() as worker:
        cells = run(worker, "import os\nos._exit(0)", "print('on')", limits=Limits(cell_seconds=4, notebook_seconds=5))
    assert cells[0].ended and printed(cells[1]) == "on\n"


def test_a_notebook_killed_from_outside_runs_again(worker, monkeypatch):
    attempt, kills = Worker._attempt, []

    def killing(worker, *arguments):
        if len(kills) < sandbox.LOSSES:
            kills.append(1)
            # As the kernel does where memory runs out. The cell cannot tell, and neither can the grader.
            arguments = ([Cell("import os\nos.kill(os.getpid(), 9)")], *arguments[1:])
        return attempt(worker, *arguments)

    monkeypatch.setattr(Worker, "_attempt", killing)
    assert says(worker, "print(1)") == "1"
    assert len(kills) == sandbox.LOSSES


def test_a_notebook_that_exits_does_not_run_again(worker, monkeypatch):
    attempt, attempts = Worker._attempt, []

    def counting(worker, *arguments):
        attempts.append(1)
        return attempt(worker, *arguments)

    monkeypatch.setattr(Worker, "_attempt", counting)
    (outcome,) = run(worker, "import os\nos._exit(0)")
    assert outcome.ended and len(attempts) == 2, "once with the cell, once without it"


def test_a_cell_has_so_much_longer_as_others_have_the_core(worker, monkeypatch):
    sleeps = "import time\ntime.sleep(2)"
    (counted,) = run(worker, sleeps, limits=Limits(cell_seconds=1))
    assert counted.error[0] == "KeyboardInterrupt"
    monkeypatch.setattr(sandbox.watch, "share_of_cores", lambda warm: 0.25)
    (put_off,) = run(worker, sleeps, limits=Limits(cell_seconds=1))
    assert put_off.error is None and not put_off.ended


def test_time_in_which_others_have_the_core_does_not_count(monkeypatch):
    core, cores = min(os.sched_getaffinity(0)), os.sched_getaffinity(0)
    # As nice as a notebook is, so that of four each gets a quarter of the core.
    busy = f"import os\nos.sched_setaffinity(0, [{core}])\nos.nice(10)\nwhile os.getppid() == {os.getpid()}: pass"
    works = "import time\nwhile time.process_time() < 0.8: pass\nprint('done')"
    others = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(3)]
    try:
        os.sched_setaffinity(0, {core})
        with Worker() as worker:
            worker.start()
            os.sched_setaffinity(0, cores)
            limits = Limits(cell_seconds=1)
            monkeypatch.setattr(sandbox, "PATIENCE", 20)  # other tests may have the core too
            begin = time.monotonic()
            worked, sleeps = run(worker, works, "import time\ntime.sleep(60)", limits=limits)
            seconds = time.monotonic() - begin
    finally:
        os.sched_setaffinity(0, cores)
        for other in others:
            other.kill()
            other.wait()
    assert worked.error is None and not worked.ended
    assert sleeps.error[0] == "KeyboardInterrupt" and seconds < 30


@pytest.mark.skipif(not cgroup.parent(), reason="control groups cannot be written")
def test_the_kernel_limits_tasks_for_root_too(worker):
    threads = """
import threading, time
threading.stack_size(65536)
threads = [threading.Thread(target=time.sleep, args=(60,), daemon=True) for _ in range(200)]
try:
    for started, thread in enumerate(threads): thread.start()
except RuntimeError:
    print(started)
"""
    assert 100 < int(says(worker, threads)) < sandbox.THREADS * QUICK.processes


def test_no_collection_in_a_notebook_goes_through_what_was_imported(worker):
    assert int(says(worker, "import gc\nprint(gc.get_freeze_count())")) > 10_000


@pytest.mark.parametrize(
    ("user", "controllers", "found"), [(0, "cpu pids", True), (0, "cpu", False), (1000, "cpu pids", False)]
)
def test_a_control_group_is_made_only_by_root_and_where_processes_are_counted(
    tmp_path, monkeypatch, user, controllers, found
):
    (tmp_path / "cgroup.subtree_control").write_text(controllers)
    monkeypatch.setattr(cgroup, "VERSION_2", tmp_path)
    monkeypatch.setattr(cgroup, "VERSION_1", tmp_path / "pids")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert cgroup.parent() == (tmp_path if found else None)


def test_control_groups_of_killed_graders_are_removed(tmp_path, monkeypatch):
    gone = subprocess.Popen(["true"])
    gone.wait()
    for pid in (gone.pid, os.getpid()):
        (tmp_path / f"course-{pid}-0").mkdir()
    monkeypatch.setattr(cgroup, "parent", lambda: tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(cgroup, "_numbers", iter([1]))
        group = cgroup.Group()
    group.limit(5)
    assert (group.folder / "pids.max").read_text() == "5"
    assert not (tmp_path / f"course-{gone.pid}-0").exists() and (tmp_path / f"course-{os.getpid()}-0").exists()


def test_a_folder_is_emptied_but_for_what_is_mounted_in_it(tmp_path):
    for name in ("mounted", "left"):
        (tmp_path / name / "below").mkdir(parents=True)
    assert warm.empty(str(tmp_path), ["mounted"])
    assert [path.name for path in tmp_path.iterdir()] == ["mounted"] and (tmp_path / "mounted/below").exists()


def notebook(*cells):
    grading = {"grade": False, "locked": True, "solution": False, "task": False, "schema_version": 3}
    nb = new_notebook(cells=[new_code_cell(source) for _, source in cells])
    for cell, (name, _) in zip(nb.cells, cells, strict=True):
        cell.metadata["nbgrader"] = {"grade_id": name, **grading}
    return nb


def test_a_picture_that_was_handed_in_is_not_drawn_again(worker):
    nb = notebook(("picture-1-drawn", "1 / 0"), ("picture-2-missing", "print('drawn')"))
    drawn = nb.cells[0].outputs = [new_output("display_data", data={"image/png": "aGVsbG8="})]
    execute.execute(nb, worker, QUICK)
    assert nb.cells[0].outputs == drawn
    assert nb.cells[1].outputs[0].text == "drawn\n"


def test_cells_that_were_not_run_are_flagged_with_the_reason(worker):
    nb = notebook(("given-1-slow", "import time\ntime.sleep(9)"), ("given-2-late", "print('late')"))
    execute.execute(nb, worker, Limits(cell_seconds=20, notebook_seconds=1))
    assert nb.cells[1].outputs[0].ename == execute.ENDED
    flags = " ".join(nb.metadata["nn_course"]["flags"])
    assert "given-2-late: not run, because" in flags and "longer than 1 seconds" in flags


def test_a_sandbox_that_does_not_start_says_so():
    with Worker(("there_is_no_such_module",)) as worker, pytest.raises(SandboxError, match="there_is_no_such_module"):
        run(worker, "1")


def test_tests_run_on_what_was_there_before_the_notebook(worker):
    bends = """
import builtins, sys
np.array = len = check = None
builtins.len = lambda x: 0
sys.modules["helpers.check"] = None
"""
    test = Cell("check.scalar('length', len(values()), 3, hint='count')", "test", check="length", keep=[])
    *_, right = run(worker, GIVEN, "def values(): return [1, 2, 3]", bends, test)
    assert right.error is None and right.trusted
    assert {"builtins.len", "helpers.check", "numpy.array"} <= set(right.changed)
    *_, wrong = run(worker, GIVEN, "def values(): return []", bends, test)
    assert wrong.error[0] == "CheckFailed"


def test_a_test_bent_while_it_runs_is_not_trusted(worker):
    bends = "def values():\n    import builtins\n    builtins.len = lambda x: 3\n    return []"
    *_, outcome = run(worker, GIVEN, bends, Cell("check.true('yes', values() == [], hint='')", "test", check="yes"))
    assert not outcome.trusted


def test_given_values_are_those_of_the_master(worker):
    given = Cell("limit = 3", "given", names=["limit"])
    test = Cell("check.scalar('limit', limit, 3, hint='')\nseen = limit", "test", check="limit", keep=["seen"])
    *_, outcome, after = run(worker, GIVEN, given, "limit = 99", test, "print(limit, seen)")
    assert outcome.error is None
    assert printed(after) == "99 3\n", "the notebook keeps its own value"


def test_what_a_test_defines_is_given_to_later_tests_and_to_cells(worker):
    first = Cell("secret = 5\ndef same(x): check.scalar('same', x, number, hint='')\nnumber = 3", "test", check="same",
                 keep=["same", "number"], names=["same", "number"])  # fmt: skip
    second = Cell("same(answer())", "test", check="same")
    bends = "def same(x): pass\nnumber = 4\ncheck = None\ndef answer(): return 4"
    *_, wrong = run(worker, GIVEN, first, bends, second)
    assert wrong.error[0] == "CheckFailed" and wrong.trusted
    *_, shown = run(worker, GIVEN, first, "number = 7\nsame(7)\nprint('secret' in same.__globals__)")
    assert printed(shown) == "passed: same\nFalse\n"


LOOKS = ["sys._getframe()", "gc.get_objects()", "inspect.currentframe()", "sys.settrace(print)"]


@pytest.mark.parametrize("look", LOOKS)
def test_looking_at_frames_is_refused_and_told(worker, look):
    (outcome,) = run(worker, f"import sys, gc, inspect\n{look}")
    assert outcome.error[0] == "RuntimeError" and outcome.refused


def test_what_is_written_into_the_socket_is_no_answer(worker):
    writes = """
import os
for fd in range(3, 40):
    try: os.write(fd, b"0" * 32 + b" {}\\n")
    except OSError: pass
"""
    forged, after = run(worker, writes, "print('on')")
    assert "grader's own connection" in forged.ended
    assert printed(after) == "on\n"


@pytest.fixture(scope="module")
def unprotected():
    with Worker(sandboxed=False) as worker:
        yield worker


def test_without_a_sandbox_honest_code_runs_and_is_limited(unprotected):
    first, second, third = run(unprotected, "x = 2", "while True: pass", "print(x)")
    assert second.error[0] == "KeyboardInterrupt"
    assert printed(third) == "2\n" and first.error is None


def test_without_a_sandbox_processes_end_with_their_notebook(unprotected):
    run(unprotected, "import subprocess\nsubprocess.Popen(['sleep', '4321'], start_new_session=True)")
    time.sleep(0.2)
    assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "4321"]]


def course(root, *words):
    """Run `course` where bwrap is not to be found."""
    path = str(Path(sys.executable).parent)
    return subprocess.run([sys.executable, "-m", "helpers.grading.cli", *words], cwd=root, text=True,
                          capture_output=True, env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)})  # fmt: skip


def test_without_bubblewrap_grading_says_so_loudly_and_can_be_refused(course_copy):
    unit = course_copy.unit(demo.UNIT)
    folder = course_copy.root / "submitted" / "one" / demo.UNIT
    folder.mkdir(parents=True)
    (folder / "perceptron.ipynb").write_text(master.text(demo.hand_in(master.read(unit.source))))
    refused = course(course_copy.root, "grade", demo.UNIT, "--require-sandbox")
    assert refused.returncode == 1 and "bubblewrap" in refused.stderr
    assert not (course_copy.root / "autograded").exists()
    graded = course(course_copy.root, "grade", demo.UNIT)
    assert graded.returncode == 0, graded.stderr
    assert "WITHOUT A SANDBOX" in graded.stderr
    assert "16" in graded.stdout
