"""A student's notebook that asks for more than Colab has."""


def package_newer_than_colabs(tiny):
    tiny.replace("tests/colab-versions.txt", "numpy==2.0.2", "numpy==1.25.9")


def package_that_colab_does_not_have(tiny):
    tiny.replace("tests/colab-versions.txt", "numpy==2.0.2\n", "")


def python_newer_than_colabs(tiny):
    tiny.replace("tests/colab-versions.txt", "python==3.12.13", "python==3.10.12")


def versions_without_a_date(tiny):
    tiny.replace("tests/colab-versions.txt", "# date: 2026-06-02\n", "")


def versions_missing(tiny):
    (tiny.root / "tests/colab-versions.txt").unlink()
