"""Derived notebooks that do not follow from their master, or not from the address in pyproject.toml."""

from nbformat.v4 import new_output
from tiny import cell


def release_edited_by_hand(tiny):
    with tiny.edit(tiny.unit.release) as nb:
        cell(nb, "question-1-double").source += "\n\nA hint, written into the wrong file."


def solution_edited_by_hand(tiny):
    with tiny.edit(tiny.unit.solution) as nb:
        cell(nb, "imports").source += "\nimport math"


def master_changed_and_not_built(tiny):
    with tiny.edit(tiny.unit.source) as nb:
        cell(nb, "question-1-double").source += "\n\nNegative numbers too."


def release_missing(tiny):
    tiny.unit.release.unlink()


def solution_missing(tiny):
    tiny.unit.solution.unlink()


def lecture_missing(tiny):
    tiny.unit.lecture.unlink()


def stored_error_in_the_solution(tiny):
    with tiny.edit(tiny.unit.solution) as nb:
        error = new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
        cell(nb, "test-1-double-1").outputs = [error]


def lecture_executed_out_of_order(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").execution_count = 7


def lecture_without_the_setup_cell(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "setup").source = "import helpers"


def lecture_without_a_badge(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        title = cell(nb, "title")
        title.source = "\n".join(line for line in title.source.split("\n") if "colab" not in line)


def badge_that_opens_the_master(tiny):
    with tiny.edit_master() as nb:
        intro = cell(nb, "intro")
        intro.source = intro.source.replace("/release/", "/source/")


def link_to_another_repository(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "end").source += "\n\n[Assignment](https://github.com/someone/fork/blob/main/release)"


def readme_links_to_another_repository(tiny):
    tiny.replace("README.md", "tiny/course", "someone/fork")


def master_that_nbgrader_cannot_read(tiny):
    with tiny.edit(tiny.unit.source) as nb:
        task = cell(nb, "task-1-double")
        task.source = task.source.replace("    ### END SOLUTION", "")
