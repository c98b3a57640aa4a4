"""Whatever a student did to the notebook, the tests are the master's and the answers the student's."""

import json
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator

from helpers.grading import master
from helpers.grading.graft import Graft, graft
from helpers.grading.intake import SubmissionExporter, read_submission
from helpers.grading.recognise import functions

STUB = "### BEGIN SOLUTION\n    {}\n    ### END SOLUTION"
LOCKED = {"grade": False, "solution": False, "locked": True}
SOLUTION = {"grade": False, "solution": True, "locked": False}
WRITTEN = {"grade": True, "solution": True, "locked": False, "points": 4}


def cell(name, source, flags, kind=new_code_cell):
    grading = {"grade_id": name, "schema_version": 3, "task": False, **flags}
    return kind(source, id=name, metadata={"nbgrader": grading})


def test_cell(name, source, points=1):
    return cell(name, source, LOCKED | {"grade": True, "points": points})


test_cell.__test__ = False


def hidden(source):
    return f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"


def make_source():
    """A small unit by the conventions of the course: three code tasks and a written answer."""
    cells = [
        cell("intro", "# Assignment 1\n\nYou build a perceptron.", LOCKED, new_markdown_cell),
        cell("setup", "import numpy as np", LOCKED),
        cell("question-1-step", "## Task 1: the step\n\nWrite it.", LOCKED, new_markdown_cell),
        cell("task-1-step", "def step(phi):\n    " + STUB.format("return int(phi > 0)"), SOLUTION),
        test_cell(
            "test-1-step-1", "assert step(2) == 1\nassert step(-2) == 0\n" + hidden("assert step(0) == 0")
        ),
        cell("question-2-pair", "## Task 2: two functions\n\nWrite both.", LOCKED, new_markdown_cell),
        cell(
            "task-2-pair",
            "def double(x):\n    " + STUB.format("return 2 * x")
            + "\n\n\ndef half(x):\n    " + STUB.format("return x / 2"),
            SOLUTION,
        ),
        test_cell("test-2-pair-1", "assert double(2) == 4\nassert half(3) == 1.5"),
        test_cell("test-2-pair-2", "# Further checks run when graded.\n" + hidden("assert half(0) == 0")),
        cell("question-3-predict", "## Task 3: predict\n\nUse `step`.", LOCKED, new_markdown_cell),
        cell("given-3-rule", "def delta_rule(w):\n    return w - 0.1 * w\n\n\ndelta_rule(3.0)", LOCKED),
        cell("task-3-predict", "def predict(x):\n    " + STUB.format("return step(x)"), SOLUTION),
        test_cell("test-3-predict-1", "assert predict(5) == 1\n" + hidden("assert predict(-5) == 0"), 2),
        cell(
            "question-4-words",
            "## Task 4: in words\n\nWhy?\n\n### BEGIN MARK SCHEME\nBecause.\n### END MARK SCHEME",
            LOCKED,
            new_markdown_cell,
        ),
        cell("task-4-words", "The model answer.", WRITTEN, new_markdown_cell),
        cell("outro", "## The end\n\nWell done.", LOCKED, new_markdown_cell),
    ]  # fmt: skip
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata=metadata)


SOURCE = make_source()
MASTER = master.stub_master(SOURCE)
RELEASE = master.release(SOURCE)
NAMES = [c.id for c in MASTER.cells]
TESTS = [c.id for c in MASTER.cells if c.metadata.nbgrader.grade and not c.metadata.nbgrader.solution]
ANSWERS = {
    "task-1-step": "def step(phi):\n    return 1 if phi > 0 else 0",
    "task-2-pair": "def double(x):\n    return x + x\n\ndef half(x):\n    return 0.5 * x",
    "task-3-predict": "import math\n\ndef predict(x):\n    return step(x)",
    "task-4-words": "One line cannot separate it.",
}


def honest():
    nb = deepcopy(RELEASE)
    for name, source in ANSWERS.items():
        at(nb, name).source = source
    return nb


def at(nb, name):
    return next(cell for cell in nb.cells if cell.id == name)


def index(nb, name):
    return [cell.id for cell in nb.cells].index(name)


def insert(nb, after, source, kind=new_code_cell, **more):
    added = kind(source, **more)
    nb.cells.insert(index(nb, after) + 1, added)
    return added


def remove(nb, *names):
    nb.cells = [cell for cell in nb.cells if cell.id not in names]


def notes(nb):
    return nb.metadata.nn_course.notes


def run(nb):
    """What the tests say when the code cells run in their order: names of the test cells that pass."""
    space, passed = {}, set()
    for cell in nb.cells:
        if cell.cell_type == "code":
            try:
                exec(cell.source, space)
            except Exception:
                continue
            passed.add(cell.id)
    return passed & set(TESTS)


@pytest.fixture
def do(tmp_path):
    """Hand in, read and graft, as grading does; checks what must hold for every submission."""

    def do(submission):
        path = tmp_path / "perceptron.ipynb"
        path.write_text(json.dumps(submission))  # nbformat would repair it on the way
        return check(graft(MASTER, read_submission(path)))

    return do


def check(nb):
    nbformat.validate(nb)
    MetadataValidator().validate_nb(nb)
    known = [cell for cell in nb.cells if cell.id in NAMES]
    assert [cell.id for cell in known] == NAMES
    for cell, original in zip(known, MASTER.cells, strict=True):
        assert cell.metadata == original.metadata and cell.cell_type == original.cell_type
        if not original.metadata.nbgrader.solution:
            assert cell.source == original.source
    assert all(cell.metadata == {} for cell in nb.cells if cell.id not in NAMES)
    assert {k: v for k, v in nb.metadata.items() if k != "nn_course"} == MASTER.metadata
    assert all(isinstance(note, str) and "\n" not in note for note in notes(nb))
    return nb


def sources(nb):
    return {name: at(nb, name).source for name in ANSWERS}


def extra(nb):
    return [cell.source for cell in nb.cells if cell.id not in NAMES]


def test_untouched_and_honest_submissions_yield_no_notes(do):
    untouched = do(RELEASE)
    assert notes(untouched) == [] and extra(untouched) == []
    assert sources(untouched) == sources(MASTER)
    assert run(untouched) == set()
    nb = do(honest())
    assert notes(nb) == [] and extra(nb) == []
    assert sources(nb) == ANSWERS
    assert run(nb) == set(TESTS)


def test_running_and_editing_as_editors_do_yields_no_notes(do):
    nb = honest()
    for number, c in enumerate(nb.cells):
        if c.cell_type == "code":
            c.execution_count = number
            c.outputs = [new_output("stream", text="passed\n")]
        c.metadata["scrolled"] = False
        c.metadata["tags"] = []
        c.source += "  \n\n"
    nb.cells.append(new_code_cell(""))
    nb.metadata = {"kernelspec": {"name": "other", "display_name": "Other"}, "toc": {}}
    assert notes(do(nb)) == []


def test_pictures_come_along_if_all_are_there_and_none_is_edited():
    stub, nb = deepcopy(MASTER), honest()
    for number in (1, 2):
        picture = cell(f"picture-{number}-line", f"draw({number})", LOCKED)
        stub.cells.append(deepcopy(picture))
        nb.cells.append(picture)
    drawn = [new_output("display_data", data={"image/png": "aGVsbG8="})]
    outputs = lambda nb: [c.outputs for c in graft(stub, nb).cells[-2:]]  # noqa: E731
    assert outputs(nb) == [[], []]
    nb.cells[-1].outputs = drawn
    assert outputs(nb) == [[], []]
    nb.cells[-2].outputs = drawn
    assert outputs(nb) == [drawn, drawn]
    nb.cells[-2].source = "draw(something_else)"
    assert outputs(nb) == [[], []]
    nb.cells[2].outputs = drawn
    assert all(c.outputs == [] for c in graft(stub, nb).cells if c.cell_type == "code")


def test_arguments_stay_unchanged():
    stub, nb = deepcopy(MASTER), honest()
    nb.metadata["nn_course"] = {"notes": ["Saved by Colab."]}
    nb.cells.reverse()
    before = deepcopy(nb)
    graft(stub, nb)
    assert (stub, nb) == (MASTER, before)


def test_notes_of_intake_come_first():
    nb = honest()
    nb.metadata["nn_course"] = {"notes": ["Saved by Colab."]}
    remove(nb, "test-1-step-1")
    first, second = notes(graft(MASTER, nb))
    assert first == "Saved by Colab."
    assert second == "test-1-step-1: missing in the submission; put back from the original."


def test_saved_by_colab_or_an_older_format_is_one_note(do):
    nb = honest()
    for c in nb.cells:
        c.metadata["id"] = c.pop("id")
        c.metadata["outputId"] = "x"
    nb.nbformat_minor = 0
    nb.metadata["colab"] = {"provenance": []}
    grafted = do(nb)
    assert notes(grafted) == ["Saved by Colab."] and sources(grafted) == ANSWERS
    for c in nb.cells:
        c.metadata.pop("nbgrader")
    grafted = do(nb)
    assert len(notes(grafted)) == 2 and "grading metadata was missing" in notes(grafted)[1]
    assert sources(grafted) == ANSWERS and extra(grafted) == []


def test_nbformat_3(do):
    grafted = do(nbformat.convert(honest(), 3))
    assert notes(grafted) == ["Written in notebook format 3.0, read as 4.5."]
    assert sources(grafted) == ANSWERS


def test_attachments_of_a_written_answer(do):
    nb = honest()
    at(nb, "task-4-words").attachments = {"a.png": {"image/png": "aGVsbG8="}}
    assert at(do(nb), "task-4-words").attachments == {"a.png": {"image/png": "aGVsbG8="}}


# ---- duplicated


def duplicate(nb, name, source, before=False):
    copied = deepcopy(at(nb, name))
    copied.source, copied.id = source, f"fresh{len(nb.cells)}"
    nb.cells.insert(index(nb, name) + (not before), copied)


def test_last_changed_copy_counts_and_others_run_before_it(do):
    nb = honest()
    duplicate(nb, "task-1-step", "def step(phi):\n    return 7", before=True)
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and extra(grafted) == ["def step(phi):\n    return 7"]
    assert index(grafted, "task-1-step") == index(grafted, "question-1-step") + 2
    assert notes(grafted) == ["task-1-step: stood there more than once; the last changed copy counts."]
    nb = honest()
    duplicate(nb, "task-1-step", "def step(phi):\n    return 7")
    grafted = do(nb)
    assert at(grafted, "task-1-step").source == "def step(phi):\n    return 7"
    assert extra(grafted) == [ANSWERS["task-1-step"]]


@pytest.mark.parametrize("before", [True, False])
def test_stub_copies_and_identical_copies_are_dropped(do, before):
    nb = honest()
    duplicate(nb, "task-1-step", at(RELEASE, "task-1-step").source, before)
    duplicate(nb, "task-2-pair", ANSWERS["task-2-pair"], before)
    duplicate(nb, "task-4-words", at(RELEASE, "task-4-words").source, before)
    duplicate(nb, "test-1-step-1", at(RELEASE, "test-1-step-1").source, before)
    duplicate(nb, "intro", at(RELEASE, "intro").source, before)
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and extra(grafted) == []
    assert sum("more than once" in note for note in notes(grafted)) == 2
    for name in ("task-1-step", "task-2-pair", "task-4-words", "test-1-step-1", "intro"):
        assert any(name in note for note in notes(grafted))


def test_split_cell_keeps_both_halves(do):
    nb = honest()
    first, second = ANSWERS["task-2-pair"].split("\n\n")
    at(nb, "task-2-pair").source = first
    duplicate(nb, "task-2-pair", second)
    assert run(do(nb)) == set(TESTS)


def test_duplicate_cell_ids_without_metadata(do):
    nb = honest()
    copied = deepcopy(at(nb, "task-4-words"))
    copied.source, copied.metadata = "A second, better answer.", {}
    nb.cells.insert(index(nb, "task-4-words") + 1, copied)
    grafted = do(nb)
    assert at(grafted, "task-4-words").source == "A second, better answer."
    assert "task-4-words: stood there more than once; the last changed copy counts." in notes(grafted)


def test_helper_written_into_a_copied_test_cell_is_kept(do):
    nb = honest()
    duplicate(nb, "test-1-step-1", "def sign(x):\n    return (x > 0) * 1", before=True)
    at(nb, "task-3-predict").source = "def predict(x):\n    return sign(x)"
    grafted = do(nb)
    assert run(grafted) == set(TESTS)


# ---- deleted


def test_deleted_cells_are_put_back(do):
    nb = honest()
    remove(nb, "task-1-step", "test-1-step-1", "test-2-pair-2", "intro", "task-4-words")
    grafted = do(nb)
    assert at(grafted, "task-1-step").source == at(MASTER, "task-1-step").source
    assert at(grafted, "task-4-words").source == at(MASTER, "task-4-words").source
    assert notes(grafted) == [
        "intro, test-1-step-1, test-2-pair-2: missing in the submission; put back from the original.",
        "task-1-step, task-4-words: missing in the submission; the open task stands in its place.",
    ]
    assert run(grafted) == {"test-2-pair-1", "test-2-pair-2"}


def test_everything_deleted(do):
    grafted = do(new_notebook())
    assert sources(grafted) == sources(MASTER) and len(grafted.cells) == len(MASTER.cells)
    assert len(notes(grafted)) == 2 and "and 9 more" in notes(grafted)[0]


# ---- reordered


def test_reordered_cells(do):
    nb = honest()
    nb.cells.reverse()
    grafted = do(nb)
    assert sources(grafted) == ANSWERS
    assert len(notes(grafted)) == 1 and "stood in another order" in notes(grafted)[0]
    nb = honest()
    nb.cells.append(nb.cells.pop(index(nb, "task-1-step")))
    grafted = do(nb)
    assert notes(grafted) == ["task-1-step: stood in another order; the original order was restored."]
    assert run(grafted) == set(TESTS)


def test_helper_comes_before_its_use_in_a_reordered_notebook(do):
    nb = honest()
    tests = [at(nb, name) for name in TESTS]
    remove(nb, *TESTS)
    at(nb, "task-1-step").source = "def step(phi):\n    return helper(phi)"
    insert(nb, "task-3-predict", "def helper(phi):\n    return int(phi > 0)")
    nb.cells += tests
    assert run(nb) == {name for name in TESTS}
    assert run(do(nb)) == set(TESTS)


# ---- retyped


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("strip", [True, False])
def test_code_turned_into_text(do, kind, strip):
    nb = honest()
    old = at(nb, "task-3-predict")
    nb.cells[index(nb, "task-3-predict")] = nbformat.from_dict(
        {"cell_type": kind, "id": "x1" if strip else old.id, "metadata": {} if strip else old.metadata,
         "source": old.source}
    )  # fmt: skip
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and extra(grafted) == []
    assert len(notes(grafted)) == 1 and notes(grafted)[0].startswith("task-3-predict: ")


def test_answer_and_tests_turned_into_other_kinds(do):
    nb = honest()
    for name, make in [
        ("task-4-words", new_code_cell),
        ("test-1-step-1", new_markdown_cell),
        ("intro", new_code_cell),
    ]:
        old = at(nb, name)
        nb.cells[index(nb, name)] = make(old.source, id=name, metadata=old.metadata)
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and extra(grafted) == []
    assert len(notes(grafted)) == 2


# ---- ids and metadata


def test_renamed_grade_ids(do):
    nb = honest()
    at(nb, "task-1-step").metadata.nbgrader.grade_id = "my-step"
    grafted = do(nb)
    assert sources(grafted) == ANSWERS
    assert notes(grafted) == ["task-1-step: carried grade id 'my-step'; restored."]
    at(nb, "task-1-step").id = "my-step"
    at(nb, "test-1-step-1").metadata.nbgrader.grade_id = "my-test"
    at(nb, "test-1-step-1").id = "my-test"
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and extra(grafted) == []
    assert "task-1-step: the cell's id was lost; recognised by what it defines (step)." in notes(grafted)
    assert "task-1-step: the unknown grade id 'my-step' was replaced." in notes(grafted)
    assert "test-1-step-1: carried grade id 'my-test'; restored." in notes(grafted)


@pytest.mark.parametrize("with_cell_ids", [True, False])
def test_swapped_ids_between_solutions(do, with_cell_ids):
    nb = honest()
    one, two = at(nb, "task-1-step"), at(nb, "task-3-predict")
    one.metadata, two.metadata = two.metadata, one.metadata
    if with_cell_ids:
        one.id, two.id = two.id, one.id
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and extra(grafted) == [] and run(grafted) == set(TESTS)
    assert notes(grafted) == [
        "task-1-step: the solution (step) stood in the cell task-3-predict; moved to its place.",
        "task-3-predict: the solution (predict) stood in the cell task-1-step; moved to its place.",
    ]


def test_swapped_ids_between_a_solution_and_its_test(do):
    nb = honest()
    one, two = at(nb, "task-1-step"), at(nb, "test-1-step-1")
    one.metadata, two.metadata = two.metadata, one.metadata
    one.id, two.id = two.id, one.id
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and run(grafted) == set(TESTS) and notes(grafted)


@pytest.mark.parametrize("ids", ["kept", "lost"])
def test_stripped_metadata(do, ids):
    nb = honest()
    for number, c in enumerate(nb.cells):
        c.metadata = {}
        c.id = c.id if ids == "kept" else f"n{number}"
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and extra(grafted) == [] and run(grafted) == set(TESTS)
    assert notes(grafted)
    nb = deepcopy(RELEASE)
    for c in nb.cells:
        c.metadata = {}
    assert sources(do(nb)) == sources(MASTER)


@pytest.mark.parametrize(
    "change",
    [{"grade": True}, {"solution": False}, {"locked": True}, {"points": 100}, {"grade": "yes"},
     {"points": "many"}, {"grade_id": 5}, {"grade_id": None}, {"grade_id": ["x"]},
     {"grade_id": "b<script>"}, {"grade_id": ""},
     {"schema_version": 99}, {"schema_version": "x"}, {"locked": {}}, {"checksum": 5}, {"mine": [1]}],
)  # fmt: skip
def test_changed_grading_metadata(do, change):
    nb = honest()
    for c in nb.cells:
        c.metadata.nbgrader.update(change)
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and extra(grafted) == []
    if not {"schema_version", "checksum", "mine"} & set(change):
        assert notes(grafted)


@pytest.mark.parametrize("wrong", ["x", [], 5, None, True])
def test_grading_metadata_of_wrong_type(do, wrong):
    nb = honest()
    for c in nb.cells:
        c.metadata["nbgrader"] = wrong
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and len(notes(grafted)) == 1


def test_extra_cell_with_made_up_grading(do):
    nb = honest()
    bonus = {
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 100,
        "grade_id": "bonus",
        "schema_version": 3,
    }
    insert(nb, "test-1-step-1", "True", metadata={"nbgrader": bonus, "tags": ["x"]})
    grafted = do(nb)
    assert extra(grafted) == ["True"]
    assert notes(grafted) == ["extra cell: its made-up grading metadata 'bonus' was removed."]


# ---- extra cells


def test_extra_cells_stay_where_they_were(do):
    nb = honest()
    nb.cells.insert(0, new_markdown_cell("my name", attachments={"a.png": {"image/png": "aGVsbG8="}}))
    insert(nb, "question-1-step", "offset = 0", metadata={"tags": ["mine"]}, id="extra-1")
    insert(nb, "test-1-step-1", "print(step(1))")
    at(nb, "task-1-step").source = "def step(phi):\n    return int(phi > offset)"
    grafted = do(nb)
    assert extra(grafted) == ["my name", "offset = 0", "print(step(1))"]
    assert grafted.cells[0].attachments
    assert index(grafted, "task-1-step") == index(grafted, "question-1-step") + 2
    assert grafted.cells[index(grafted, "test-1-step-1") + 1].source == "print(step(1))"
    assert notes(grafted) == ["extra cells: 3 added by the student, kept without metadata."]
    assert run(grafted) == set(TESTS)


def test_older_version_in_an_extra_cell_does_not_count(do):
    nb = honest()
    insert(nb, "question-1-step", "def step(phi):\n    return 7")
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and run(grafted) == set(TESTS)


@pytest.mark.parametrize("after", ["task-1-step", "test-1-step-1", "outro", "intro"])
@pytest.mark.parametrize("own", ["stub", "deleted", "blank", "comment"])
def test_solution_in_a_new_cell(do, after, own):
    nb = honest()
    if own == "deleted":
        remove(nb, "task-1-step")
        after = "question-1-step" if after == "task-1-step" else after
    else:
        stub = at(RELEASE, "task-1-step").source
        at(nb, "task-1-step").source = {"stub": stub, "blank": " ", "comment": "# see below"}[own]
    insert(nb, after, ANSWERS["task-1-step"])
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and run(grafted) == set(TESTS)
    assert any(note.startswith("task-1-step: ") for note in notes(grafted))


def test_all_solutions_in_one_new_cell(do):
    nb = deepcopy(RELEASE)
    whole = "\n\n".join(source for name, source in ANSWERS.items() if name != "task-4-words")
    nb.cells.append(new_code_cell(whole))
    grafted = do(nb)
    assert run(grafted) == set(TESTS) and extra(grafted) == []


def test_half_of_a_task_in_a_new_cell_keeps_the_other_half_open(do):
    nb = deepcopy(RELEASE)
    insert(nb, "task-2-pair", "def half(x):\n    return x / 2")
    grafted = do(nb)
    assert "double, is still open" in at(grafted, "task-2-pair").source
    assert run(grafted) == {"test-2-pair-2"}


def test_solution_with_a_syntax_error_is_still_recognised(do):
    nb = honest()
    broken = "%matplotlib inline\ndef step(phi):\n    return int(phi > 0"
    c = at(nb, "task-1-step")
    c.source, c.metadata, c.id = broken, {}, "lost"
    assert at(do(nb), "task-1-step").source == broken


def test_solution_as_lambda_in_a_new_cell(do):
    nb = honest()
    at(nb, "task-1-step").source = at(RELEASE, "task-1-step").source
    insert(nb, "outro", "step = lambda phi: int(phi > 0)")
    assert run(do(nb)) == set(TESTS)


def test_last_version_in_new_cells_counts(do):
    nb = honest()
    at(nb, "task-1-step").source = at(RELEASE, "task-1-step").source
    insert(nb, "outro", ANSWERS["task-1-step"])
    insert(nb, "task-1-step", "def step(phi):\n    return 7")
    at(nb, "task-3-predict").source += "\n\ndef step(phi):\n    return 8"
    grafted = do(nb)
    assert at(grafted, "task-1-step").source == ANSWERS["task-1-step"]
    assert "def step(phi):\n    return 7" in extra(grafted)


def test_prose_that_shows_code_is_no_solution(do):
    nb = honest()
    remove(nb, "task-1-step")
    prose = "I thought of\n\ndef step(phi): return 1\n\nbut did not finish it."
    insert(nb, "question-1-step", prose, new_markdown_cell)
    grafted = do(nb)
    assert at(grafted, "task-1-step").source == at(MASTER, "task-1-step").source
    assert extra(grafted) == [prose]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def a(x):\n    def inner(): pass", {"a"}),
        ("async def a(): pass\nb = lambda: 1\nc = 2", {"a", "b"}),
        ("%time\ndef a(\n  x): pass\nasync  def b (x):\nc = lambda: (\n    def d(): pass", {"a", "b", "c"}),
        ("# def a(): pass\nb == lambda", set()),
        ("-" * 100_000, set()),
        ("def a(): pass\n" + "#" * 300_000, {"a"}),
    ],
)
def test_functions(source, names):
    assert functions(source) == names


# ---- tests and other locked cells


@pytest.mark.parametrize("tag", ["skip-execution", "remove-cell", "raises-exception"])
def test_tags_on_test_cells(do, tag):
    nb = honest()
    at(nb, "test-1-step-1").metadata["tags"] = [tag]
    assert notes(do(nb)) == [f"test-1-step-1: tags had been added and were removed ('{tag}')."]


@pytest.mark.parametrize("new", ["pass", "", "assert step(2) == 1", "assert step(2) == 1\nassert step(-2) == 1"])
def test_edited_test_cells(do, new):
    nb = honest()
    at(nb, "test-1-step-1").source = new
    grafted = do(nb)
    assert sources(grafted) == ANSWERS and run(grafted) == set(TESTS)
    assert notes(grafted)[0].startswith("test-1-step-1: ")


def test_edited_test_cell_without_metadata(do):
    nb = honest()
    c = at(nb, "test-2-pair-1")
    c.source, c.metadata, c.id = c.source.replace("1.5", "1.50"), {}, "lost"
    grafted = do(nb)
    assert extra(grafted) == []
    assert "test-2-pair-1: the text of this locked cell had been changed; the original is used." in notes(grafted)


@pytest.mark.parametrize("holder", ["test-1-step-1", "question-1-step", "setup", "given-3-rule"])
@pytest.mark.parametrize("how", ["above", "below", "instead"])
def test_solution_pasted_into_a_locked_cell(do, holder, how):
    nb = honest()
    at(nb, "task-1-step").source = at(RELEASE, "task-1-step").source
    given, own = at(nb, holder).source, ANSWERS["task-1-step"]
    at(nb, holder).source = {"above": own + "\n\n" + given, "below": given + "\n\n" + own, "instead": own}[how]
    grafted = do(nb)
    assert at(grafted, "task-1-step").source.strip() == own and run(grafted) == set(TESTS)
    assert any(note.startswith(holder) for note in notes(grafted))
    assert any(note.startswith("task-1-step: ") for note in notes(grafted))


def test_given_code_rewritten_into_the_solution(do):
    nb = honest()
    at(nb, "task-3-predict").source = at(RELEASE, "task-3-predict").source
    rule = at(nb, "given-3-rule")
    rule.source = rule.source.replace("delta_rule(w)", "predict(w)").replace("delta_rule(3.0)", "predict(3.0)")
    assert "def predict(w):\n    return w - 0.1" in at(do(nb), "task-3-predict").source


def test_solution_mixed_into_an_edited_test_is_noted_only(do):
    nb = honest()
    at(nb, "task-1-step").source = at(RELEASE, "task-1-step").source
    at(nb, "test-1-step-1").source = "def step(p): return 1\nassert step(2) == 1\nassert step(-2) == 1"
    grafted = do(nb)
    assert at(grafted, "task-1-step").source == at(MASTER, "task-1-step").source
    assert any("mixed with the text of test-1-step-1; not used" in note for note in notes(grafted))


def test_helper_written_above_a_test_runs_before_it(do):
    nb = honest()
    at(nb, "task-1-step").source = "def step(phi):\n    return sign(phi)"
    at(nb, "test-1-step-1").source = "def sign(x):\n    return int(x > 0)\n\n" + at(nb, "test-1-step-1").source
    assert run(do(nb)) == set(TESTS)


def test_helper_appended_to_a_locked_cell_is_kept(do):
    nb = honest()
    at(nb, "setup").source += "\nlimit = 0"
    at(nb, "task-1-step").source = "def step(phi):\n    return int(phi > limit)"
    grafted = do(nb)
    assert extra(grafted) == ["limit = 0"] and run(grafted) == set(TESTS)
    assert "setup: the text of this locked cell had been changed; the original is used." in notes(grafted)


# ---- written answers


@pytest.mark.parametrize("own", ["stub", "deleted", "stripped"])
def test_answer_in_a_new_cell(do, own):
    nb = honest()
    at(nb, "task-4-words").source = at(RELEASE, "task-4-words").source
    if own == "deleted":
        remove(nb, "task-4-words")
        insert(nb, "question-4-words", "My answer.", new_markdown_cell)
    else:
        insert(nb, "task-4-words", "My answer.", new_markdown_cell)
    if own == "stripped":
        at(nb, "task-4-words").metadata = {}
    grafted = do(nb)
    assert at(grafted, "task-4-words").source == "My answer." and extra(grafted) == []
    assert any("task-4-words: " in note for note in notes(grafted))


def test_answer_typed_below_the_question(do):
    nb = honest()
    at(nb, "task-4-words").source = at(RELEASE, "task-4-words").source
    at(nb, "question-4-words").source += "\n\nBecause of the line."
    grafted = do(nb)
    assert at(grafted, "task-4-words").source == "Because of the line." and extra(grafted) == []


def test_note_after_the_last_master_cell_is_no_answer(do):
    nb = honest()
    remove(nb, "task-4-words")
    nb.cells.append(new_markdown_cell("Thank you."))
    grafted = do(nb)
    assert at(grafted, "task-4-words").source == at(MASTER, "task-4-words").source
    assert extra(grafted) == ["Thank you."]


# ---- any sequence of damages


def damage_drop(nb, i):
    del nb.cells[i]


def damage_duplicate(nb, i):
    nb.cells.insert(i, nbformat.from_dict(dict(deepcopy(nb.cells[i]), id=f"d{len(nb.cells)}")))


def damage_shuffle(nb, i):
    nb.cells = nb.cells[i:] + nb.cells[:i][::-1]


def damage_strip(nb, i):
    nb.cells[i].metadata = {}
    if i % 2:
        nb.cells[i].id = f"s{i}-{len(nb.cells)}"


def damage_retype(nb, i):
    old = nb.cells[i]
    make = new_markdown_cell if old.cell_type == "code" else new_code_cell
    nb.cells[i] = make(old.source, id=old.id, metadata=old.metadata)


DAMAGES = [damage_drop, damage_duplicate, damage_shuffle, damage_strip, damage_retype]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(DAMAGES), st.integers(0, 30)), max_size=12))
def test_any_sequence_of_damages(damages):
    nb = honest()
    for damage, i in damages:
        if nb.cells:
            damage(nb, i % len(nb.cells))
    grafted = check(graft(MASTER, nb))
    survived = {c.source for c in nb.cells}
    everything = [c.source for c in grafted.cells]
    for name, source in ANSWERS.items():
        if source in survived:
            assert source in everything
            if name != "task-4-words":
                assert at(grafted, name).source == source
    assert notes(grafted) or [c.source for c in nb.cells] == [c.source for c in honest().cells]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=30), st.booleans()), max_size=6))
def test_any_text_in_any_cell(changes):
    nb = honest()
    for name, text, strip in changes:
        at(nb, name).source = text
        if strip:
            at(nb, name).metadata = {}
    grafted = check(graft(MASTER, nb))
    changed = {name for name, _, _ in changes}
    assert {n: s for n, s in sources(grafted).items() if n not in changed} == {
        n: s for n, s in ANSWERS.items() if n not in changed
    }


# ---- in stock nbgrader, and with the real unit


def test_preprocessor_reads_the_master_of_the_course(tmp_path):
    path = tmp_path / "source" / "unit" / "perceptron.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(SOURCE, path)
    autograde = Autograde(coursedir=CourseDirectory(root=str(tmp_path)))
    preprocessor = Graft(parent=SubmissionExporter(parent=autograde))
    assert preprocessor.enabled
    resources = {"nbgrader": {"assignment": "unit", "notebook": "perceptron", "student": "eva"}}
    nb, same = preprocessor.preprocess(honest(), resources)
    assert same is resources and sources(check(nb)) == ANSWERS


REAL = Path(__file__).parents[2] / "source" / "01-perceptron" / "perceptron.ipynb"


def test_the_real_unit():
    source = master.read(REAL)
    stub = master.stub_master(source)
    handed_in = master.release(source)
    assert graft(stub, handed_in).metadata.nn_course.notes == []
    worked = {c.id: c.source for c in source.cells if c.metadata.nbgrader.solution}
    for c in handed_in.cells:
        c.source = worked.get(c.id, c.source)
        c.metadata = {}
    for number, c in enumerate(handed_in.cells):
        c.id = f"n{number}"
    grafted = graft(stub, handed_in)
    assert [c.id for c in grafted.cells] == [c.id for c in stub.cells]
    assert {c.id: c.source for c in grafted.cells if c.id in worked} == worked
