"""helpers.progress: checks passed by assignment, from whatever notebooks a student's folder holds."""

import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import progress

ROOT = Path(__file__).resolve().parents[1]
CHECKS = """check.scalar("one", f(1), 1, hint="...")
with check.time_limit("two", 3, hint="..."):
    f(2)
if f(3):
    check.true("three", f(3) == 3, hint="...")"""


def printed(*names):
    return new_output("stream", name="stdout", text="".join(f"passed: {name}\n" for name in names))


def error(name):
    return new_output("error", ename=name, evalue="...", traceback=["..."])


def cell(*outputs, source=CHECKS):
    return new_code_cell(source, outputs=list(outputs))


def save(path, *cells, title="# Assignment 3: Rivals\n\nText"):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_markdown_cell(title), *cells]), path)
    return path


def counted(folder):
    return [(unit.number, unit.passed, unit.failed, unit.checks) for unit in progress.read(folder).units]


@pytest.mark.parametrize(("cells", "expected"), [
    ([cell()], (0, 0, 3)),
    ([cell(printed("one", "two", "three"))], (3, 0, 3)),
    ([cell(printed("one"), error("CheckFailed"))], (1, 1, 3)),
    ([cell(printed("one"), error("NotImplementedError"))], (1, 0, 3)),
    ([cell(error("NameError"))], (0, 1, 3)),
    ([cell(printed("one", "two", "three")), cell()], (3, 0, 6)),
    ([cell(printed("a", "b", "c", "d", "e"), source="for x in (1, 2):\n    check.true('x', x, hint='')")], (5, 0, 5)),
    ([cell(printed("forged"), source="print('passed: forged')")], (0, 0, 0)),
    ([cell(source="# Further checks run when your notebook is graded: check.scalar(1)")], (0, 0, 0)),
    ([cell(source="%matplotlib inline\n!ls\ncheck.true('x', True, hint='')")], (0, 0, 1)),
    ([cell(source="check.true('x'")], (0, 0, 0)),
])  # fmt: skip
def test_what_is_counted(cells, expected, tmp_path):
    save(tmp_path / "rivals.ipynb", *cells)
    assert counted(tmp_path) == [(3, *expected)]


def test_the_worked_solution_has_all_checks_passed(tmp_path):
    nb = nbformat.read(ROOT / "solutions" / "01-perceptron.ipynb", 4)
    nb.cells[0].source = nb.cells[0].source.replace("# Worked solution", "# Assignment")
    nbformat.write(nb, tmp_path / "perceptron.ipynb")
    lines = json.dumps([cell.get("outputs") for cell in nb.cells]).count("passed: ")
    assert lines > 10 and counted(tmp_path) == [(1, lines, 0, lines)]


def test_all_released_assignments_are_found_and_open(tmp_path):
    shutil.copytree(ROOT / "release", tmp_path / "release")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    units = progress.read(tmp_path).units
    assert [unit.number for unit in units] == list(range(1, len(list((ROOT / "release").iterdir())) + 1))
    assert all(unit.checks >= 5 and unit.passed == unit.failed == 0 for unit in units)


def test_copies_do_not_count_twice_and_damaged_files_are_named(tmp_path):
    save(tmp_path / "rivals.ipynb", cell(printed("one"), error("CheckFailed")))
    save(tmp_path / "rivals (1).ipynb", cell(printed("one", "two", "three")))
    save(tmp_path / "sub" / "Kopie von rivals.ipynb", cell())
    save(tmp_path / ".ipynb_checkpoints" / "rivals-checkpoint.ipynb", cell())
    save(tmp_path / "lecture.ipynb", cell(printed("one")), title="# Lecture 3: Rivals")
    (tmp_path / "cut.ipynb").write_text((tmp_path / "rivals.ipynb").read_text()[:100])
    (tmp_path / "empty.ipynb").write_text("")
    (tmp_path / "odd.ipynb").write_text('{"cells": [{"cell_type": "code"}]}')
    (tmp_path / "list.ipynb").write_text("[]")
    (tmp_path / "binary.ipynb").write_bytes(bytes(range(256)))
    assert counted(tmp_path) == [(3, 3, 0, 3)]
    text = repr(progress.read(tmp_path))
    assert "rivals (1).ipynb has the most checks passed and is shown; not rivals.ipynb, sub/Kopie von" in text
    for name in ("cut", "empty", "odd", "list", "binary"):
        assert f"{name}.ipynb cannot be read" in text
    assert "checkpoint" not in text


def test_one_notebook_or_none_is_said_kindly(tmp_path):
    assert "No assignment was found" in repr(progress.read(tmp_path)) and "Colab" in repr(progress.read(tmp_path))
    save(tmp_path / "rivals.ipynb", cell())
    assert "Only one assignment is in this folder" in repr(progress.read(tmp_path))
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        progress.read(tmp_path / "nothing")


def test_from_an_assignments_folder_the_whole_course_is_seen(tmp_path, monkeypatch, capsys):
    (tmp_path / "notebooks").mkdir()
    save(tmp_path / "release/03-irprop/irprop.ipynb", cell())
    save(tmp_path / "release/04-rbm/rbm.ipynb", cell(), title="# Assignment 4: Machines <b>&")
    monkeypatch.chdir(tmp_path / "release/03-irprop")
    progress.show()
    assert "03 Rivals" in capsys.readouterr().out
    assert [unit.number for unit in progress.read().units] == [3, 4]


class Table(HTMLParser):
    """The tags with their attributes, and the text between them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text.append(data)


def test_the_table_is_accessible_and_says_all_in_words(tmp_path):
    save(tmp_path / "rbm.ipynb", cell(printed("one"), error("CheckFailed")), title="# Assignment 4: <script>x</script>")
    table = Table(progress.read(tmp_path)._repr_html_())
    scopes = [attributes.get("scope") for tag, attributes in table.tags if tag == "th"]
    assert scopes == ["col"] * 4 + ["row"] and "caption" in [tag for tag, _ in table.tags]
    assert not {"script", "img", "style"} & {tag for tag, _ in table.tags}
    assert [text for text in table.text if text in ("1 of 3", "1")] == ["1 of 3", "1", "1"]
    assert "color" not in progress.read(tmp_path)._repr_html_()


def test_it_needs_the_standard_library_only(tmp_path):
    program = "import sys; from helpers import progress; progress.show(sys.argv[1]); print(sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert "No assignment was found" in run.stdout, run.stderr
    assert not {"numpy", "IPython", "nbformat", "matplotlib"} & set(run.stdout.split("'"))
