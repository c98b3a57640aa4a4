"""Every rule rejects what breaks it, and only that; the course itself breaks none."""

import importlib.util
import random
import shutil
import string
import sys
import time
from pathlib import Path

import pytest

from helpers.grading import gates
from helpers.grading.course import Course, CourseError

ROOT = Path(__file__).resolve().parents[2]
BROKEN = ROOT / "tests" / "broken"


def load(name):
    spec = importlib.util.spec_from_file_location(name, BROKEN / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tiny = sys.modules["tiny"] = load("tiny")  # the fixtures import it
BREAKAGES = [
    pytest.param(rule, function, id=f"{rule}: {name.replace('_', ' ')}")
    for rule in sorted(path.stem for path in BROKEN.glob("*.py") if path.stem != "tiny")
    for name, function in vars(load(rule)).items()
    if getattr(function, "__module__", None) == rule
]


@pytest.fixture(scope="module")
def clean_course(tmp_path_factory):
    root = tmp_path_factory.mktemp("tiny")
    tiny.Tiny(root).create()
    return root


def test_the_tiny_course_is_clean(clean_course):
    assert gates.check(Course(clean_course), ["01-double"]) == []


@pytest.mark.parametrize(("rule", "break_it"), BREAKAGES)
def test_only_its_rule_rejects_what_is_broken(rule, break_it, clean_course, tmp_path, monkeypatch):
    course = tiny.Tiny(shutil.copytree(clean_course, tmp_path / "course"), monkeypatch)
    break_it(course)
    findings = gates.check(course.course, ["01-double"])
    assert {finding.rule for finding in findings} == {rule} | getattr(break_it, "also", set()), findings


def test_every_rule_has_a_fixture():
    assert {param.values[0] for param in BREAKAGES} == set(gates.RULES)


def test_a_finding_names_file_cell_and_remedy(clean_course, tmp_path):
    course = tiny.Tiny(shutil.copytree(clean_course, tmp_path / "course"))
    with course.edit(course.unit.lecture) as nb:
        tiny.cell(nb, "double").outputs[0].metadata = {}
    [finding] = gates.check(course.course, ["01-double"])
    assert finding.where == "notebooks/01-double.ipynb, cell double"
    assert "plot.show(fig, alt=...)" in finding.what


def test_addresses_formulas_and_relative_paths_are_no_absolute_paths():
    harmless = [
        "https://example.org/home/ada/page.html",
        "https://example.org/usr/lib",
        "notebooks/01-perceptron.ipynb",
        "data/tmp/digits.npz",
        "../home/ada",
        "~/course",
        "$f: X \\to Y$, $F:\\mathbb{R} \\to \\mathbb{R}$",
        "and/or, 1/2",
    ]
    assert [text for text in harmless if gates.notebook_rules.ABSOLUTE_PATH.search(text)] == []


def test_a_long_picture_in_an_output_takes_no_time():
    letters = string.ascii_letters + string.digits + "+"
    picture = "".join(random.Random(0).choices(letters, k=1_000_000))
    start = time.monotonic()
    assert not gates.notebook_rules.ABSOLUTE_PATH.search(picture)
    assert time.monotonic() - start < 5


def test_letters_of_an_encoded_picture_are_no_path():
    output = {"image/png": "/tmp/abc", "text/html": '<img src="data:image/png;base64,/tmp/abc==" alt="A line">'}
    assert list(gates.strings(output)) == ['<img src="data:image/png;base64," alt="A line">']


def test_an_unknown_unit_is_an_error_that_lists_the_known_ones(clean_course):
    with pytest.raises(CourseError, match="01-double"):
        gates.check(Course(clean_course), ["99-nothing"])


@pytest.mark.parametrize("unit", [unit.name for unit in Course(ROOT).units])
def test_the_course_breaks_no_rule(unit):
    assert gates.check(Course(ROOT), [unit]) == []
