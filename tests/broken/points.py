"""Stated points that are not the graded ones."""

from tiny import cell


def in_a_heading(tiny):
    with tiny.edit_master() as nb:
        question = cell(nb, "question-1-double")
        question.source = question.source.replace("(16 points)", "(15 points)")


def heading_without_points(tiny):
    with tiny.edit_master() as nb:
        question = cell(nb, "question-2-why")
        question.source = question.source.replace(" (4 points)", "")


def in_the_table(tiny):
    with tiny.edit_master() as nb:
        intro = cell(nb, "intro")
        intro.source = intro.source.replace("| 16 |", "| 12 |")


def no_table(tiny):
    with tiny.edit_master() as nb:
        intro = cell(nb, "intro")
        intro.source = intro.source.split("| Task")[0]


def in_the_total(tiny):
    with tiny.edit_master() as nb:
        intro = cell(nb, "intro")
        intro.source = intro.source.replace("**20 points", "**19 points")


def not_twenty(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "test-1-double-1").metadata.nbgrader.points = 7
        question, intro = cell(nb, "question-1-double"), cell(nb, "intro")
        question.source = question.source.replace("(16 points)", "(17 points)")
        intro.source = intro.source.replace("| 16 |", "| 17 |").replace("**20 points", "**21 points")
