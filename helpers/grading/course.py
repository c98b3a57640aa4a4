"""Where things lie: the course's folder, its units, nbgrader's configuration for it."""

import tomllib
from functools import cached_property
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

CONFIG_FILE = "nbgrader_config.py"


class CourseError(Exception):
    """Something that the user can put right; the message says what, where and how."""


class Unit:
    """One unit: its master in ``source/`` and everything that is derived from it."""

    def __init__(self, course: "Course", name: str):
        self.name = name
        self.course = course
        notebooks = sorted((course.root / "source" / name).glob("*.ipynb"))
        if len(notebooks) != 1:
            raise CourseError(f"source/{name} holds {len(notebooks)} notebooks; a unit has exactly one master.")
        self.source = notebooks[0]
        self.notebook = self.source.stem
        self.release = course.root / "release" / name / self.source.name
        self.solution = course.root / "solutions" / f"{name}.ipynb"
        self.lecture = course.root / "notebooks" / f"{name}.ipynb"

    @property
    def submissions(self) -> list[Path]:
        """The folders ``submitted/<student>/<unit>``, one a student, by name."""
        return sorted(path for path in self.course.root.glob(f"submitted/*/{self.name}") if path.is_dir())


class Course:
    """A course's folder: `root` has ``source/`` and ``nbgrader_config.py``."""

    def __init__(self, root: Path):
        self.root = root.resolve()

    @classmethod
    def find(cls, start: Path | None = None) -> "Course":
        """The course that `start` (by default the working directory) lies in. Raises CourseError outside of one."""
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG_FILE).is_file() and (folder / "source").is_dir():
                return cls(folder)
        raise CourseError(f"{start} is not inside a course: no folder above it has {CONFIG_FILE} and source/. "
                          "Change into your clone of the course.")  # fmt: skip

    @property
    def units(self) -> list[Unit]:
        """All units, in the course's order."""
        return [Unit(self, folder.name) for folder in sorted((self.root / "source").iterdir()) if folder.is_dir()]

    def unit(self, name: str) -> Unit:
        """The unit called `name`. Raises CourseError that lists the known ones."""
        known = [folder.name for folder in sorted((self.root / "source").iterdir()) if folder.is_dir()]
        if name not in known:
            raise CourseError(f'There is no unit "{name}". Units here: {", ".join(known) or "none"}.')
        return Unit(self, name)

    @cached_property
    def repository(self) -> str:
        """The address that students install `helpers` from, from pyproject.toml."""
        pyproject = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        return pyproject["project"]["urls"]["Repository"].removesuffix(".git")

    def config(self) -> Config:
        """What ``nbgrader_config.py`` says, with this folder as the course's root."""
        config = PyFileConfigLoader(CONFIG_FILE, path=str(self.root)).load_config()
        config.CourseDirectory.root = str(self.root)
        return config

    def directory(self) -> CourseDirectory:
        """nbgrader's view of this folder."""
        return CourseDirectory(config=self.config())
