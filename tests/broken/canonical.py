"""Notebooks that are not in the one form in which they are stored."""

from tiny import also, cell

from helpers.grading import master


def other_indentation(tiny):
    text = tiny.unit.lecture.read_text()
    tiny.unit.lecture.write_text(text.replace("\n ", "\n  "))


def metadata_of_an_editor(tiny):
    for path in (tiny.unit.lecture, tiny.unit.source, tiny.unit.release, tiny.unit.solution):
        text = path.read_text()
        path.write_text(text.replace('"kernelspec": {', '"colab": {},\n  "kernelspec": {'))


def cell_id_that_is_not_the_grade_id(tiny):
    tiny.replace("source/01-double/double.ipynb", '"id": "setup"', '"id": "8f3a"')


def outputs_in_the_master(tiny):
    with tiny.edit(tiny.unit.source) as nb:
        cell(nb, "imports").execution_count = 3


def a_cell_of_the_master_that_nbgrader_does_not_know(tiny):
    with tiny.edit_master() as nb:
        del cell(nb, "imports").metadata["nbgrader"]


@also("drift")
def truncated_file(tiny):
    text = master.text(master.read(tiny.unit.source))
    tiny.unit.source.write_text(text[: len(text) // 2])
