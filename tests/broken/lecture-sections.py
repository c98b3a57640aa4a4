"""Questions that lead to no section of the lecture."""

from tiny import cell


def no_section(tiny):
    with tiny.edit_master() as nb:
        del cell(nb, "question-1-double").metadata["lecture"]


def a_cell_that_is_not_there(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "question-2-why").metadata["lecture"]["cell"] = "thrice"


def a_cell_without_a_heading(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "question-2-why").metadata["lecture"] = {"cell": "double", "section": "1 Twice a number"}


def a_heading_that_was_changed(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "twice").source = "## 1 Doubling\n\nAdd it to itself."
