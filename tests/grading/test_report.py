"""The report on the class, for a small class whose every number is known."""

import base64
import datetime
import importlib.util
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output
from nbgrader.api import Gradebook

from helpers.grading import build, cli, master, record, report
from helpers.grading.course import Course, CourseError

ROOT = Path(__file__).resolve().parents[2]
UNIT = "01-double"
HOSTILE = "<b>Eve</b>{{ 7 * 7 }}"
HINT = """Check "three" failed.
    got       3 (int)
    expected  6 (int)
    differs   got 3
    hint      Add x to
              itself."""
OTHER = HINT.replace("three", "<u>four</u>").replace("Add x to\n              itself.", "<script>alert(1)</script>")


def load_tiny():
    if "tiny" not in sys.modules:
        spec = importlib.util.spec_from_file_location("tiny", ROOT / "tests" / "broken" / "tiny.py")
        sys.modules["tiny"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["tiny"])
    return sys.modules["tiny"]


def failed(text, name="CheckFailed"):
    return new_output("error", ename=name, evalue=text, traceback=[])


def graded_as(source, first=None, second=None, answer="Because.", **said):
    """An executed notebook: what the two tests raised, and what was written."""
    nb = master.stub_master(source)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
        raised = {"test-1-double-1": first, "test-1-double-2": second}.get(master.grade_id(cell))
        if raised:
            cell.outputs = [raised]
        if master.grade_id(cell) == "task-2-why" and answer:
            cell.source = answer
    nb.metadata["nn_course"] = {"flags": [], "notes": [], "seconds": 1.0} | said
    return nb


def make(root):
    load_tiny().Tiny(root).create()
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return Course(root).unit(UNIT)


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    unit = make(tmp_path_factory.mktemp("report"))
    build.register(unit)
    source = master.read(unit.source)
    still_open = failed("Task 1, double, is still open.", "NotImplementedError")
    class_ = {
        "ada": graded_as(source, seconds=4.0),
        "bob": graded_as(source, failed(HINT), failed(HINT.replace("three", "zero"))),
        HOSTILE: graded_as(
            source, failed(HINT), failed(OTHER), flags=["<i>check</i> was changed"], notes=["a <s>note"]
        ),
        "dan": graded_as(source, still_open, still_open, answer=""),
        "err": graded_as(source, None, failed("name 'y' is not defined", "NameError")),
    }
    directory = unit.course.directory()
    due = datetime.datetime(2026, 10, 12, 22, 0)
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate=due)
        for student, nb in class_.items():
            folder = unit.course.root / "autograded" / student.replace("/", "∕") / UNIT
            folder.mkdir(parents=True)
            nbformat.write(nb, folder / "double.ipynb")
            where = {"student": folder.parent.name, "assignment": UNIT, "notebook": "double"}
            late = {"timestamp": due + datetime.timedelta(hours=2)} if student == "ada" else {}
            record.save(gradebook, unit.course.config(), where, nb, **late)
        gradebook.update_or_create_student("nobody")
        mark = gradebook.find_grade("task-2-why", "double", UNIT, "bob")
        mark.manual_score, mark.needs_manual_grade = 3, False
        gradebook.db.commit()
    gone = unit.course.root / "autograded" / "gone" / UNIT
    gone.mkdir(parents=True)
    (gone / "not-graded.txt").write_text("not JSON from line 1 on & <b>\n")
    (unit.course.root / "submitted" / "gone" / UNIT).mkdir(parents=True)
    return unit


@pytest.fixture(scope="module")
def soup(unit):
    text = report.write(unit).read_text()
    html5lib.HTMLParser(strict=True).parse(text)
    return BeautifulSoup(text, "html.parser")


def words(tag):
    return " ".join(tag.get_text(" ").split())


def table(tag):
    return [[words(entry) for entry in row(["td", "th"])] for row in tag.select("tbody tr")]


def section(soup, heading):
    """The words between this heading and the next one."""
    [start] = [tag for tag in soup(["h2", "h3"]) if words(tag) == heading]
    found = []
    for tag in start.find_next_siblings():
        if tag.name in ("h2", "h3"):
            break
        found.append(words(tag))
    return " ".join(found)


def eve():
    return HOSTILE.replace("/", "∕")


def test_who_was_graded(soup):
    assert words(soup.select_one(".total")) == "5 graded , 1 not graded, 1 handed in nothing"
    assert section(soup, "Not graded") == (
        "No points were recorded, and no zero. gone: not JSON from line 1 on & <b> Nothing was handed in by nobody."
    )


def test_points(soup):
    # ada 16, bob 0 + 3 by a person, Eve 0, dan 0, err 6
    assert "Mean 5.0, median 3 of 20 points" in section(soup, "Points")
    assert "3 students have written answers that are not marked yet" in section(soup, "Points")
    tasks = soup("table")[0]
    assert table(tasks) == [
        ["1", "twice a number", "4.4 of 16", "", "1", "3", "1", "0"],
        ["2", "why it works", "1.5 of 4", "", "0", "1", "1", "3"],
    ]
    widths = [bar["style"] for bar in tasks.select(".bar span")]
    assert widths == ["width: 27.5%", "width: 37.5%"]


def test_a_hint_counts_each_student_once_and_is_grouped_over_checks(soup):
    assert table(soup("table")[1]) == [
        ["1", "Add x to itself. Checks: three; zero", f"2 students {eve()}, bob"],
        ["1", "<script>alert(1)</script> Checks: <u>four</u>", f"1 student {eve()}"],
    ]
    assert [bar["style"] for bar in soup("table")[1].select(".bar span")] == ["width: 40.0%", "width: 20.0%"]


def test_an_error_without_a_hint_is_listed_apart_and_open_tasks_are_no_error(soup):
    assert table(soup("table")[2]) == [["1", "NameError: name 'y' is not defined", "1 student err"]]
    assert len(soup("table")) == 3


def test_what_a_person_has_to_look_at(soup):
    waiting = section(soup, "Written answers that wait")
    assert f"Task 2, why it works (4 points): 3 students {eve()}, ada, err" in waiting
    assert "jupyter lab" in waiting
    assert section(soup, "Flagged").endswith(f"{eve()} <i>check</i> was changed")
    assert section(soup, "Late") == "ada: by 2:00:00"
    assert section(soup, "Repaired while reading") == f"1 submission {eve()}: a <s>note"


def test_time(soup):
    said = section(soup, "Time")
    assert "not the students'" in said
    assert "All together 8 s, median 1.0 s; longest: ada 4.0 s," in said


def test_figures_are_drawn_inline_and_told_in_words(soup):
    figures = soup("img")
    for figure in figures:
        picture = base64.b64decode(figure["src"].removeprefix("data:image/svg+xml;base64,"))
        assert ElementTree.fromstring(picture).tag.endswith("svg")
    totals, tasks, seconds = [figure["alt"] for figure in figures]
    assert totals.endswith("2 with 0, 1 with 3, 1 with 6, 1 with 16.")
    assert tasks.endswith("task 1: 3 with 0, 1 with 6, 1 with 16; task 2: 1 with 0, 1 with 3, 0 with 4.")
    assert seconds.startswith("Histogram of the running times of 5 notebooks, 1.0 to 4.0 seconds; most, 4,")


def test_nothing_acts_and_nothing_is_fetched(soup):
    assert not soup(["script", "iframe", "link", "u", "s", "i", "b"])
    assert "49" not in words(soup)
    assert not [tag for tag in soup(src=True) if not tag["src"].startswith("data:")]
    assert not re.search(r'(?:href|src)="?https?:', str(soup))


def test_the_report_is_the_same_each_time(unit, soup):
    assert BeautifulSoup(report.write(unit).read_text(), "html.parser") == soup


def test_only_so_many_rows_are_shown_and_the_rest_is_counted(unit):
    found = report.gather(unit)
    for number in range(report.MOST + 3):
        found.told[1, f"hint {number}", True] = report.Told(1, f"hint {number}", True, set(), ["ada"])
    soup = BeautifulSoup(report.html(unit, found), "html.parser")
    assert len(table(soup("table")[1])) == report.MOST
    assert "5 further ones were shown to at most 1 of the students each." in words(soup)


def test_before_grading_it_says_what_to_do(tmp_path):
    unit = make(tmp_path)
    build.register(unit)
    with pytest.raises(CourseError, match="Nothing is graded yet. Run: course grade 01-double"):
        report.write(unit)
    assert not (tmp_path / "reports").exists()


def test_a_class_without_any_grade_still_gets_its_report(tmp_path):
    unit = make(tmp_path)
    build.register(unit)
    folder = tmp_path / "autograded" / "gone" / UNIT
    folder.mkdir(parents=True)
    (folder / "not-graded.txt").write_text("empty file\n")
    (tmp_path / "submitted" / "gone" / UNIT).mkdir(parents=True)
    assert "Nothing has points yet." in report.write(unit).read_text()


def test_the_command(unit, monkeypatch, capsys):
    monkeypatch.chdir(unit.course.root)
    monkeypatch.setattr(sys, "argv", ["course", "report"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert not stop.value.code
    assert "reports/01-double.html" in "".join(capsys.readouterr().out.split())
