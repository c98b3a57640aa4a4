"""Tests that show a value, which stock nbgrader takes for partial credit."""

from tiny import cell

UNCHANGED = 'check.unchanged("left alone", double, 2, hint="Change nothing.")'


def in_what_students_see(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "test-1-double-1").source += "\n" + UNCHANGED


def in_hidden_tests(tiny):
    with tiny.edit_master() as nb:
        test = cell(nb, "test-1-double-2")
        test.source = test.source.replace("### END HIDDEN TESTS", UNCHANGED + "\n### END HIDDEN TESTS")
