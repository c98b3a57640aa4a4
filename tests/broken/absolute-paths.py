"""Paths that exist on one machine only."""

from nbformat.v4 import new_output
from tiny import cell


def home_folder_in_an_output(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").outputs.append(new_output("stream", text="loaded /home/ada/data/digits.npz\n"))


def installed_python_in_a_warning(tiny):
    with tiny.edit(tiny.unit.solution) as nb:
        text = "../venv/lib/python3.11/site-packages/numpy/core.py:3: RuntimeWarning: overflow"
        cell(nb, "test-1-double-1").outputs = [new_output("stream", name="stderr", text=text)]


def temporary_folder_in_code(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "double").source = 'folder = "/tmp/digits"'


def drive_in_the_master(tiny):
    with tiny.edit_master() as nb:
        cell(nb, "question-1-double").source += "\n\nOpen `C:\\Users\\ada\\digits.npz`."


def file_address_in_prose(tiny):
    with tiny.edit(tiny.unit.lecture) as nb:
        cell(nb, "end").source += "\n\n[Slides](file:///slides.pdf)"


def in_the_readme(tiny):
    tiny.replace("README.md", "# Tiny", "# Tiny\n\nThe clone lies in /srv/course.")


def in_the_docs(tiny):
    tiny.replace("docs/guide.md", "in your clone", "in /Users/ada/course")
