"""Fixtures that several test files share."""

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# nbgrader calls `alembic`, which lies beside the running Python, also when the environment is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@pytest.fixture
def course_copy(tmp_path):
    """A course of its own in a temporary folder: masters, settings, nothing graded."""
    from helpers.grading.course import Course

    root = tmp_path / "course"
    shutil.copytree(ROOT / "source", root / "source")
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    return Course(root)
