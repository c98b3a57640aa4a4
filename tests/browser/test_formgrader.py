"""The formgrader in JupyterLab, from the assignment to the feedback page, as docs/instructors.md describes it."""

import re
import shutil
from pathlib import Path

import pytest
from jupyter_lab import menu
from playwright.sync_api import expect

from helpers.grading import demo, master, results
from helpers.grading.course import Course

ROOT = Path(__file__).resolve().parents[2]
UNIT = "01-perceptron"
COMMENT = "The border is a line: right. Why does no other line do?"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course of one unit with a class of three: right; wrong under another file name and without tests; untouched."""
    folder = tmp_path_factory.mktemp("course") / "course"
    shutil.copytree(ROOT / "source" / UNIT, folder / "source" / UNIT)
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    source = master.read(Course(folder).unit(UNIT).source)
    right = demo.hand_in(source)
    task_2 = next(cell.source for cell in right.cells if master.grade_id(cell) == "task-2-sigmoid-relu")
    wrong = demo.with_source(right, "task-2-sigmoid-relu", f"{task_2}\n\nrelu = abs")
    wrong.cells = [cell for cell in wrong.cells if not master.is_test(cell)]
    hand_in(folder, "ada", "perceptron.ipynb", right)
    hand_in(folder, "bela", "perceptron (1).ipynb", wrong)
    hand_in(folder, "carl", "perceptron.ipynb", master.release(source))
    return folder


def hand_in(folder, student, file, nb):
    master.write(nb, folder / "submitted" / student / UNIT / file)


def open_formgrader(page):
    """The frame of the formgrader, opened by JupyterLab's menu."""
    menu(page, "Nbgrader", "Formgrader")
    return page.frame_locator("iframe[src*=formgrader]")


def row(frame, text):
    return frame.get_by_role("row").filter(has_text=text)


def succeed(frame, place):
    """Click a symbol of the table and read and close the message that all went well."""
    place.locator("a").click()
    message = frame.get_by_role("dialog").filter(has_text="Success")
    expect(message).to_contain_text("Successfully")
    message.get_by_role("button", name="OK").click()
    expect(frame.get_by_role("dialog")).to_have_count(0)


def test_from_the_assignment_to_the_feedback_page(lab, open_page, screenshots):
    unit = Course(lab.root).unit(UNIT)
    page = open_page("lab")
    frame = open_formgrader(page)

    # Generate and preview
    succeed(frame, row(frame, UNIT).locator(".assign"))
    assert unit.release.read_bytes() == (ROOT / "release" / UNIT / "perceptron.ipynb").read_bytes()
    row(frame, UNIT).locator(".preview a").click()
    files = page.get_by_role("region", name="File Browser Section")
    expect(files.get_by_text("perceptron.ipynb")).to_be_visible()

    # Autograde one of the three
    row(frame, UNIT).locator(".num-submissions a").click()
    expect(row(frame, "needs autograding")).to_have_count(3)
    succeed(frame, row(frame, "bela").locator(".autograde"))
    expect(row(frame, "bela")).to_contain_text("needs manual grading")
    expect(row(frame, "bela").locator(".score")).to_have_text("14 / 20")
    graded = {each.student: each for each in results.rows(unit)}["bela"]
    assert graded.tasks == {1: 1, 2: 0, 3: 3, 4: 4, 5: 4, 6: 2, 7: None}
    assert any("perceptron (1).ipynb" in remark for remark in graded.remarks), "the course's own plug-ins did not run"

    # Grade the written answer by hand
    frame.get_by_role("link", name="Manual Grading").click()
    frame.get_by_role("link", name=UNIT).click()
    frame.get_by_role("link", name="perceptron", exact=True).click()
    frame.get_by_role("link", name="Submission #1").click()
    expect(frame.get_by_text("1 point: the answer names the border as a straight line")).to_be_visible()
    answer = frame.locator(".nbgrader_cell").filter(has=frame.locator("[id=task-7-xor-in-words]"))
    points, comment = answer.locator("input.score"), answer.locator("textarea.comment")
    for field, text in ((points, "3"), (comment, COMMENT)):
        with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
            field.fill(text)
            field.press("Tab")

    # Feedback
    frame.get_by_role("link", name="Manual Grading").click()
    frame.get_by_role("link", name="Manage Assignments").click()
    row(frame, UNIT).locator(".num-submissions a").click()
    expect(row(frame, "bela").locator(".score")).to_have_text("17 / 20")
    expect(row(frame, "bela").locator(".status")).to_have_text("graded")
    succeed(frame, row(frame, "bela").locator(".generate-feedback"))
    address = f"lab/tree/feedback/bela/{UNIT}/perceptron.html"
    feedback = open_page(address).frame_locator(".jp-HTMLViewer iframe")
    expect(feedback.get_by_text(COMMENT)).to_be_visible()
    expect(
        feedback.get_by_text("This is the absolute value. relu gives 0 for negative activities.").first
    ).to_be_visible()
    expect(feedback.locator("body")).to_contain_text(re.compile(r"17(\.0)?\s*(/|of|out of)\s*20"))

    def submissions(page):
        frame = open_formgrader(page)
        row(frame, UNIT).locator(".num-submissions a").click()
        row(frame, "bela").wait_for()

    def by_hand(page):
        frame = open_formgrader(page)
        frame.get_by_role("link", name="Manual Grading").click()
        frame.get_by_role("link", name=UNIT).click()
        frame.get_by_role("link", name="perceptron", exact=True).click()
        frame.get_by_role("link", name="Submission #1").click()
        frame.locator("textarea.comment").last.scroll_into_view_if_needed()

    screenshots("formgrader", "lab", submissions)
    screenshots("by-hand", "lab", by_hand)
    screenshots(
        "feedback", address, lambda page: page.frame_locator(".jp-HTMLViewer iframe").locator("h1").first.wait_for()
    )
