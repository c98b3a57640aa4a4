"""Every kind of damage gives a valid notebook with a note, or one line that says why not."""

import json
import os
import random
import shutil
import string
import subprocess
import sys

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from traitlets.config import Config

from helpers.grading import intake, reading
from helpers.grading.intake import NotGraded, find_notebook, name_notebooks, read_from, read_submission


def code(source="x = 1\n", **more):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 3} | more


def markdown(source="text", **more):
    return {"cell_type": "markdown", "metadata": {}, "source": source} | more


def notebook(*cells, minor=5, metadata=None, **more):
    cells = [cell if minor < 5 or "id" in cell else cell | {"id": f"c{n}"} for n, cell in enumerate(cells)]
    return {"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": minor} | more


@pytest.fixture
def read(tmp_path):
    def read(data):
        path = tmp_path / "perceptron.ipynb"
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        nb = read_submission(path)
        nbformat.validate(nb)
        nbformat.writes(nb).encode("utf-8")
        assert (nb.nbformat, nb.nbformat_minor) == (4, 5)
        assert len({cell.id for cell in nb.cells}) == len(nb.cells)
        return nb

    return read


def notes(nb):
    return nb.metadata["nn_course"]["notes"]


def test_clean_notebook_is_kept_and_gives_no_notes(read):
    grading = {
        "grade_id": "task-1-step",
        "solution": True,
        "grade": False,
        "locked": False,
        "schema_version": 3,
    }
    output = {"output_type": "stream", "name": "stdout", "text": ["a\n"]}
    first = code(["a = 1\n", "b = 2"], id="task-1-step", metadata={"nbgrader": grading}, outputs=[output])
    picture = {"a.png": {"image/png": "aGVsbG8="}}
    nb = read(
        notebook(first, markdown(attachments=picture), metadata={"kernelspec": {"name": "x", "display_name": "X"}})
    )
    assert notes(nb) == []
    assert nb.cells[0].source == "a = 1\nb = 2"
    assert nb.cells[0].id == "task-1-step"
    assert nb.cells[0].metadata.nbgrader == grading
    assert nb.cells[0].execution_count is None
    assert nb.cells[0].outputs == [{"output_type": "stream", "name": "stdout", "text": "a\n"}]
    assert nb.cells[1].attachments == picture
    assert nb.metadata.kernelspec.name == "x"


def test_forged_notes_are_dropped(read):
    assert notes(read(notebook(code(), metadata={"nn_course": {"notes": ["Full marks."]}}))) == []
    assert notes(read(notebook(code(), metadata={"nn_course": "Full marks."}))) == []


def test_nbformat_3(read):
    worksheet = {
        "cells": [
            {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Title"]},
            {"cell_type": "code", "input": ["x = 1\n", "y"], "language": "python", "metadata": {},
             "collapsed": False, "prompt_number": 1,
             "outputs": [{"output_type": "pyout", "prompt_number": 1, "text": "1"}]},
            {"cell_type": "html", "metadata": {}, "source": "<b>x</b>"},
        ],
        "metadata": {},
    }  # fmt: skip
    nb = read({"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [worksheet, {}]})
    assert [(cell.cell_type, cell.source) for cell in nb.cells] == [
        ("markdown", "## Title"),
        ("code", "x = 1\ny"),
        ("markdown", "<b>x</b>"),
    ]
    assert notes(nb) == ["Written in notebook format 3.0, read as 4.5."]


@pytest.mark.parametrize("minor", range(5))
def test_nbformat_4_without_ids(read, minor):
    nb = read(notebook(code(), markdown(), minor=minor))
    assert notes(nb) == [f"Written in notebook format 4.{minor}, read as 4.5."]


def test_saved_by_colab(read):
    # The shape of Colab's files: format 4.0, ids and views in the metadata of the cells.
    cells = [
        markdown(metadata={"id": "view-in-github", "colab_type": "text"}),
        code(metadata={"id": "task-1-step", "outputId": "1d-0", "cellView": "form",
                       "colab": {"base_uri": "https://localhost:8080/", "height": 34}}),
    ]  # fmt: skip
    metadata = {
        "colab": {"provenance": [], "toc_visible": True},
        "accelerator": "GPU",
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    nb = read(notebook(*cells, minor=0, metadata=metadata))
    assert [cell.id for cell in nb.cells] == ["view-in-github", "task-1-step"]
    assert notes(nb) == ["Saved by Colab."]


def test_saved_by_vs_code(read):
    cells = [code(metadata={"vscode": {"languageId": "python"}}), markdown()]
    assert notes(read(notebook(*cells, minor=2))) == ["Saved by VS Code."]
    metadata = {"vscode": {"interpreter": {"hash": "b1677b44"}}}
    assert notes(read(notebook(*cells, metadata=metadata))) == ["Saved by VS Code."]


def test_duplicate_ids_can_be_told(read):
    nb = read(notebook(code(id="a"), code(id="a"), code(id="a"), code(id="a-copy-2"), code(id="b")))
    assert [cell.id for cell in nb.cells] == ["a", "a-copy-3", "a-copy-4", "a-copy-2", "b"]
    assert notes(nb) == ["Several cells had the same id; the later ones got new ones."]


@pytest.mark.parametrize("bad", ["", "has space", "x" * 65, 7, None, ["a"], {}])
def test_invalid_and_missing_ids(read, bad):
    nb = read(notebook(code(id=bad), code(id="cell-1"), code(id=bad)))
    assert [cell.id for cell in nb.cells] == ["cell-2", "cell-1", "cell-3"]
    assert notes(nb) == ["Cell ids were missing or not valid; new ones were given."]


def test_missing_keys(read):
    nb = read({"cells": [{"cell_type": "code"}, {"source": "hello"}, {"source": "x", "outputs": []}, {}]})
    assert [(cell.cell_type, cell.source) for cell in nb.cells] == [
        ("code", ""), ("markdown", "hello"), ("code", "x"), ("markdown", ""),
    ]  # fmt: skip
    assert "Written without a format version, read as 4.5." in notes(nb)
    assert "Cell 2 had no known cell type and was read as a markdown cell." in notes(nb)
    assert "The text of cell 1 was missing or damaged; what could be read was kept." in notes(nb)


@pytest.mark.parametrize("kind", ["sql", "", 5, None, ["code"], {}])
def test_unknown_cell_types(read, kind):
    nb = read(notebook(markdown("a", cell_type=kind), code("b", cell_type=kind)))
    assert [cell.cell_type for cell in nb.cells] == ["markdown", "code"]
    assert len(notes(nb)) == 2


@pytest.mark.parametrize("outputs", [None, "x", {}, [None], [{"output_type": "nonsense"}], [[[]]], 3])
def test_damaged_outputs_are_harmless(read, outputs):
    nb = read(notebook(code("x", outputs=outputs, execution_count="seven")))
    assert nb.cells[0].source == "x" and notes(nb) == []
    assert nb.cells[0].outputs == []


def test_of_outputs_text_and_pictures_are_kept(read):
    data = {"image/png": ["aGVs", "bG8="], "text/html": "<b>x</b>", "application/javascript": "alert(1)",
            "application/vnd.jupyter.widget-view+json": {"model_id": "1"}}  # fmt: skip
    metadata = {"image/png": {"alt": "A line."}, "isolated": True}
    shown = {"output_type": "display_data", "data": data, "metadata": metadata}
    error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
    nb = read(notebook(code("x", outputs=[shown]), code("y", outputs=[shown, error])))
    (kept,) = nb.cells[0].outputs
    assert kept.data == {"image/png": "aGVsbG8=", "text/html": "<b>x</b>"}
    assert kept.metadata == {"image/png": {"alt": "A line."}}
    assert nb.cells[1].outputs == []


@pytest.mark.parametrize("source", [None, 5, {"a": "b"}, ["a\n", None, 5, "b"]])
def test_damaged_source(read, source):
    nb = read(notebook(code(source)))
    assert nb.cells[0].source == ("a\nb" if isinstance(source, list) else "")
    assert notes(nb) == ["The text of cell 1 was missing or damaged; what could be read was kept."]


@pytest.mark.parametrize("metadata", ["x", [], 5, [{}]])
def test_metadata_of_wrong_type(read, metadata):
    nb = read(notebook(code(metadata=metadata), metadata=metadata))
    assert nb.cells[0].metadata == {} and set(nb.metadata) == {"nn_course"}
    assert "The metadata of cell 1 was damaged and was left out." in notes(nb)


def test_metadata_that_the_format_forbids(read):
    wrong = {"tags": "no list", "collapsed": "yes", "scrolled": 7, "name": "", "jupyter": 1, "nbgrader": [1]}
    nb = read(notebook(code(metadata=wrong), metadata={"kernelspec": 5, "language": 7, "authors": "me", "mine": 1}))
    assert nb.cells[0].metadata == {"nbgrader": [1]}
    assert set(nb.metadata) == {"mine", "nn_course"}
    assert notes(nb) == ["Metadata that the notebook format does not allow was removed."]


@pytest.mark.parametrize("attachments", [None, "x", {"a.png": 5}, {"a.png": {"image/png": 5}}, [1]])
def test_damaged_attachments(read, attachments):
    assert not read(notebook(markdown(attachments=attachments))).cells[0].get("attachments")


def test_entries_that_are_not_cells(read):
    nb = read(notebook(code("a")) | {"cells": ["text", code("a", id="a"), None, 5]})
    assert [cell.source for cell in nb.cells] == ["a"]
    assert notes(nb) == ["Entries that are not cells were left out: 3."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings(read, encoding):
    data = json.dumps(notebook(code("# Größe φ \U0001f600")), ensure_ascii=False).encode(encoding)
    nb = read(data)
    assert nb.cells[0].source == "# Größe φ \U0001f600" and notes(nb) == []


def test_other_encodings_are_read_as_windows_1252(read):
    nb = read(json.dumps(notebook(code("# Größe – 5 €")), ensure_ascii=False).encode("cp1252"))
    assert nb.cells[0].source == "# Größe – 5 €"
    assert notes(nb) == ["The file was not in UTF-8; read as Windows-1252, special characters may be wrong."]


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "\udfff"])
@pytest.mark.parametrize("escaped", [True, False])
def test_characters_that_cannot_be_stored(read, bad, escaped):
    cell = code(f"a{bad}b", metadata={f"k{bad}": [f"v{bad}"]})
    raw = json.dumps(notebook(cell, metadata={"x": bad}), ensure_ascii=escaped)
    nb = read(raw.replace("\\u0000", bad if not escaped else "\\u0000").encode("utf-8", "surrogatepass"))
    assert nb.cells[0].source == "a\ufffdb"
    assert nb.cells[0].metadata == {"k\ufffd": ["v\ufffd"]}
    assert notes(nb) == ["Characters that cannot be stored (NUL, half of a surrogate pair) were replaced."]


def test_line_ends(read):
    assert read(notebook(code("a\r\nb\rc\n"))).cells[0].source == "a\nb\nc\n"
    assert read(notebook(code(["a\r\n", "b"]))).cells[0].source == "a\nb"


def test_lenient_json(read):
    huge = '{"cells": [], "metadata": {"n": %s, "x": NaN, "y": -Infinity}, "nbformat": 4, "nbformat_minor": 5}'
    nb = read((huge % ("9" * 5000)).encode() + b"\x00" * 100)
    assert nb.metadata["x"] is None and notes(nb) == []


def test_many_cells(read):
    assert len(read(notebook(*[code("x")] * 5_000)).cells) == 5_000


WHOLE = json.dumps(notebook(code("print('hello')"), markdown("text")))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\x00\x00", "empty"),
        (WHOLE[:60].encode(), "cut off"),
        (WHOLE[: WHOLE.index("hello") + 2].encode(), "cut off"),
        (WHOLE[:-1].encode(), "cut off"),
        (WHOLE.replace(",", ";", 1).encode(), "damaged, not JSON from line 1 on"),
        (b"%PDF-1.7 ...", "begins with '%PDF-1.7"),
        (b"PK\x03\x04" + bytes(range(256)), "begins with 'PK"),
        (b"<html></html>", "begins with '<html>"),
        (b"[]", "no list of cells"),
        (b'{"a": 1}', "no list of cells"),
        (b'{"cells": {}}', "no list of cells"),
        (b'"text"', "no list of cells"),
        (b"null", "no list of cells"),
        (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"cells": [], "metadata": ' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}", "nested too deeply"),
    ],
)
def test_not_graded(read, data, reason):
    with pytest.raises(NotGraded) as refusal:
        read(data)
    message = str(refusal.value)
    assert message.startswith("perceptron.ipynb: ") and reason in message
    assert "\n" not in message and message.endswith("Ask for a new upload of the .ipynb file.")


def test_every_truncation_is_refused_as_such(read):
    for end in range(1, len(WHOLE)):
        with pytest.raises(NotGraded, match="cut off"):
            read(WHOLE[:end].encode())


def test_random_damage_never_crashes(read):
    chance = random.Random(5)
    for _ in range(300):
        data = bytearray(WHOLE.encode())
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.choice(string.printable.encode() + b"\x00\xff")
        try:
            read(bytes(data))
        except NotGraded:
            continue


def test_large_file_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "perceptron.ipynb"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    script = (
        "import resource, sys; from helpers.grading.intake import read_submission, NotGraded\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: read_submission(sys.argv[1])\n"
        "except NotGraded as e: print(e)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    lines = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True).stdout
    message, kilobytes = lines.splitlines()
    assert message.startswith("perceptron.ipynb: too large (200 MB, the limit is 50 MB)")
    assert int(kilobytes) < 5_000


def test_limit_is_exact(tmp_path, monkeypatch):
    path = tmp_path / "perceptron.ipynb"
    path.write_text(WHOLE)
    monkeypatch.setattr(reading, "MAX_BYTES", len(WHOLE))
    assert len(read_submission(path).cells) == 2
    monkeypatch.setattr(reading, "MAX_BYTES", len(WHOLE) - 1)
    with pytest.raises(NotGraded, match="too large"):
        read_submission(path)


def test_what_is_no_file(tmp_path):
    real, path = tmp_path / "real.ipynb", tmp_path / "perceptron.ipynb"
    real.write_text(WHOLE)
    with pytest.raises(NotGraded, match="cannot be read"):
        read_submission(path)
    path.symlink_to(real)
    with pytest.raises(NotGraded, match="a link"):
        read_submission(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(NotGraded, match="folder or special file"):
        read_submission(path)
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(NotGraded, match="folder or special file"):
        read_submission(path)


def test_unreadable_file(tmp_path, monkeypatch):
    path = tmp_path / "perceptron.ipynb"
    path.write_text(WHOLE)

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)  # root may read everything
    with pytest.raises(NotGraded, match="cannot be read \\(Permission denied\\)"):
        read_submission(path)


def test_message_is_one_line_for_any_name(tmp_path):
    path = tmp_path / os.fsdecode(b"a\n\xffb.ipynb")
    path.touch()
    with pytest.raises(NotGraded) as refusal:
        read_submission(path)
    assert str(refusal.value).startswith("a ?b.ipynb: the file is empty.")


# ---- which file counts


def put(folder, name, age=0, source="x"):
    path = folder / name
    path.write_text(json.dumps(notebook(code(source))))
    os.utime(path, (1e9 - age, 1e9 - age))
    return path


@pytest.mark.parametrize(
    "name",
    ["perceptron.ipynb", "Perceptron.ipynb", "PERCEPTRON.IPYNB", "perceptron (1).ipynb",
     "perceptron(2).ipynb", "Kopie von perceptron.ipynb", "Copy of perceptron.ipynb",
     "perceptron-Copy1.ipynb", "perceptron_final.ipynb", "perceptron - Kopie.ipynb",
     "12345_perceptron.ipynb", "Müller_Eva_4711_perceptron (3).ipynb"],
)  # fmt: skip
def test_names_that_count(tmp_path, name):
    put(tmp_path, name, age=100)
    put(tmp_path, "scratch.ipynb")
    put(tmp_path, "perceptrons.ipynb")
    (tmp_path / "perceptron.txt").touch()
    assert find_notebook(tmp_path, "perceptron").name == name


def test_the_exact_name_comes_first_and_what_was_left_is_noted(tmp_path):
    put(tmp_path, "perceptron.ipynb", age=100, source="exact")
    assert notes(read_from(tmp_path, "perceptron")) == []
    put(tmp_path, "perceptron (1).ipynb")
    nb = read_from(tmp_path, "perceptron")
    assert nb.cells[0].source == "exact"
    assert notes(nb) == [
        "Several files could be perceptron.ipynb: 'perceptron.ipynb' counts; left: 'perceptron (1).ipynb'."
    ]


def test_otherwise_the_newest(tmp_path):
    put(tmp_path, "perceptron (1).ipynb", age=50, source="older")
    put(tmp_path, "perceptron (2).ipynb", age=10, source="newer")
    nb = read_from(tmp_path, "perceptron")
    assert nb.cells[0].source == "newer"
    assert "'perceptron (2).ipynb' was graded as perceptron.ipynb." in notes(nb)
    assert any("left: 'perceptron (1).ipynb'" in note for note in notes(nb))


def test_otherwise_the_only_one(tmp_path):
    put(tmp_path, "homework.ipynb")
    assert find_notebook(tmp_path, "perceptron").name == "homework.ipynb"
    put(tmp_path, "other.ipynb")
    with pytest.raises(NotGraded, match="perceptron.ipynb: not handed in; the folder holds 'homework.ipynb'"):
        find_notebook(tmp_path, "perceptron")


def test_links_hidden_files_and_folders_never_count(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "perceptron.ipynb").symlink_to(put(tmp_path, "elsewhere.ipynb"))
    put(folder, "._perceptron.ipynb")
    (folder / "Perceptron.ipynb").mkdir()
    with pytest.raises(NotGraded, match="links do not count"):
        find_notebook(folder, "perceptron")
    put(folder, "perceptron (1).ipynb")
    assert find_notebook(folder, "perceptron").name == "perceptron (1).ipynb"


def test_empty_and_missing_folder(tmp_path):
    with pytest.raises(NotGraded, match="the folder holds no notebook. Ask for perceptron.ipynb."):
        find_notebook(tmp_path, "perceptron")
    with pytest.raises(NotGraded, match="folder cannot be read"):
        find_notebook(tmp_path / "nobody", "perceptron")


# ---- stock nbgrader


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course generated by stock nbgrader: its root, a function that autogrades, one that hands in."""
    tmp_path = tmp_path_factory.mktemp("course")
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.Exchange.enabled = False
    config.NbGrader.logfile = ""
    config.Autograde.exporter_class = "helpers.grading.intake.SubmissionExporter"
    config.Autograde.pre_convert_hook = "helpers.grading.intake.name_notebooks"
    config.Execute.kernel_name = "python3"
    source = tmp_path / "source" / "unit"
    source.mkdir(parents=True)
    grading = {"schema_version": 3, "task": False, "solution": False, "locked": True}
    test = code(
        "assert x == 1",
        id="t",
        metadata={"nbgrader": grading | {"grade": True, "points": 2, "grade_id": "t"}},
    )
    (source / "perceptron.ipynb").write_text(json.dumps(notebook(code("x = 0", id="s"), test)))
    api = NbGraderAPI(config=config)
    assert api.generate_assignment("unit")["success"]

    def autograde(student):
        result = api.autograde("unit", student)
        shown = [s["score"] for s in api.get_submissions("unit") if s["student"] == student and s["autograded"]]
        return (shown[0] if shown else None), result.get("log") or ""

    def submit(student, name, x, age=0):
        folder = tmp_path / "submitted" / student / "unit"
        folder.mkdir(parents=True, exist_ok=True)
        text = (tmp_path / "release" / "unit" / "perceptron.ipynb").read_text().replace("x = 0", f"x = {x}")
        (folder / name).write_text(text)
        os.utime(folder / name, (1e9 - age, 1e9 - age))
        return folder

    return tmp_path, autograde, submit


def test_stock_nbgrader_grades_other_names_and_changes_nothing(course):
    root, autograde, submit = course
    folder = submit("eva", "perceptron (1).ipynb", 0, age=100)
    assert autograde("eva")[0] == 0
    submit("eva", "perceptron (2).ipynb", 1)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(root / "autograded" / "eva")
    assert autograde("eva")[0] == 2, "the newer upload counts"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    graded = nbformat.read(root / "autograded" / "eva" / "unit" / "perceptron.ipynb", 4)
    assert "'perceptron (2).ipynb' was graded as perceptron.ipynb." in notes(graded)
    submit("eva", "perceptron.ipynb", 0)
    shutil.rmtree(root / "autograded" / "eva")
    assert autograde("eva")[0] == 0, "the exact name counts"


def test_stock_nbgrader_refuses_one_and_grades_the_others(course):
    root, autograde, submit = course
    (submit("bad", "perceptron.ipynb", 1) / "perceptron.ipynb").write_text(WHOLE[:50])
    submit("good", "perceptron.ipynb", 1)
    score, log = autograde("bad")
    assert score is None and "perceptron.ipynb: the file ends in the middle" in log
    assert autograde("good")[0] == 2


def test_stock_nbgrader_says_why_nothing_counts(course):
    root, autograde, submit = course
    folder = submit("ida", "a.ipynb", 1)
    submit("ida", "b.ipynb", 1)
    score, log = autograde("ida")
    assert not score and "perceptron.ipynb: not handed in; the folder holds 'a.ipynb', 'b.ipynb'" in log
    assert not (root / "autograded" / "ida").exists()
    for path in folder.iterdir():
        path.rename(root / path.name)
    (folder / "perceptron.ipynb").symlink_to(root / "a.ipynb")
    score, log = autograde("ida")
    assert not score and "links do not count" in log


def test_hook_with_wildcards(tmp_path):
    (tmp_path / "source" / "unit").mkdir(parents=True)
    put(tmp_path / "source" / "unit", "perceptron.ipynb")
    folder = tmp_path / "submitted" / "eva" / "unit"
    folder.mkdir(parents=True)
    paths = [str(put(folder, "scratch.ipynb")), str(put(folder, "perceptron (1).ipynb"))]
    name_notebooks(assignment="*", student="*", notebooks=paths)
    assert paths == [str(folder / "perceptron.ipynb")]


def test_plug_ins_have_the_types_that_nbgrader_expects():
    autograde = Autograde(config=Config({"Autograde": {
        "exporter_class": "helpers.grading.intake.SubmissionExporter",
        "pre_convert_hook": "helpers.grading.intake.name_notebooks",
    }}))  # fmt: skip
    assert autograde.exporter_class is intake.SubmissionExporter
    assert autograde.pre_convert_hook is name_notebooks
