"""A released assignment in JupyterLab: a task is solved, and nbgrader's Validate says what is wrong with a hint."""

import re
import shutil
from pathlib import Path

import pytest
from jupyter_lab import errors, notebook, run_all
from playwright.sync_api import expect

from helpers.grading import demo, master

COURSE = Path(__file__).resolve().parents[2]
UNIT = "01-perceptron"
FILE = "perceptron.ipynb"
SOLUTION = "def step(phi):\n    return (np.asarray(phi) {} 0).astype(int)"
CHECK = 'Check "step below, at and above zero" failed.'
HINT = "hint      At exactly 0 the neuron is silent: use > and not >=."
NEXT_TASK = "Task 2, sigmoid, is still open."


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """What a student has: the released notebook, and here also one in which all tasks are solved."""
    folder = tmp_path_factory.mktemp("student")
    shutil.copy(COURSE / "release" / UNIT / FILE, folder)
    shutil.copy(COURSE / "release" / UNIT / FILE, folder / "wrong.ipynb")
    master.write(demo.hand_in(master.read(COURSE / "source" / UNIT / FILE)), folder / "solved.ipynb")
    return folder


def solve(page, panel, how):
    """Replace what the cell of task 1 holds."""
    task = panel.locator(".jp-CodeCell").filter(has_text=re.compile(r"def step\("))
    task.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(SOLUTION.format(how))
    expect(task.locator(".cm-content")).to_contain_text(f"{how} 0")


def press_validate(page, panel):
    more = panel.locator(".jp-Toolbar-responsive-opener")  # a narrow window has it behind three dots
    if more.is_visible():
        more.click()
    page.get_by_text("Validate", exact=True).click()


def validate(page, panel):
    """Press Validate; the text of the dialog that follows."""
    press_validate(page, panel)
    dialog = page.get_by_role("dialog").filter(has_text="Validation Results")
    text = dialog.inner_text()
    dialog.get_by_role("button", name="Ok").click()
    expect(dialog).to_have_count(0)
    return text


def test_validate_shows_the_hint_until_the_task_is_right(open_page):
    page = open_page(f"lab/tree/{FILE}")
    panel = notebook(page)
    solve(page, panel, ">=")
    said = validate(page, panel)
    assert CHECK in said and HINT in said
    assert "helpers" not in said.split(CHECK)[1].split("The following cell failed")[0], "frames of the checks are shown"
    solve(page, panel, ">")
    said = validate(page, panel)
    assert CHECK not in said
    assert NEXT_TASK in said


def test_validate_says_success_when_all_tasks_are_right(open_page):
    page = open_page("lab/tree/solved.ipynb")
    assert "Success" in validate(page, notebook(page))


def test_failed_check_in_the_notebook(open_page, root, screenshots):
    page = open_page("lab/tree/wrong.ipynb")
    panel = notebook(page)
    solve(page, panel, ">=")
    (failed,) = errors(run_all(page, root / "wrong.ipynb"))
    assert CHECK in failed and HINT in failed and "Traceback" not in failed

    def scroll_to_check(page):
        notebook(page)
        page.get_by_text(CHECK).first.scroll_into_view_if_needed()

    def dialog(page):
        press_validate(page, notebook(page))
        page.get_by_text("Validation Results").wait_for()

    screenshots("assignment", "lab/tree/wrong.ipynb", scroll_to_check)
    screenshots("validate", "lab/tree/wrong.ipynb", dialog)
