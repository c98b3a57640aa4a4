"""Graded tests that give their points for nothing."""

from tiny import cell, test


def test_that_asks_nothing_of_the_student(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "test-1-double-1").source = 'check.scalar("six", 2 * 3, 6, hint="Six.")'


def test_that_swallows_the_failure(tiny):
    with tiny.edit_master() as nb:
        source = cell(nb, "test-1-double-1").source
        cell(nb, "test-1-double-1").source = f"try:\n    {source}\nexcept Exception:\n    pass"


def test_without_a_check(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "test-1-double-1").source = "assert double(3) == 6"


def hidden_part_that_is_empty(tiny):
    with tiny.edit_master() as nb:
        visible = cell(nb, "test-1-double-1").source
        comment = '# check.scalar("one", double(1), 2, hint="")'
        hidden = f"{visible}\n### BEGIN HIDDEN TESTS\n{comment}\n### END HIDDEN TESTS"
        cell(nb, "test-1-double-2").source = hidden


def test_that_fails_for_another_reason(tiny):
    with tiny.edit_master() as nb:
        source = cell(nb, "test-1-double-1").source
        cell(nb, "test-1-double-2").source = f'result = locals()["double"].twice\n{source}'
        task = cell(nb, "task-1-double")
        task.source += "\n\n### BEGIN SOLUTION\ndouble.twice = True\n### END SOLUTION"


def test_of_one_task_that_stops_at_another(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "test-1-double-2").metadata.nbgrader.points = 9
        third = test("test-2-why-1", 1, 'check.scalar("one", double(1), 2, hint="Add.")')
        cell(nb, "task-2-why").metadata.nbgrader.points = 4
        nb.cells.append(third)
        question, intro = cell(nb, "question-1-double"), cell(nb, "intro")
        question.source = question.source.replace("(16 points)", "(15 points)")
        intro.source = intro.source.replace("| 16 |", "| 15 |").replace("| 4 |", "| 5 |")
        cell(nb, "question-2-why").source = cell(nb, "question-2-why").source.replace("(4 points)", "(5 points)")
