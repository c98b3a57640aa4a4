"""What students must not see, where they see it."""

from nbformat.v4 import new_output
from tiny import also, cell


# Whoever edits what is derived by hand drifts from the master as well.
@also("drift")
def hidden_test_in_the_release(tiny):
    with tiny.edit(tiny.unit.release) as nb:
        cell(nb, "test-1-double-2").source += '\ncheck.scalar("minus two", double(-2), -4, hint="Mind the sign.")'


@also("drift")
def marker_in_the_release(tiny):
    with tiny.edit(tiny.unit.release) as nb:
        cell(nb, "test-1-double-2").source += "\n### BEGIN HIDDEN TESTS"


@also("drift")
def solution_in_the_release(tiny):
    with tiny.edit(tiny.unit.release) as nb:
        cell(nb, "task-1-double").source += "\n        twice_the_number = x + x  # so simple"


@also("drift")
def model_answer_in_the_release(tiny):
    with tiny.edit(tiny.unit.release) as nb:
        cell(nb, "task-2-why").source = "Adding a number to itself gives twice the number."


@also("drift")
def mark_scheme_in_the_release(tiny):
    with tiny.edit(tiny.unit.release) as nb:
        cell(nb, "question-2-why").source += "\n4 points for naming the addition."


@also("drift")
def mark_scheme_in_the_solution(tiny):
    with tiny.edit(tiny.unit.solution) as nb:
        cell(nb, "question-2-why").source += "\n4 points for naming the addition."


def hidden_test_in_an_output_of_the_solution(tiny):
    with tiny.edit(tiny.unit.solution) as nb:
        told = 'line 3: check.scalar("minus two", double(-2), -4, hint="Mind the sign.")'
        cell(nb, "test-1-double-2").outputs = [new_output("stream", text=told)]


def grading_in_a_lecture(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").source = "def later():\n    from helpers.grading import master"
