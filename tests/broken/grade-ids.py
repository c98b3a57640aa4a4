"""Grade ids that say nothing, stand twice or belong to no task."""

from tiny import also, cell, given, prose


def made_up_by_a_toolbar(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "imports").metadata.nbgrader.grade_id = "cell-4f9a8b21c0de77aa"


def upper_case(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "imports").metadata.nbgrader.grade_id = "Imports_1"


def prose_that_is_called_a_test(tiny):
    with tiny.edit_master() as nb:
        nb.cells.append(prose("test-1-double-3", "Well done."))


def test_without_a_number_of_its_own(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "test-1-double-1").metadata.nbgrader.grade_id = "test-1-double"


def task_without_a_question(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "question-1-double").metadata.nbgrader.grade_id = "about-doubling"


def test_of_another_task(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "test-1-double-2").metadata.nbgrader.grade_id = "test-1-triple-1"


# nbgrader refuses to derive anything from such a master.
@also("drift", "canonical")
def the_same_twice(tiny):
    with tiny.edit(tiny.unit.source) as nb:
        nb.cells.append(given("imports", "import math"))
