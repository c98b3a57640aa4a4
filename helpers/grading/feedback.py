"""The page that a student gets back: points, what failed and why; never a hidden test's source."""

import re

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from . import master
from .score import Result, score, shown, without_colours

_CELL_FRAME = re.compile(r"Cell In\[(\d+)\]")


def hide_tests(nb: NotebookNode) -> NotebookNode:
    """A copy of an executed notebook without hidden tests, mark schemes and the traces of both in tracebacks."""
    nb = master.run(nb, master.HIDE)
    tests = {cell.execution_count for cell in nb.cells if master.is_test(cell)}
    for cell in filter(master.is_test, nb.cells):
        for output in cell.outputs:
            if output.output_type == "error":
                output.traceback = student_frames(output.traceback, tests) or [
                    f"{output.ename}: {output.evalue}"
                ]
    return nb


def student_frames(traceback: list[str], tests: set[int]) -> list[str]:
    """The parts of IPython's traceback that show the student's own cells, and its last line."""
    frames = []
    for part in traceback[:-1]:
        found = _CELL_FRAME.search(without_colours(part))
        if found and int(found[1]) not in tests:
            frames.append(part)
    return frames + traceback[-1:]


def summary(nb: NotebookNode, results: list[Result], penalty: float = 0.0) -> str:
    """Points per task, the late `penalty`, failed checks with their hints, and what was repaired, as Markdown."""
    names, maxima = master.task_names(nb), master.points(nb)
    earned: dict[int, list] = {task: [] for task in maxima}
    for cell, result in zip(filter(master.is_grade, nb.cells), results, strict=True):
        marked = cell.metadata.nbgrader.get("score")
        waits = result.points is None and not marked
        earned[result.task].append(None if waits else marked if marked is not None else result.points)
    total = sum(value or 0 for values in earned.values() for value in values) - penalty
    lines = [f"# Your result: {shown(total)} of {shown(sum(maxima.values()))} points", ""]
    lines += ["| Task | | Points | of |", "| --- | --- | --- | --- |"]
    for task, values in earned.items():
        sum_shown = "still to be marked" if None in values else shown(sum(values))
        lines.append(f"| {task} | {names[task]} | {sum_shown} | {shown(maxima[task])} |")
    if penalty:
        lines += ["", f"{shown(penalty)} points were taken off because the submission was late."]
    failed = [result for result in results if result.message]
    if failed:
        lines += ["", "## What to look at", ""]
        for result in failed:
            lines += [f"**Task {result.task}, {names[result.task]}**", "", *code_block(result.message), ""]
    notes = nb.metadata.get("nn_course", {}).get("notes", [])
    if notes:
        lines += ["", "## Noticed when your notebook was read", "", *(f"- {escape(note)}" for note in notes)]
    return "\n".join(lines)


def code_block(message: str) -> list[str]:
    """`message` as an indented Markdown block: no fence that its text could close, nothing in it is interpreted."""
    return ["    " + line for line in message.splitlines()]


def escape(text: str) -> str:
    """`text` with everything that Markdown or HTML would interpret made literal."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|$<>&~])", lambda found: f"&#{ord(found[1])};", text)


class Explain(NbGraderPreprocessor):
    """For `GenerateFeedback.preprocessors`, after GetGrades: hide the tests and put the summary on top."""

    def preprocess(self, nb, resources):
        results = score(nb)
        page = hide_tests(nb)
        text = summary(nb, results, resources["nbgrader"]["late_penalty"])
        page.cells.insert(0, new_markdown_cell(text, id="result"))
        return page, resources
