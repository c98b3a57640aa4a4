"""Notebooks that run too long, or not at all."""

from tiny import cell

from helpers.grading import shelf


def lecture_over_its_seconds(tiny):
    tiny.monkeypatch.setattr(shelf, "SECONDS", 2)
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").source = "import time\ntime.sleep(2.2)"


def lecture_that_never_ends(tiny):
    tiny.monkeypatch.setattr(shelf, "SECONDS", 2)
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").source = "while True:\n    pass"


def lecture_that_fails(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").source = "twice = 2 * tree"


def solution_that_fails(tiny):
    with tiny.edit_master() as nb:
        task = cell(nb, "task-1-double")
        task.source = task.source.replace("x + x", "x + y")
