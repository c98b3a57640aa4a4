"""A helper that loads more than a student's notebook needs."""


def helper_that_loads_tensorflow(tiny):
    (tiny.root / "tensorflow.py").write_text("")
    (tiny.root / "helpers/light.py").write_text("import tensorflow\n")


def helper_that_loads_the_grading(tiny):
    (tiny.root / "helpers/grading").mkdir()
    (tiny.root / "helpers/grading/__init__.py").write_text("")
    (tiny.root / "helpers/light.py").write_text("from helpers import grading\n")


def helper_that_cannot_be_imported(tiny):
    (tiny.root / "helpers/light.py").write_text("import nothing_of_this_name\n")
