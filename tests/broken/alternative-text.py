"""Figures and images that a screen reader cannot describe."""

from nbformat.v4 import new_output
from tiny import cell


def figure_without(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").outputs[0].metadata = {}


def figure_with_a_word(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").outputs[0].metadata = {"image/png": {"alt": "Figure 1"}}


def vector_figure_without(tiny):
    with tiny.edit(tiny.unit.solution) as nb:
        drawing = new_output("display_data", data={"image/svg+xml": "<svg/>"})
        cell(nb, "test-1-double-1").outputs = [drawing]


def image_in_prose(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "end").source += "\n\n![](neuron.png)"


def image_tag_in_prose(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "question-2-why").source += '\n\n<img width="300" src="neuron.png">'


def image_tag_in_an_output(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").outputs.append(new_output("display_data", data={"text/html": '<img src="a.png">'}))
