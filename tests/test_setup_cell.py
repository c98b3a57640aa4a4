"""The first cell of every notebook: installs `helpers` where it is missing, else does nothing."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from helpers.grading.build import setup_source
from helpers.grading.course import Course

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = Course(ROOT).repository


def run_setup(monkeypatch, installed: bool) -> list[str]:
    """The pip commands that the setup cell gives when `helpers` is there or not."""
    commands = []

    class Shell:
        def run_line_magic(self, magic, line):
            commands.append(f"{magic} {line}")

    found = importlib.util.find_spec("helpers") if installed else None
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: found)
    code = TransformerManager().transform_cell(setup_source(REPOSITORY))
    exec(code, {"get_ipython": lambda: Shell()})
    return commands


def test_nothing_is_installed_where_helpers_is_there(monkeypatch):
    assert run_setup(monkeypatch, installed=True) == []


def test_helpers_is_installed_from_the_repository_where_it_is_missing(monkeypatch):
    (command,) = run_setup(monkeypatch, installed=False)
    assert command.startswith("pip install --quiet")
    assert f"git+{REPOSITORY}" in command


@pytest.fixture(scope="module")
def remote(tmp_path_factory):
    """A git repository with the helper package, standing in for the address in pyproject.toml."""
    folder = tmp_path_factory.mktemp("remote")
    shutil.copytree(ROOT / "helpers", folder / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder / name)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-C", str(folder)]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "helpers"]):
        subprocess.run([*git, *command], check=True)
    return folder


@pytest.fixture(scope="module")
def fresh_python(tmp_path_factory):
    """A new environment with a notebook runner and nothing of the course."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--seed", "--python", sys.executable, str(folder)], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(folder / "bin/python"), "--constraint",
                    str(ROOT / "requirements.lock"), "ipykernel", "nbclient"], check=True)  # fmt: skip
    return folder / "bin/python"


@pytest.mark.parametrize("notebook", ["notebooks/01-perceptron.ipynb", "solutions/01-perceptron.ipynb"])
def test_notebook_runs_in_a_fresh_environment(notebook, fresh_python, remote, tmp_path):
    copy = shutil.copy(ROOT / notebook, tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment |= {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{remote}.insteadOf",
        "GIT_CONFIG_VALUE_0": REPOSITORY,
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    execute = fresh_python.with_name("jupyter-execute")
    run = subprocess.run([execute, "--inplace", copy], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-3000:]
    installed = subprocess.run([fresh_python, "-c", "import helpers; print(helpers.__file__)"], cwd=tmp_path,
                               env=environment, capture_output=True, text=True, check=True)  # fmt: skip
    assert str(fresh_python.parent.parent) in installed.stdout
    outputs = [output for cell in nbformat.read(copy, 4).cells for output in cell.get("outputs", [])]
    assert outputs and not [output for output in outputs if output.output_type == "error"]
