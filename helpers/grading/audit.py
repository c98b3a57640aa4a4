"""Prove a unit's tests: right solutions pass, known mistakes and mutants fail, the right hint is shown."""

import ast
import json
import re
import tomllib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter

from nbformat import NotebookNode
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from . import execute, master, mutants, pool, variants
from .course import CourseError, Unit
from .sandbox import TENSORFLOW, Limits
from .score import failure, score_cell

ALTERNATIVES = 6
HINTS = 0.90
KILLED = 0.95
RIGHT_SECONDS = 20.0  # as in grading
WRONG_SECONDS = 8.0  # mutants loop without end; waiting longer proves nothing
NOTEBOOK_SECONDS = 60.0


@dataclass
class AlternativeRow:
    name: str
    how: str
    points: float
    messages: dict[str, str]


@dataclass
class MistakeRow:
    """`lost`: points lost in its own task; `also`: in other tasks, by task; `hint`: what must be shown."""

    name: str
    lost: float
    also: dict[int, float]
    hint: str
    hint_shown: bool
    messages: dict[str, str]


@dataclass
class MutantRow:
    """`killed_by`: the first test of its own task that fails, "" for a survivor, whose `reason` says why."""

    name: str
    killed_by: str
    reason: str = ""


@dataclass
class Report:
    """What the audit found out about one unit. It passes if `findings` is empty; a Rich console prints it."""

    unit: str
    points: dict[int, float]
    by_hand: dict[int, float]
    solution: float = 0.0
    stub: float = 0.0
    alternatives: list[AlternativeRow] = field(default_factory=list)
    mistakes: list[MistakeRow] = field(default_factory=list)
    mutants: list[MutantRow] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def full(self) -> float:
        """All points that tests give."""
        return sum(self.points.values())

    @property
    def right_hints(self) -> float:
        """Share of mistakes whose own hint is shown."""
        return _share(sum(row.hint_shown for row in self.mistakes), len(self.mistakes))

    @property
    def killed(self) -> float:
        """Share of mutants that lose points; those that survive with a good reason count as not killed."""
        return _share(sum(bool(row.killed_by) for row in self.mutants), len(self.mutants))

    def __rich__(self) -> RenderableType:
        return _render(self)


@dataclass(frozen=True)
class Score:
    """Points by task number, and by grade id the message of each test and of each other cell that failed.

    Written answers are not in it.
    """

    points: dict[int, float]
    messages: dict[str, str]
    crashes: dict[str, str]

    @property
    def total(self) -> float:
        return sum(self.points.values())


def _tally(nb: NotebookNode) -> Score:
    found = Score({}, {}, {})
    for cell in nb.cells:
        name, message = master.grade_id(cell), failure(cell) if cell.cell_type == "code" else ""
        if master.is_test(cell):
            result = score_cell(cell)
            found.points[result.task] = found.points.get(result.task, 0) + result.points
        if message:
            failed = found.messages if master.is_test(cell) else found.crashes
            failed[name or "a cell of the student's own"] = message
    return found


def audit(unit: Unit, *, each: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """Run every variant of a unit's master as grading does and judge what its tests make of them.

    Reads tests/mistakes/UNIT.py, tests/mistakes/UNIT-survivors.toml and tests/alternatives/UNIT/*.py.
    `each` is told how many of how many variants are done. Raises CourseError for a file that cannot be read as what
    it should be.
    """
    begin = perf_counter()
    tests = unit.course.root / "tests"
    nb = master.read(unit.source)
    path = tests / "mistakes" / f"{unit.name}.py"
    known = variants.mistakes(path, nb) if path.exists() else []
    right = [variants.alternative(p, nb) for p in sorted((tests / "alternatives" / unit.name).glob("*.py"))]
    changed = [(c, m) for c in _solutions(nb) for m in mutants.mutants(c.source, master.grade_id(c))]
    reasons = _reasons(tests / "mistakes" / f"{unit.name}-survivors.toml")

    tasks = sorted({_task(cell) for cell, _ in changed})
    good = [nb, master.stub_master(nb), *(a.nb for a in right), *(_alone(nb, task) for task in tasks)]
    mutated = [(_task(c), variants.replace(nb, master.grade_id(c), m.source)) for c, m in changed]
    bad = [_quick(m.nb, m.task) for m in known] + [_alone(n, task) for task, n in mutated]
    done = iter(range(1, len(good + bad) + 1))
    count = {"each": lambda: each(next(done), len(good + bad))}
    executed = pool.shared().map(map(deepcopy, good), Limits(RIGHT_SECONDS, NOTEBOOK_SECONDS), **count)
    # Networks train for seconds, and a busy machine must not kill a mutant that merely trains a little longer.
    patience = RIGHT_SECONDS if execute.modules(nb) == TENSORFLOW else WRONG_SECONDS
    executed += pool.shared().map(map(deepcopy, bad), Limits(patience, NOTEBOOK_SECONDS), **count)
    scores = map(_tally, executed)

    written = {master.task_number(master.grade_id(cell)) for cell in nb.cells if master.is_written(cell)}
    stated = master.points(nb)
    report = Report(
        unit.name,
        points={task: n for task, n in stated.items() if task not in written},
        by_hand={task: n for task, n in stated.items() if task in written},
    )
    _judge_solution(report, next(scores))
    _judge_stub(report, next(scores))
    _judge_alternatives(report, [(variant, next(scores)) for variant in right])
    for task in tasks:
        _judge_alone(report, task, next(scores))
    _judge_mistakes(report, [(variant, next(scores)) for variant in known], nb)
    _judge_mutants(report, [(cell, mutant, next(scores)) for cell, mutant in changed], reasons)
    report.seconds = perf_counter() - begin
    return report


def to_json(reports: list[Report]) -> str:
    """All reports as one JSON text: a list with one object per unit."""
    rows = [asdict(report) | {"right_hints": report.right_hints, "killed": report.killed} for report in reports]
    return json.dumps(rows, indent=1) + "\n"


def _judge_solution(report: Report, score: Score) -> None:
    report.solution = score.total
    for cell, message in (score.crashes | score.messages).items():
        report.findings.append(f"worked solution: fails {cell}: {_first(message)}")


def _judge_alone(report: Report, task: int, score: Score) -> None:
    """A test that needs another task's tests would fail for every mutant, and prove nothing."""
    for cell, message in (score.crashes | score.messages).items():
        report.findings.append(f"task {task} without the tests of other tasks: fails {cell}: {_first(message)}")


def _judge_stub(report: Report, score: Score) -> None:
    report.stub = score.total
    for task, points in score.points.items():
        if points:
            report.findings.append(f"untouched stub: scores {points:g} in task {task}")
    for test, message in score.messages.items():
        if not re.search(rf"Task {master.task_number(test)}\b.*still open", message):
            report.findings.append(f"untouched stub: {test} does not say which task is open: {_first(message)}")


def _judge_alternatives(report: Report, scored: list) -> None:
    for variant, score in scored:
        failed = score.crashes | score.messages
        report.alternatives.append(AlternativeRow(variant.name, variant.how, score.total, failed))
        for cell, message in failed.items():
            report.findings.append(f"alternative {variant.name}: fails {cell}: {_first(message)}")
    if len(scored) < ALTERNATIVES:
        report.findings.append(f"alternatives: {len(scored)}, at least {ALTERNATIVES} are needed")


def _judge_mistakes(report: Report, scored: list, nb: NotebookNode) -> None:
    uses = _uses(nb)
    for variant, score in scored:
        lost = {task: n - score.points[task] for task, n in report.points.items() if score.points.get(task, n) < n}
        own = lost.pop(variant.task, 0)
        messages = {t: m for t, m in score.messages.items() if master.task_number(t) == variant.task}
        shown = any(_flat(variant.hint) in _flat(message) for message in messages.values())
        report.mistakes.append(MistakeRow(variant.name, own, lost, variant.hint, shown, messages))
        if not own:
            report.findings.append(f"mistake {variant.name}: loses no points in its task")
        for task in lost:
            if not uses[task] & variant.functions:
                what = f"also loses points in task {task}, whose solution does not use it"
                report.findings.append(f"mistake {variant.name}: {what}")
    if not scored:
        report.findings.append("mistakes: none are written down")
    elif report.right_hints < HINTS:
        report.findings.append(f"hints: {report.right_hints:.0%} of the mistakes show theirs, wanted are {HINTS:.0%}")


def _judge_mutants(report: Report, scored: list, reasons: dict[str, str]) -> None:
    for cell, mutant, score in scored:
        task = master.task_number(master.grade_id(cell))
        killers = [test for test in score.messages if master.task_number(test) == task]
        reason = "" if killers else reasons.get(mutant.name, "")
        report.mutants.append(MutantRow(mutant.name, killers[0] if killers else "", reason))
        if not killers and not reason:
            report.findings.append(f"mutant survives without a reason: {mutant.name}")
    survivors = {row.name for row in report.mutants if not row.killed_by}
    names = {row.name for row in report.mutants}
    for name in sorted(reasons.keys() - survivors):
        what = "is killed" if name in names else "does not exist"
        report.findings.append(f"survivors file: the mutant {what}: {name}")
    if report.killed < KILLED:
        report.findings.append(f"mutants: {report.killed:.1%} are killed, wanted are {KILLED:.0%}")


def _without_pictures(nb: NotebookNode) -> NotebookNode:
    """A copy without the cells that draw what the student built: they take most of the time and give no points."""
    cells = [cell for cell in nb.cells if not master.is_picture(cell)]
    return NotebookNode({**nb, "cells": cells})


def _quick(nb: NotebookNode, task: int) -> NotebookNode:
    """A copy without pictures and without the quality tests of other tasks, which train for seconds."""
    nb = _without_pictures(nb)
    slow = [c for c in nb.cells if "-quality-" in master.grade_id(c) and master.is_test(c) and _task(c) != task]
    return NotebookNode({**nb, "cells": [c for c in nb.cells if all(c is not other for other in slow)]})


def _alone(nb: NotebookNode, task: int) -> NotebookNode:
    """A copy without pictures and without the tests of other tasks, which do not judge this one."""
    nb = _without_pictures(nb)
    cells = [c for c in nb.cells if not master.is_test(c) or _task(c) == task]
    return NotebookNode({**nb, "cells": cells})


def _task(cell: NotebookNode) -> int:
    return master.task_number(master.grade_id(cell))


def _solutions(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if master.is_solution(cell) and cell.cell_type == "code"]


def _uses(nb: NotebookNode) -> dict[int, set[str]]:
    """Per task the functions of other tasks that its worked solution calls, directly or through them."""
    home, uses = {}, {}
    for cell in _solutions(nb):
        task = _task(cell)
        home |= dict.fromkeys(variants.definitions(cell.source), task)
        tree = ast.walk(ast.parse(cell.source))
        uses[task] = uses.get(task, set()) | {node.id for node in tree if isinstance(node, ast.Name)}
    for names in uses.values():
        while more := {n for name in names & home.keys() for n in uses[home[name]]} - names:
            names |= more
    return uses


def _reasons(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        reasons = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: not TOML: {error}") from None
    for name, reason in reasons.items():
        if not isinstance(reason, str) or not reason.strip():
            raise CourseError(f'{path}: "{name}" needs its reason as a text: "name" = "reason".')
    return reasons


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _flat(text: str) -> str:
    return " ".join(text.split())


def _first(message: str) -> str:
    return _flat(message)[:200]


def _render(report: Report) -> RenderableType:
    full = sum(not row.messages for row in report.alternatives)
    noticed = sum(row.lost > 0 for row in report.mistakes)
    shown = sum(row.hint_shown for row in report.mistakes)
    killed = sum(bool(row.killed_by) for row in report.mutants)
    by_hand = sum(report.by_hand.values())
    summary = Table("check", "result", "wanted", title=f"Audit of {report.unit}", title_justify="left")
    for row in [
        ("worked solution", f"{report.solution:g} points, {by_hand:g} by hand", f"{report.full:g}"),
        ("untouched stub", f"{report.stub:g} points", "0"),
        (
            "other right solutions",
            f"{full} of {len(report.alternatives)} full",
            f"all, at least {ALTERNATIVES}",
        ),
        ("known mistakes", f"{noticed} of {len(report.mistakes)} lose points", "all"),
        ("right hint shown", f"{shown} of {len(report.mistakes)} ({report.right_hints:.0%})", f"{HINTS:.0%}"),
        ("mutants killed", f"{killed} of {len(report.mutants)} ({report.killed:.1%})", f"{KILLED:.0%}"),
        ("time", f"{report.seconds:.1f} s", ""),
    ]:
        summary.add_row(*map(Text, row))

    mistakes = Table("mistake", "lost", "also lost in task", "hint", title="Known mistakes", title_justify="left")
    for row in report.mistakes:
        also = ", ".join(f"{task} ({points:g})" for task, points in row.also.items())
        mistakes.add_row(Text(row.name), f"{row.lost:g}", also, "shown" if row.hint_shown else "not shown")

    survivors = Table("mutant", "why no test can kill it", title="Surviving mutants", title_justify="left")
    for row in report.mutants:
        if not row.killed_by:
            survivors.add_row(Text(row.name), Text(row.reason or "(no reason given)"))

    findings = [Text(f"finding: {text}") for text in report.findings] or [Text("clean: no findings")]
    return Group(summary, mistakes, survivors, *findings)
