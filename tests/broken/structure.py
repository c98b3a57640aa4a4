"""Lectures without the parts that every lecture has."""

from nbformat.v4 import new_markdown_cell
from tiny import cell


def no_title(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        title = cell(nb, "title")
        title.source = title.source.replace("# Doubling", "Doubling")


def no_goals(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        title = cell(nb, "title")
        title.source = title.source.replace("**Goals.** You can double a number.", "Doubling.")


def no_minutes(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        title = cell(nb, "title")
        title.source = title.source.replace("About 5 minutes.", "Short.")


def no_take_away(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "end").source = cell(nb, "end").source.replace("## Take away", "## The end")


def two_questions(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        end = cell(nb, "end")
        end.source = end.source[: end.source.index("**3.**")]


def four_questions(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        question = cell(nb, "end").source.partition("**3.**")[2]
        nb.cells.append(new_markdown_cell("**4.**" + question, id="more"))


def answer_that_is_not_folded(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        end = cell(nb, "end")
        end.source = end.source.replace("<details>", "", 1).replace("</details>", "", 1)


def long_cell(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").source = "\n".join(f"print({number})" for number in range(21))
