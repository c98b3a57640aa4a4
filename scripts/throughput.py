"""Grade the same class with stock nbgrader and with `course grade`, and print how they compare.

    python scripts/throughput.py            every unit, eight honest students each: worked and other right solutions
    python scripts/throughput.py --scale    instead: 50, 200 and 1,000 submissions of unit 01 with `course grade` alone,
                                            several times in turn

Stock nbgrader runs with its own defaults: one kernel after the other, no plug-in of this course. Both grade in the same
run, unit by unit in turn, and every score of every test must be the same. The notebooks are handed in as run, with
their outputs. Units whose tests train networks are graded a second time without these tasks, the worked solution only:
there importing dominates. They are not part of the overall ratio. Takes about ten minutes on two cores.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import psutil
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from helpers.grading import build, demo, execute, grade, master, variants
from helpers.grading.course import Course, Unit
from helpers.grading.pool import Pool, shared
from helpers.grading.sandbox import TENSORFLOW, Limits

ROOT = Path(__file__).resolve().parents[1]
STUDENTS = 8
SCALE = [50, 200, 50, 1000, 50, 200, 50, 200, 50]  # submissions, one run after the other
# Right code that writes to stderr, such as a warning of NumPy or Keras, gets no points from stock nbgrader.
ON_STDERR = {"noisy", "own_network", "input_shape", "library", "backwards", "body_outputs"}
TRAINING = {"07-cnn-case-study": (5, 6), "08-transfer-learning": (6,)}  # the tasks that train
UNTRAINED = "-untrained"
STOCK = """c = get_config()
c.CourseDirectory.course_id = "nn-course"
c.ClearMarkScheme.enforce_metadata = False
c.Execute.timeout = 120
c.Execute.kernel_name = "python3"
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--scale", action="store_true", help="50, 200 and 1,000 submissions of unit 01")
    arguments.add_argument("--units", nargs="*", help="only these units")
    arguments.add_argument("--timed", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if chosen.timed:
        timed(chosen.timed)
    elif chosen.scale:
        scale()
    else:
        compare(chosen.units)


def compare(names: list[str] | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours = make(Path(folder, "ours"), STUDENTS, names)
        stock = Course(shutil.copytree(ours.root, Path(folder, "stock"), ignore=shutil.ignore_patterns("gradebook.db")))
        shared().close()
        (stock.root / "nbgrader_config.py").write_text(STOCK)
        fast, slow = {}, {}
        with watched() as peaks, by_course(ours) as (process, start, grade_unit):
            for unit in ours.units:
                # In turn, unit by unit: what else slows this machine down slows both down.
                fast[unit.name], slow[unit.name] = grade_unit(unit.name), by_nbgrader(stock, unit.name)
                print(f"{unit.name}: stock {slow[unit.name][0]:.2f} s, course {fast[unit.name][0]:.2f} s", flush=True)
        fast_memory, slow_memory = peaks.pop(process), max(peaks.values())
        table = Table("unit", "stock s", "course s", "ratio", "stock CPU s", "course CPU s", "cells CPU s", "grades")
        differing = []
        kinds = {"NumPy units": [], "TensorFlow units": [], "TensorFlow units without the tasks that train": []}
        for unit in ours.units:
            (seconds, cpu, cells), (stock_seconds, stock_cpu) = fast[unit.name], slow[unit.name]
            mine, theirs = scores(ours, unit.name), scores(stock, unit.name)
            same = mine == theirs
            for key in sorted(mine.keys() | theirs.keys()):
                if mine.get(key) != theirs.get(key):
                    differing.append(f"{unit.name} {key}: stock {theirs.get(key)}, course {mine.get(key)}")
            numbers = stock_seconds, seconds, stock_seconds / seconds, stock_cpu, cpu, cells
            table.add_row(unit.name, *(f"{number:.2f}" for number in numbers), "identical" if same else "DIFFERENT")
            kind = "TensorFlow units" if execute.modules(master.read(unit.source)) == TENSORFLOW else "NumPy units"
            kind += " without the tasks that train" if unit.name.endswith(UNTRAINED) else ""
            kinds[kind].append((stock_seconds, seconds, cpu - cells))
        console = Console(width=120)
        cores = len(os.sched_getaffinity(0))
        console.print(f"Per submission, {STUDENTS} a unit, on {cores} cores.")
        console.print(table)
        console.print(f"course grade takes {start:.1f} s to start, which is in the ratios below, but not in the table.")
        whole, stock_whole = (
            sum(row[0] for name, row in rows.items() if not name.endswith(UNTRAINED)) for rows in (fast, slow)
        )
        whole += start / STUDENTS
        for kind, rows in kinds.items():
            if rows:
                share = sum(row[1] for row in rows)
                ratio = sum(row[0] for row in rows) / (share * whole / (whole - start / STUDENTS))
                overhead = sum(row[2] for row in rows) / len(rows)
                console.print(f"{kind}: ratio {ratio:.1f}, {overhead:.2f} CPU seconds a submission beyond the cells")
        console.print("Most resident memory at a time, shared pages counted in each process: "
                      f"stock {slow_memory:.1f} GB, course {fast_memory:.1f} GB")  # fmt: skip
        print(f"overall ratio: {stock_whole / whole:.1f}")
        if differing:
            sys.exit("Some grades differ:\n" + "\n".join(differing))


def scale() -> None:
    """Other programs and machines slow a run down or not: the median of several runs, the short ones more often."""
    runs = {number: [] for number in sorted(SCALE)}
    for number in SCALE:
        with tempfile.TemporaryDirectory() as folder:
            course = make(Path(folder), number, ["01-perceptron"])
            with watched() as peaks, by_course(course, number) as (process, start, grade_unit):
                seconds, cpu, _ = grade_unit("01-perceptron")
            runs[number].append((start, seconds, cpu, peaks[process]))
    for number, measured in runs.items():
        start, seconds, cpu, memory = map(median, zip(*measured, strict=True))
        each = f"{start:.1f} s to start, then {seconds:.3f} s and {cpu:.3f} CPU s each"
        print(f"{number} submissions: {each}, {memory:.1f} GB (median of {len(measured)})")


def make(root: Path, students: int, names: list[str] | None) -> Course:
    """A course with `students` honest submissions to every unit: the worked solution and the alternatives in turn."""
    for unit in Course(ROOT).units:
        if names and unit.name not in names:
            continue
        shutil.copytree(unit.source.parent, root / "source" / unit.name)
        source = master.read(unit.source)
        paths = sorted((ROOT / "tests" / "alternatives" / unit.name).glob("*.py"))
        others = [variants.alternative(path, source).nb for path in paths if path.stem not in ON_STDERR]
        hand_in(root, unit, [source, *others], students)
    for unit in Course(root).units:
        if tasks := TRAINING.get(unit.name):
            nb = master.read(unit.source)
            nb.cells = [cell for cell in nb.cells if not any(f"-{task}-" in master.grade_id(cell) for task in tasks)]
            path = root / "source" / (unit.name + UNTRAINED) / unit.source.name
            path.parent.mkdir()
            path.write_text(master.text(nb), encoding="utf-8")
            hand_in(root, Course(root).unit(unit.name + UNTRAINED), [nb], students)
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    for unit in Course(root).units:
        build.register(unit)  # as `course build` does, long before anything is handed in
    return Course(root)


def hand_in(root: Path, unit: Unit, notebooks: list[NotebookNode], students: int) -> None:
    """Run `notebooks` and let them be handed in, one a student, in turn."""
    turns = [demo.hand_in(nb) for nb in notebooks[:students]]
    turns = [master.text(nb) for nb in shared().map(turns, Limits())]
    for number, text in enumerate(islice(cycle(turns), students)):
        path = root / "submitted" / f"student-{number:04}" / unit.name / unit.source.name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")


def by_nbgrader(course: Course, unit: str) -> tuple[float, float]:
    """Seconds and CPU seconds a submission."""
    quiet = {"cwd": course.root, "check": True, "capture_output": True}
    subprocess.run(["nbgrader", "generate_assignment", unit], **quiet)
    begin, before = time.monotonic(), used()
    subprocess.run(["nbgrader", "autograde", unit], **quiet)
    return (time.monotonic() - begin) / STUDENTS, (used() - before) / STUDENTS


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def by_course(course: Course, students: int = STUDENTS):
    """A process that does what `course grade` does: its number, its seconds to start, a function that grades a unit.

    The function returns seconds, CPU seconds and the cells' own seconds a submission.
    """
    words = [sys.executable, __file__, "--timed", str(course.root)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def grade_unit(unit: str) -> tuple[float, ...]:
            print(unit, file=process.stdin, flush=True)
            return tuple(value / students for value in json.loads(process.stdout.readline()))

        yield process.pid, json.loads(process.stdout.readline()), grade_unit


def timed(root: Path) -> None:
    """Start warm processes, then grade each unit that is named on standard input, with a stop watch."""
    warnings.filterwarnings("ignore", message=".*not in session, add operation")  # as the command does
    answers, sys.stdout = sys.stdout, sys.stderr
    course = Course(root)
    with Pool() as pool:
        for modules in {execute.modules(master.read(unit.source)) for unit in course.units}:
            imports = "import tensorflow" if modules == TENSORFLOW else "import numpy"
            pool.map([new_notebook(cells=[new_code_cell(imports)]) for _ in range(pool.workers)], Limits())
        print(time.time() - psutil.Process().create_time(), file=answers, flush=True)
        for unit in map(course.unit, map(str.strip, sys.stdin)):
            begin, before = time.monotonic(), tree_cpu()
            build.register(unit)
            reasons = [graded.reason for graded in grade.grade(unit, pool)]
            if any(reasons):
                sys.exit(f"{unit.name}: {reasons}")
            seconds, cpu = time.monotonic() - begin, tree_cpu() - before
            cells = [
                master.read(path).metadata["nn_course"]["seconds"]
                for path in course.root.glob(f"autograded/*/{unit.name}/{unit.source.name}")
            ]
            print(json.dumps([seconds, cpu, sum(cells)]), file=answers, flush=True)


def tree_cpu() -> float:
    """CPU seconds of this process and all below it, those that have ended included."""
    me = psutil.Process()
    return sum(sum(process.cpu_times()[:4]) for process in [me, *me.children(recursive=True)])


@contextmanager
def watched():
    """Most gigabytes that each child of this process and all below it have at a time, looked at four times a second."""
    peaks, ended = Counter(), threading.Event()

    def look():
        while not ended.wait(0.25):
            for child in psutil.Process().children():
                with suppress(psutil.Error):
                    tree = [child, *child.children(recursive=True)]
                    peaks[child.pid] = max(peaks[child.pid], sum(map(resident, tree)) / 2**30)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield peaks
    ended.set()
    watcher.join()


def resident(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def scores(course: Course, assignment: str) -> dict:
    """Every automatic score, by student and grade id."""
    directory = course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        return {
            (submission.student_id, score.name): score.auto_score
            for submission in gradebook.assignment_submissions(assignment)
            for notebook in submission.notebooks
            for score in notebook.grades
        }


if __name__ == "__main__":
    main()
