"""axe-core finds nothing serious in what people open: lectures, an assignment, feedback, the report; and contrast.

The pages of this course must have no finding at all. Lectures are rendered by nbconvert, whose theme has faults of its
own: they are left out by name below, so that a fault of a lecture's own is still found.
"""

import shutil
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgb
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from helpers.grading import demo, feedback, master, page, report
from helpers.grading.course import Course
from helpers.grading.results import MISSING, Row
from helpers.grading.score import score

COURSE = Course(Path(__file__).resolve().parents[1])
CHROMIUM = shutil.which("chromium")
UNIT = "05-pooling"
FAILED = """Check "an image of 3 x 7" failed.
    got       shape (2, 2), float: [[1.0 2.0]
                                    [3.0 4.0]]
    expected  shape (1, 3), float: [[1.0 2.0 3.0]]
    differs   in shape: got (2, 2), expected (1, 3)
    hint      Height and width each have a size of their own."""

# nbconvert's prompts In [1] have a contrast of 2.2, and its colours of Python one of 4.4 and more.
NBCONVERT_PALE = [".jp-InputPrompt", ".jp-OutputPrompt", ".highlight"]
# Its theme, which is JupyterLab's, underlines a link when the mouse is over it and not before.
NBCONVERT_RULES = {"link-in-text-block": {"enabled": False}}

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine to open pages in")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def findings(browser, path, scheme="light", exclude=(), rules=None):
    """axe-core's findings as (impact, rule, element), and the addresses that the page asked for."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": 1200, "height": 900})
    asked = []
    context.route("http*://**", lambda route: (asked.append(route.request.url), route.abort()))
    tab = context.new_page()
    tab.goto(path.resolve().as_uri(), wait_until="domcontentloaded")
    where = {"exclude": [[selector] for selector in exclude]} if exclude else None
    options = {"resultTypes": ["violations"], "rules": rules or {}}
    violations = Axe().run(tab, context=where, options=options).response["violations"]
    context.close()
    return [
        (found["impact"], found["id"], node["html"][:200]) for found in violations for node in found["nodes"]
    ], asked


def serious(found):
    return [finding for finding in found if finding[0] in ("serious", "critical")]


def rendered(nb, path, theme="light"):
    """Written as `jupyter nbconvert --to html` does."""
    path.write_text(
        HTMLExporter(template_name="lab", theme=theme).from_notebook_node(nb, {"metadata": {"name": "x"}})[0]
    )
    return path


def lecture_findings(browser, path):
    return serious(findings(browser, path, exclude=NBCONVERT_PALE, rules=NBCONVERT_RULES)[0])


def handed_back():
    """The feedback page of unit 05: solved, with figures, two failed checks, one open task, a comment, a repair."""
    unit = COURSE.unit(UNIT)
    nb = master.stub_master(demo.hand_in(master.read(unit.source)))
    outputs = {cell.id: cell for cell in master.read(unit.solution).cells if cell.cell_type == "code"}
    for cell in nb.cells:
        if cell.id in outputs:
            cell.outputs, cell.execution_count = outputs[cell.id].outputs, outputs[cell.id].execution_count
    tests = [cell for cell in nb.cells if master.is_test(cell)]
    for cell, name, text in zip(
        tests,
        ("CheckFailed", "ZeroDivisionError", "NotImplementedError"),
        (FAILED, "division by zero", "Task 2, to_grayscale, is still open."),
        strict=False,
    ):
        frame = ["Cell In[9], line 2\n----> 2     return 1 / 0", f"{name}: {text}"]
        cell.outputs = [new_output("error", ename=name, evalue=text, traceback=frame)]
    mine = new_output("execute_result", data={"text/html": "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>"})
    nb.cells.append(new_code_cell("%time table  # mine", outputs=[mine, new_output("stream", text="done\n")]))
    nb.cells.append(new_markdown_cell("# My notes\n\n[a link](https://example.org) and `code`\n\n- [x] done"))
    next(filter(master.is_written, nb.cells)).metadata.nbgrader["comment"] = "Well argued."
    nb.metadata["nn_course"] = {"notes": ["Saved by Colab."]}
    told = feedback.outcome(nb, score(nb), {}, penalty=0.5)
    return page.render("feedback.html.j2", nb=feedback.hide_tests(nb), outcome=told, unit=UNIT, student="Ada")


def class_report():
    rows = [
        Row("ada", {1: 3.0, 2: None}, penalty=0.5, late=3600),
        Row("bob", {1: 0.0, 2: None}),
        Row("eve", remarks=["not graded: empty file"], graded=False),
        Row("dan", remarks=[MISSING], graded=False),
    ]
    twice = report.Task(1, "twice", 3.0, [3.0, 0.0], left_open=["bob"])
    why = report.Task(2, "why", 4.0, waiting=["ada", "bob"])
    hint = report.Told(1, "Add x.", True, {"three"}, ["bob"])
    error = report.Told(1, "NameError: y", False, set(), ["bob"])
    found = report.Class(
        rows, {1: twice, 2: why}, {1: hint, 2: error}, flags={"bob": ["check.array was changed"]},
        repaired={"ada": ["Saved by Colab."]}, seconds={"ada": 1.0, "bob": 2.5},
    )  # fmt: skip
    return report.html(COURSE.unit(UNIT), found)


PAGES = {
    "feedback": handed_back,
    "not-graded": lambda: page.render("not-graded.html.j2", unit=UNIT, student="Ada", reason="The file is damaged."),
    "report": class_report,
}


@needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_the_courses_own_pages_have_no_finding_and_fetch_nothing(browser, tmp_path, name):
    path = tmp_path / f"{name}.html"
    path.write_text(PAGES[name]())
    for scheme in ("light", "dark"):
        found, asked = findings(browser, path, scheme)
        assert found == [], scheme
        assert asked == []


@needs_chromium
@pytest.mark.parametrize("unit", [unit.name for unit in COURSE.units])
def test_a_lecture_has_no_serious_finding(browser, tmp_path, unit):
    nb = master.read(COURSE.unit(unit).lecture)
    path = rendered(nb, tmp_path / "lecture.html")
    assert "No description has been provided" not in path.read_text(), "nbconvert's words for a missing description"
    assert lecture_findings(browser, path) == []


@needs_chromium
def test_an_assignment_has_no_serious_finding(browser, tmp_path):
    assert lecture_findings(browser, rendered(master.read(COURSE.unit(UNIT).release), tmp_path / "release.html")) == []


@needs_chromium
def test_a_page_with_faults_is_rejected(browser, tmp_path):
    path = tmp_path / "broken.html"
    path.write_text('<img src="data:image/png;base64,AA=="><p style="color: #bbb">pale</p><input><table><th></table>')
    rules = {rule for _, rule, _ in serious(findings(browser, path)[0])}
    assert {"image-alt", "color-contrast", "html-has-lang", "document-title", "label"} <= rules


@needs_chromium
def test_a_lecture_with_faults_of_its_own_is_rejected(browser, tmp_path):
    nb = master.read(COURSE.unit("01-perceptron").lecture)
    nb.cells = nb.cells[:3]
    nb.cells.append(new_markdown_cell('<span style="color: #bbb">pale</span> <a href="https://example.org"></a>'))
    html = '<p style="color: #bbb">also pale</p><div role="slider">a slider</div>'
    nb.cells.append(new_code_cell("", outputs=[new_output("display_data", data={"text/html": html})]))
    found = lecture_findings(browser, rendered(nb, tmp_path / "broken.html"))
    assert {rule for _, rule, _ in found} >= {"color-contrast", "link-name", "aria-required-attr"}
    assert len([element for _, rule, element in found if rule == "color-contrast"]) == 2


def contrast(first, second):
    """The contrast of two colours by WCAG 2.2, 1 to 21."""
    lights = []
    for color in (first, second):
        channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
        lights.append(0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well-known near miss
    assert contrast("white", "#767676") == pytest.approx(4.54, abs=0.005)
    assert contrast("#E69F00", "white") < 3, "the orange of Okabe and Ito, too pale for a line"


def test_lines_and_text_in_figures_stand_out():
    with plt.style.context("helpers.course"):
        style = dict(matplotlib.rcParams)
    for color in style["axes.prop_cycle"].by_key()["color"]:
        assert contrast(color, style["figure.facecolor"]) >= 3, color
    for name in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color"):
        assert contrast(style[name], style["figure.facecolor"]) >= 4.5, name
