"""Every lecture is opened in JupyterLab, its cells are run, and every control of its widgets is moved by keyboard.

nbval executes all lectures in full. Here only those in IN_FULL run all their cells; in the others, whose networks learn
for up to two minutes, the cells that a widget stands on. BROWSER_FULL=1 runs every cell of every lecture.
"""

import os
import re
import symtable
from pathlib import Path

import nbformat
import pytest
from jupyter_lab import SECONDS, errors, notebook, run_all
from playwright.sync_api import expect

from helpers.grading import master

LECTURES = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
FULL = bool(os.environ.get("BROWSER_FULL"))
IN_FULL = {"01-perceptron", "06-recurrent-pair"}
# What a widget stands on may still learn for a minute: old text, new text.
SHORTER = {"04-rbm": ("epochs=15", "epochs=1")}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lectures")
    (folder / "notebooks").mkdir()
    return folder


@pytest.mark.parametrize("lecture", LECTURES, ids=lambda path: path.stem)
def test_lecture_runs_and_its_figures_follow_the_keyboard(lecture, lab, open_page, screenshots):
    nb = nbformat.read(lecture, as_version=4)
    title = re.match(r"# (.+)", nb.cells[0].source)[1]
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    if not FULL and lecture.stem not in IN_FULL:
        keep_what_widgets_need(nb)
        if lecture.stem in SHORTER:
            replace(nb, *SHORTER[lecture.stem])
    file = lab.root / "notebooks" / lecture.name
    nbformat.write(nb, file)

    page = open_page(f"lab/tree/notebooks/{lecture.name}")
    panel = notebook(page)
    expect(panel.get_by_role("heading", name=title)).to_be_visible()
    ran = run_all(page, file, seconds=900 if FULL else 240)
    assert errors(ran) == []
    assert [cell.id for cell in ran.cells if cell.get("execution_count")] == [
        cell.id for cell in nb.cells if cell.cell_type == "code" and cell.source
    ]
    figures = panel.locator(".jp-OutputArea-output > .widget-vbox")
    expect(figures).to_have_count(sum("widget.explore(" in cell.source for cell in nb.cells))
    for figure in figures.all():
        move_every_control(page, figure)

    def scroll_to_widget(page):
        # The kernel still runs, so the widget comes back.
        notebook(page).locator(".jp-OutputArea-output > .widget-vbox").scroll_into_view_if_needed()

    if lecture.stem == "01-perceptron":
        screenshots("lecture", f"lab/tree/notebooks/{lecture.name}", scroll_to_widget)


BROKEN = """
from helpers import plot, widget
import matplotlib.pyplot as plt
def draw(height):
    return plt.subplots(figsize=(2, 2))[0], "Empty axes, whatever the height is."
widget.explore(draw, height=widget.slider("height", 0, 4, 1, value=2))
"""


def test_a_figure_that_does_not_follow_and_an_error_are_found(lab, open_page):
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": master.KERNELSPEC})
    nb.cells = [nbformat.v4.new_code_cell(source) for source in (BROKEN, "1 / 0", "2")]
    file = lab.root / "notebooks/broken.ipynb"
    nbformat.write(nb, file)
    page = open_page("lab/tree/notebooks/broken.ipynb")
    figure = notebook(page).locator(".jp-OutputArea-output > .widget-vbox")
    ran = run_all(page, file)
    assert [error.splitlines()[-1] for error in errors(ran)] == ["ZeroDivisionError: division by zero"]
    with pytest.raises(AssertionError, match="expected not to have attribute"):
        move_every_control(page, figure, seconds=3)


def move_every_control(page, figure, seconds=SECONDS):
    """Go from control to control with Tab, move each, and see another picture every time, within so many seconds."""
    picture, controls = figure.get_by_role("img"), figure.locator("input, select, [role=slider]")
    expect(picture).to_have_attribute("alt", re.compile(r"\w"))
    named = figure.get_by_role("spinbutton", name=re.compile(r"\w")).or_(
        figure.get_by_role("combobox", name=re.compile(r"\w"))
    )
    # A slider has no name of its own, but the field before it, which holds the same number, has one.
    expect(named).to_have_count(figure.locator("input, select").count())
    assert named.count() > 0
    for position, control in enumerate(controls.all()):
        if position == 0:
            control.focus()
        else:
            page.keyboard.press("Tab")
        expect(control).to_be_focused()
        before = picture.get_attribute("src")
        move(page, control)
        expect(picture).not_to_have_attribute("src", before, timeout=1000 * seconds)
        assert picture.get_attribute("src").startswith("data:image/png;base64,")


def move(page, control):
    """One step up, or down where it is at its end."""
    if control.evaluate("e => e.tagName") == "SELECT":
        last = control.evaluate("e => e.selectedIndex === e.options.length - 1")
        # JupyterLab takes the arrow keys of a closed list for itself and goes to another cell.
        page.keyboard.press("Space")
        page.wait_for_function("e => e.matches(':open')", arg=control.element_handle())
        page.keyboard.press("ArrowUp" if last else "ArrowDown")
        page.keyboard.press("Enter")
    elif control.get_attribute("role") == "slider":
        last = control.evaluate("e => e.getAttribute('aria-valuenow') === e.getAttribute('aria-valuemax')")
        page.keyboard.press("ArrowLeft" if last else "ArrowRight")
    else:
        last = control.evaluate("e => e.value === e.max")
        page.keyboard.press("ArrowDown" if last else "ArrowUp")


def keep_what_widgets_need(nb):
    """Empty the code cells that no widget stands on, going back from the widgets by the names that cells use."""
    wanted = set()
    for cell in reversed([cell for cell in nb.cells if cell.cell_type == "code"]):
        made, used = names(cell.source)
        if "widget.explore(" in cell.source or made & wanted:
            wanted = wanted - made | used
        else:
            cell.source = ""


def names(source):
    """The names that a cell assigns or imports, and those that it and its functions take from other cells."""
    lines = [re.sub(r"^(\s*)%.*", r"\1pass", line) for line in source.split("\n")]
    cell = symtable.symtable("\n".join(lines), "cell", "exec")
    made = {symbol.get_name() for symbol in cell.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    tables, used = [cell], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        symbols = [symbol for symbol in table.get_symbols() if symbol.is_referenced()]
        used |= {symbol.get_name() for symbol in symbols if symbol.is_global() or table is cell}
    return made, used - made


def replace(nb, old, new):
    assert any(old in cell.source for cell in nb.cells)
    for cell in nb.cells:
        cell.source = cell.source.replace(old, new)
