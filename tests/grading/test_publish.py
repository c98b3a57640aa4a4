"""The student bundle: works in a fresh environment, tells no secret, and comes out the same each time."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from packaging.requirements import Requirement
from test_grade import command

from helpers.grading import master, publish
from helpers.grading.course import Course, CourseError

ROOT = Path(__file__).resolve().parents[2]
UNIT = "01-perceptron"
LECTURE, RELEASE = f"notebooks/{UNIT}.ipynb", f"release/{UNIT}/perceptron.ipynb"


@pytest.fixture(scope="module")
def course():
    return Course(ROOT)


@pytest.fixture(scope="module")
def published(course, tmp_path_factory):
    return publish.publish(course, course.units, tmp_path_factory.mktemp("out") / "nn-course")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_bundle_holds_what_students_need_and_nothing_else(published, course):
    files = contents(published.folder)
    expected = {"README.md", "pyproject.toml", "environment.yml"}
    for unit in course.units:
        expected |= {f"notebooks/{unit.name}.ipynb", f"release/{unit.name}/{unit.source.name}"}
    helpers = {path.relative_to(ROOT).as_posix() for path in (ROOT / "helpers").glob("*.py")}
    expected |= helpers | {"helpers/course.mplstyle"}
    assert {path for path in files if not path.startswith("helpers/assets/")} == expected
    assert "helpers/progress.py" in helpers and "progress.show()" in files["README.md"].decode()


def test_the_zip_holds_the_same_and_has_the_same_bytes_again(published, course, tmp_path):
    with zipfile.ZipFile(published.zip) as archive:
        unpacked = {name.removeprefix("nn-course/"): archive.read(name) for name in archive.namelist()}
    assert unpacked == contents(published.folder)
    again = publish.publish(course, course.units, tmp_path / "nn-course")
    assert again.zip.read_bytes() == published.zip.read_bytes()


def test_bounds_are_those_of_the_course(published):
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    light = tomllib.loads((published.folder / "pyproject.toml").read_text())["project"]
    for field in ("name", "version", "requires-python", "dependencies"):
        assert light[field] == whole[field]
    assert "scripts" not in light and set(light["optional-dependencies"]) == {"tensorflow", "lab"}
    environment = yaml.safe_load((published.folder / "environment.yml").read_text())
    assert f"conda activate {environment['name']}" in (published.folder / "README.md").read_text()
    *packages, pip = environment["dependencies"]
    assert pip == {"pip": ["-e ."]}
    bounds = {Requirement(line).name: str(Requirement(line).specifier) for line in packages}
    assert set(bounds) == {
        "python",
        "pip",
        "jupyterlab",
        "ipywidgets",
        "matplotlib",
        "numpy",
        "scikit-learn",
        "tensorflow",
    }
    for line in whole["dependencies"]:
        assert bounds[Requirement(line).name] == str(Requirement(line).specifier)


def spoil(files, path, change):
    """The bundle with one notebook changed."""
    nb = nbformat.reads(files[path].decode(), 4)
    change(nb)
    return files | {path: nbformat.writes(nb).encode()}


def region(unit, marker):
    """The lines between the markers in the first cell of a master that has them."""
    nb = master.read(unit.source)
    source = next(cell.source for cell in nb.cells if f"### BEGIN {marker}" in cell.source)
    return source.split(f"### BEGIN {marker}\n")[1].split(f"### END {marker}")[0].rstrip()


def add_text(text):
    return lambda nb: nb.cells.append(new_markdown_cell(text))


def add_output(text):
    def change(nb):
        cell = next(cell for cell in nb.cells if cell.cell_type == "code")
        cell.outputs.append(new_output("display_data", data={"text/html": text.replace("<", "&lt;")}))

    return change


def worked(unit, task):
    cell = next(cell for cell in master.read(unit.source).cells if master.grade_id(cell) == task)
    return "\n".join(line for line in cell.source.split("\n") if "###" not in line)


LEAKS = {
    "a hidden test in a lecture": lambda unit, f: spoil(f, LECTURE, add_text(region(unit, "HIDDEN TESTS"))),
    "a hidden test in an output": lambda unit, f: spoil(f, LECTURE, add_output(region(unit, "HIDDEN TESTS"))),
    "a hidden test in the README": lambda unit, f: f | {"README.md": region(unit, "HIDDEN TESTS").encode()},
    "one line of a mark scheme": lambda unit, f: spoil(
        f, LECTURE, add_text(region(unit, "MARK SCHEME").strip().split("\n")[-1])),
    "a solution in a lecture": lambda unit, f: spoil(f, LECTURE, add_text(worked(unit, "task-5-train"))),
    "a solution in helpers": lambda unit, f: f | {"helpers/extra.py": worked(unit, "task-5-train").encode()},
    "a line of a solution in its release": lambda unit, f: spoil(
        f, RELEASE, add_text(region(unit, "SOLUTION").strip().split("\n")[0])),
    "the model answer": lambda unit, f: spoil(f, LECTURE, add_text(worked(unit, "task-7-xor-in-words"))),
    "a module of the grader": lambda unit, f: f | {"helpers/grading/score.py": b""},
    "a module of the grader elsewhere": lambda unit, f: f | {
        "helpers/extra.py": (ROOT / "helpers/grading/score.py").read_bytes()},
    "an import of the grader": lambda unit, f: f | {"helpers/extra.py": b"from helpers.grading import score\n"},
    "nbgrader": lambda unit, f: f | {"helpers/extra.py": b"import nbgrader\n"},
    "the master": lambda unit, f: f | {f"source/{UNIT}/perceptron.ipynb": unit.source.read_bytes()},
    "the worked solution": lambda unit, f: f | {f"solutions/{UNIT}.ipynb": unit.solution.read_bytes()},
    "the worked solution under another name": lambda unit, f: f | {"notebooks/more.ipynb": unit.solution.read_bytes()},
}  # fmt: skip


@pytest.fixture(scope="module")
def files(course):
    return publish.bundle(course, [course.unit(UNIT)])


@pytest.mark.parametrize("leak", LEAKS)
def test_the_gate_refuses(leak, course, files):
    findings, _ = publish.told(course, LEAKS[leak](course.unit(UNIT), files))
    assert findings, leak


def test_the_gate_lets_the_bundle_and_lines_that_stand_there_by_chance_pass(course, files):
    assert publish.told(course, files) == ([], [])
    chance = "for _ in range(epochs):\nreturn params, losses\n\nrng = np.random.default_rng(3)"
    assert publish.told(course, spoil(files, LECTURE, add_text(chance)))[0] == []


def test_a_refused_bundle_is_not_written(course, tmp_path, monkeypatch):
    bundle = publish.bundle
    monkeypatch.setattr(publish, "bundle", lambda *both: LEAKS["the master"](course.unit(UNIT), bundle(*both)))
    with pytest.raises(CourseError, match="Nothing was published"):
        publish.publish(course, [course.unit(UNIT)], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_what_a_later_unit_gives_away_is_said(published):
    """Unit 03 starts from the network of unit 02: its author's will, and a reason to publish it later."""
    assert any("02-backprop: publish it once" in notice for notice in published.notices)
    alone = Course(ROOT).unit("03-irprop")
    assert publish.told(Course(ROOT), publish.bundle(Course(ROOT), [alone])) == ([], [])


def test_a_stale_release_and_a_foreign_folder_are_errors(course, tmp_path):
    copy = tmp_path / "course"
    for name in ("source", "release", "notebooks", "docs", "helpers"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "0[2-8]-*"))
    for name in ("nbgrader_config.py", "pyproject.toml", "environment.yml"):
        shutil.copy(ROOT / name, copy / name)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    run = command(Course(copy), "course", "publish", "--to", str(tmp_path / "out"))
    assert run.returncode == 1 and "holds something else" in run.stderr
    assert contents(tmp_path / "out") == {"thesis.txt": b"mine"}
    for _ in range(2):
        run = command(Course(copy), "course", "publish", UNIT)
        assert run.returncode == 0 and "nn-course.zip" in run.stdout
    (copy / RELEASE).write_text((copy / RELEASE).read_text().replace("Task 1", "Task one"))
    run = command(Course(copy), "course", "publish")
    assert run.returncode == 1 and f"course build {UNIT}" in run.stderr


@pytest.fixture(scope="module")
def fresh(published, tmp_path_factory):
    """The bundle unpacked and installed in a new environment as its README says, a runner in JupyterLab's place.

    The versions are those that Colab publishes, its IPython 7 and ipywidgets 7 included; the newest ones are tried in
    tests/test_setup_cell.py.
    """
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(published.zip) as archive:
        archive.extractall(folder)
    uv, python = str(Path(sys.executable).with_name("uv")), folder / "venv" / "bin" / "python"
    versions = str(ROOT / "tests" / "colab-versions.txt")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), "--constraint", versions,
                    "--editable", str(folder / "nn-course"), "ipykernel", "nbclient"], check=True)  # fmt: skip
    return folder / "nn-course", python


def run(fresh, *words):
    folder, python = fresh
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment["PATH"] = f"{python.parent}:/usr/bin:/bin"
    environment["IPYTHONDIR"] = str(folder.parent / "ipython")
    return subprocess.run([python, *words], cwd=folder, env=environment, capture_output=True, text=True)


def test_a_fresh_environment_works_through_unit_01(fresh, course):
    folder, _ = fresh
    done = run(fresh, "-c", "import helpers; print(helpers.__file__)")
    assert done.stdout.strip() == str(folder / "helpers" / "__init__.py"), done.stderr
    for name in ("helpers.grading", "nbgrader", "typer"):
        assert "ModuleNotFoundError" in run(fresh, "-c", f"import {name}").stderr
    assert not (folder.parent / "venv/bin/course").exists()
    assert run(fresh, "-c", "import IPython; print(IPython.__version__)").stdout.startswith("7.")

    nb = nbformat.read(folder / RELEASE, 4)
    solved = {cell.id: cell.source for cell in nbformat.read(course.unit(UNIT).solution, 4).cells}
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = solved[cell.id]
    nb.cells.append(new_code_cell("from helpers import progress\nprogress.show()"))
    nbformat.write(nb, folder / RELEASE)
    for path in (LECTURE, RELEASE, "notebooks/02-backprop.ipynb"):  # 02 has colour bars, contours and widgets
        done = run(fresh, "-m", "jupyter", "execute", "--inplace", path)
        assert done.returncode == 0, done.stderr[-3000:]
    [shown] = nbformat.read(folder / RELEASE, 4).cells[-1].outputs
    assert shown.data["text/html"].startswith("<table>") and "01 The perceptron" in shown.data["text/plain"]
    printed = json.dumps([cell.get("outputs") for cell in nbformat.read(folder / RELEASE, 4).cells]).count("passed: ")
    report = run(fresh, "-c", "from helpers import progress; progress.show()").stdout
    row = next(line for line in report.split("\n") if line.startswith("01 "))
    assert row.split()[-5:] == [str(printed), "of", str(printed), "0", "0"]
    assert next(line for line in report.split("\n") if line.startswith("02 ")).split()[-5] == "0"


def test_tensorflow_is_not_needed_for_the_first_six_units():
    for path in [*(ROOT / "notebooks").glob("0[1-6]*.ipynb"), *(ROOT / "release").glob("0[1-6]*/*.ipynb")]:
        code = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")
        assert not re.search(r"(import|from) +(tensorflow|keras)", code), path
