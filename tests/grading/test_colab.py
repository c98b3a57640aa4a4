"""A released notebook as Colab saves it is graded like the original."""

import json
import re
from pathlib import Path

import pytest

from helpers.grading import demo, intake, master, pool, sandbox, variants
from helpers.grading.course import Course
from helpers.grading.graft import graft
from helpers.grading.score import score

COURSE = Course(Path(__file__).resolve().parents[2])
UNITS = ("01-perceptron", "05-pooling")
BASE = {"base_uri": "https://localhost:8080/"}
WIDGET = "88dbbf1b744343cba20d90e777f7e5f1"
VIEW = "application/vnd.jupyter.widget-view+json"
MANAGER = {"url": "https://ssl.gstatic.com/colaboratory-static/widgets/manager.min.js"}
ANY_OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": ["passed: something\n", "passed: something else\n"]},
    {"output_type": "execute_result", "metadata": {}, "execution_count": 7,
     "data": {"text/plain": ["'ab'"], "application/vnd.google.colaboratory.intrinsic+json": {"type": "string"}}},
    {"output_type": "display_data", "metadata": {VIEW: {"colab": {"custom_widget_manager": MANAGER}}},
     "data": {"text/plain": ["VBox()"], VIEW: {"version_major": 2, "version_minor": 0, "model_id": WIDGET}}},
    {"output_type": "error", "ename": "NameError", "evalue": "ignored", "traceback": ["\x1b[0;31mNameError\x1b[0m"]},
]  # fmt: skip


def as_colab_saves(nb, *, grading=True, ids=True):
    """`nb` as Colab saves it to Drive and downloads it, after the shape of public notebooks that it saved.

    nbformat 4.0; no cell ids, but `id` and `outputId` in the cells' metadata; texts as lists of lines; its badge on
    top; a solution turned into a form; Colab's own outputs and the widgets' state without the level "state".
    grading: with nbgrader's metadata, which Colab keeps where the notebook was opened as it is
    ids: Colab took over the cells' ids; else it made up new ones
    """
    badge = (
        '<a href="https://colab.research.google.com/github/x/y/blob/main/z.ipynb" target="_parent"><img src="b"/></a>'
    )
    cells = [{"cell_type": "markdown", "metadata": {"id": "view-in-github", "colab_type": "text"}, "source": [badge]}]
    form = True
    for number, cell in enumerate(nb.cells):
        text = cell.source
        metadata = json.loads(json.dumps(cell.metadata)) if grading else {}
        metadata["id"] = cell.id if ids else f"Td2AcYB{number:03d}q-"
        saved = {"cell_type": cell.cell_type, "source": None, "metadata": metadata}
        if cell.cell_type == "code":
            if form and master.is_solution(cell):
                text = f'#@title My solution {{ display-mode: "form" }}\n{text}'
                metadata["cellView"], form = "form", False
            metadata |= {"colab": BASE | {"height": 53}, "outputId": f"f361055b-b59c-4ae2-c553-{number:012x}"}
            user = {"displayName": "Jörg Müßig", "userId": "07"}
            times = {"timestamp": 1791928800000 + number, "user_tz": -120, "elapsed": 4}
            metadata["executionInfo"] = {"status": "ok", "user": user, **times}
            saved |= {"execution_count": None, "outputs": ANY_OUTPUTS}
        saved["source"] = text.splitlines(keepends=True)
        cells.append(saved)
    extra = (
        '#@markdown Choose\nrate = 0.1 #@param {type:"slider", min:0, max:1, step:0.1}\nfrom google.colab import drive'
    )
    cells.insert(4, {"cell_type": "code", "source": extra.splitlines(keepends=True), "metadata": {"cellView": "form",
                     "id": "APSW0DGNiuV0"}, "execution_count": None, "outputs": []})  # fmt: skip
    state = {"model_module": "@jupyter-widgets/controls", "model_name": "VBoxModel", "model_module_version": "1.5.0",
             "state": {"_view_name": "VBoxView", "children": []}}  # fmt: skip
    return {
        "nbformat": 4,
        "nbformat_minor": 0,
        "metadata": {
            "colab": {"provenance": [], "toc_visible": True, "authorship_tag": "ABX9TyNaBpcSPYX61RuKKrmhXbJ0",
                      "include_colab_link": True},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
            "widgets": {"application/vnd.jupyter.widget-state+json": {WIDGET: state}},
        },
        "cells": cells,
    }  # fmt: skip


def submissions(name):
    """The worked solution and one with a known mistake, as a student hands them in."""
    unit = COURSE.unit(name)
    source = master.read(unit.source)
    mistake = variants.mistakes(COURSE.root / "tests" / "mistakes" / f"{name}.py", source)[-1]
    return {"worked": demo.hand_in(source), "wrong": demo.hand_in(mistake.nb)}


SHAPES = {
    "original": lambda nb: json.loads(json.dumps(nb)),
    "Colab": as_colab_saves,
    "Colab, nothing but the texts left": lambda nb: as_colab_saves(nb, grading=False, ids=False),
    "Colab, nbgrader's metadata left out": lambda nb: as_colab_saves(nb, grading=False),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(unit, variant, shape) -> the notes, and points by grade id; all are executed in one batch."""
    folder, todo = tmp_path_factory.mktemp("colab"), {}
    for name in UNITS:
        unit = COURSE.unit(name)
        stub = master.stub_master(master.read(unit.source))
        for variant, nb in submissions(name).items():
            for shape, save in SHAPES.items():
                path = folder / name / variant / shape / unit.source.name
                path.parent.mkdir(parents=True)
                path.write_text(json.dumps(save(nb), indent=2, ensure_ascii=False), encoding="utf-8")
                todo[name, variant, shape] = graft(stub, intake.read_from(path.parent, unit.notebook))
    done = pool.shared().map(todo.values(), sandbox.Limits())
    return {
        key: (nb.metadata["nn_course"]["notes"], {result.grade_id: result.points for result in score(nb)})
        for key, nb in zip(todo, done, strict=True)
    }


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "original"])
@pytest.mark.parametrize("variant", ["worked", "wrong"])
@pytest.mark.parametrize("name", UNITS)
def test_points_are_those_of_the_original(graded, name, variant, shape):
    _, original = graded[name, variant, "original"]
    notes, points = graded[name, variant, shape]
    assert points == original
    assert notes[0] == "Saved by Colab."
    maxima = {cell.metadata.nbgrader["grade_id"]: cell.metadata.nbgrader["points"]
              for cell in master.read(COURSE.unit(name).source).cells if master.is_test(cell)}  # fmt: skip
    lost = {task for task, full in maxima.items() if points[task] != full}
    assert bool(lost) == (variant == "wrong")


def test_an_ordinary_colab_copy_needs_no_repair(graded):
    for name in UNITS:
        notes, _ = graded[name, "worked", "Colab"]
        assert notes == ["Saved by Colab.", "extra cells: 2 added by the student, kept without metadata."], notes


def test_the_shape_is_colabs():
    saved = as_colab_saves(submissions(UNITS[0])["worked"])
    assert (saved["nbformat"], saved["nbformat_minor"]) == (4, 0)
    assert all("id" not in cell and "id" in cell["metadata"] for cell in saved["cells"])
    assert any(re.match("#@title", cell["source"][0]) for cell in saved["cells"])
