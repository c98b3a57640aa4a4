"""The student bundle: lectures, released assignments, the light helper package; and a gate that keeps secrets out.

The gate compares every text of the bundle with the solutions, hidden tests and mark schemes of all masters and with
the grader. A short line such as `for _ in range(epochs):` stands in lectures by chance; so outside of the unit's own
release a secret counts as told where LONG characters of one line or RUN lines in a row are there.
"""

import html
import json
import re
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml

from . import gates, master
from .course import Course, CourseError, Unit
from .returns import ZIP_TIME
from .shelf import strings

LONG, RUN, RUN_CHARS = 60, 3, 60
WRITTEN_BY = "# Written by: course publish"
KINDS = {"SOLUTION": "solution", "HIDDEN TESTS": "hidden test", "MARK SCHEME": "mark scheme"}
# What students' environment.yml has beside the packages of pyproject.toml, with the course's own bounds.
LAB = "jupyterlab"

_FORBIDDEN = re.compile(
    r"(^|/)(grading|source|solutions|tests|submitted|earlier|autograded|feedback|returned|reports)/|nbgrader_config|gradebook"
)
_GRADER = re.compile(r"\bhelpers\.grading\b|\bfrom helpers import .*\bgrading\b|^\s*(?:import|from) nbgrader\b", re.M)


@dataclass
class Published:
    """Where the bundle is, and what the instructor should know about it."""

    folder: Path
    zip: Path
    notices: list[str]


@dataclass(frozen=True)
class Secret:
    """Lines that stand together in a master or in the grader, blank ones left out; `telling` tell something alone."""

    kind: str
    where: str
    lines: tuple[str, ...]
    telling: tuple[str, ...] = ()


def publish(course: Course, units: list[Unit], to: Path | None = None) -> Published:
    """Write the bundle of `units` as a folder, by default ``published/<name>``, and as a ZIP beside it.

    Raises CourseError where a release is not up to date, the folder holds something else, or a secret would be told.
    """
    files = bundle(course, units)
    findings, notices = told(course, files)
    if findings:
        more = f"\n  and {len(findings) - 10} more" if len(findings) > 10 else ""
        raise CourseError("Nothing was published, because students would see\n  " + "\n  ".join(findings[:10]) + more)
    folder = (to or course.root / "published" / name(course)).resolve()
    marker = folder / "pyproject.toml"
    ours = marker.is_file() and marker.read_text(encoding="utf-8", errors="replace").startswith(WRITTEN_BY)
    if folder.exists() and not ours and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} holds something else; name another folder with --to, or move it away.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".publish-", dir=folder.parent) as part:
        for path, data in files.items():
            target = Path(part, "new", path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if folder.exists():
            shutil.move(folder, Path(part, "old"))
        Path(part, "new").rename(folder)
    archive = folder.with_name(f"{folder.name}.zip")
    write_zip(archive, folder.name, files)
    return Published(folder, archive, notices)


def name(course: Course) -> str:
    """The bundle's name: the repository's."""
    return course.repository.rsplit("/", 1)[-1]


def write_zip(path: Path, top: str, files: dict[str, bytes]) -> None:
    """The files as a ZIP, under one folder; the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files):
            info = zipfile.ZipInfo(f"{top}/{file}", ZIP_TIME)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, files[file], zipfile.ZIP_DEFLATED, 9)


def bundle(course: Course, units: list[Unit]) -> dict[str, bytes]:
    """The files of the bundle by path. Raises CourseError where something of it is missing or not up to date."""
    root = course.root
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = root / "docs" / "students.md"
    if not readme.is_file():
        raise CourseError(f"{readme} is missing; it becomes the students' README. Restore it from git.")
    title = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["name"]
    files = {
        "README.md": readme.read_bytes(),
        "pyproject.toml": pyproject(project).encode(),
        "environment.yml": environment(project, title).encode(),
    }
    for path in sorted([*root.glob("helpers/*.py"), *root.glob("helpers/*.mplstyle"), *root.glob("helpers/assets/*")]):
        files[path.relative_to(root).as_posix()] = path.read_bytes()
    for unit in units:
        released = master.text(master.release(master.canonical(master.read(unit.source))))
        if not unit.release.is_file() or master.text(master.read(unit.release)) != released:
            raise CourseError(f"release/{unit.name} is not what the master gives now. Run: course build {unit.name}")
        for path in (unit.lecture, unit.release):
            if not path.is_file():
                raise CourseError(f"{path} is missing; a unit has a lecture and a release.")
            files[path.relative_to(root).as_posix()] = path.read_bytes()
    return files


def pyproject(project: dict) -> str:
    """The light package's pyproject.toml: the same name and bounds, no grading, no command."""
    extras = project["optional-dependencies"]
    lab = [line for line in extras["grading"] if line.startswith(LAB)]
    lines = [
        WRITTEN_BY, "[build-system]", 'requires = ["setuptools>=77"]', 'build-backend = "setuptools.build_meta"', "",
        "[project]", f"name = {json.dumps(project['name'])}", f"version = {json.dumps(project['version'])}",
        'description = "What the notebooks of the course import"',
        f"requires-python = {json.dumps(project['requires-python'])}",
        f"dependencies = {json.dumps(project['dependencies'])}", "",
        "[project.optional-dependencies]",
        f"tensorflow = {json.dumps(extras['tensorflow'])}", f"lab = {json.dumps(lab)}", "",
        "[tool.setuptools]", 'packages = ["helpers"]', "",
        "[tool.setuptools.package-data]", 'helpers = ["*.mplstyle", "assets/*"]', "",
    ]  # fmt: skip
    return "\n".join(lines)


def environment(project: dict, title: str) -> str:
    """The students' environment.yml."""
    extras = project["optional-dependencies"]
    lab = [line for line in extras["grading"] if line.startswith(LAB)]
    packages = [f"python{project['requires-python']}", "pip", *lab, *project["dependencies"], *extras["tensorflow"]]
    lines = [f"name: {title}", "channels:", "  - conda-forge", "dependencies:"]
    lines += [f"  - {package}" for package in packages] + ["  - pip:", "      - -e .", ""]
    return "\n".join(lines)


def told(course: Course, files: dict[str, bytes]) -> tuple[list[str], list[str]]:
    """What of the secrets a bundle tells, a sentence each; and notices about what a unit gives away by design."""
    findings = [f"{path}: no such file belongs there" for path in files if _FORBIDDEN.search(path)]
    notices = []
    secrets = list(masters_secrets(course)) + list(graders_secrets(course))
    own = {}
    for unit in course.units:
        nb = master.read(unit.source)
        own[f"release/{unit.name}/{unit.source.name}"] = unit, gates.secret_lines(nb, tuple(KINDS))
    for path, data in files.items():
        text = words(path, data)
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        runs = {tuple(lines[n : n + RUN]) for n in range(len(lines) - RUN + 1)}
        if path.endswith((".py", ".ipynb")) and (found := _GRADER.search(text)):
            findings.append(f'{path}: it needs the grader, "{found[0].strip()}"')
        unit, lines_of_its_own = own.get(path, (None, []))
        findings += [f'{path}: "{line}" of its own master' for line in lines_of_its_own if line in text]
        given_away = set()
        for secret in secrets:
            if unit and secret.where == unit.name:
                continue
            found = next((line for line in secret.telling if line in text), "") or _told_run(secret, runs)
            if found and unit and secret.kind == "solution":
                given_away.add(secret.where)  # what the master of a later unit gives to students, by its author's will
            elif found:
                findings.append(f'{path}: "{found}", a {secret.kind} of {secret.where}')
        for other in sorted(given_away):
            if any(file.startswith(f"release/{other}/") for file in files):
                notices.append(f"{path} gives parts of the solution of {other}: publish it once {other} is due.")
    return findings, notices


def words(path: str, data: bytes) -> str:
    """All text in a file: of a notebook the sources and outputs, of others what can be read."""
    text = data.decode("utf-8", errors="ignore")
    if path.endswith(".ipynb"):
        nb = nbformat.reads(text, as_version=4)
        text = "\n".join(string for cell in nb.cells for string in strings(cell))
    return html.unescape(text)


def masters_secrets(course: Course) -> Iterator[Secret]:
    """Solutions, hidden tests and mark schemes, without the lines that the same master shows to students."""
    for unit in course.units:
        nb = master.read(unit.source)
        for marker, kind in KINDS.items():
            secret = set(gates.secret_lines(nb, (marker,)))
            least = gates.SECRET_CHARS if marker == "MARK SCHEME" else LONG
            for cell in nb.cells:
                inside, _ = gates.regions(cell.source, (marker,))
                if marker == "SOLUTION" and master.is_solution(cell) and not inside:
                    inside = cell.source.split("\n")
                lines = tuple(line.strip() for line in inside if line.strip())
                if secret & set(lines):
                    yield Secret(kind, unit.name, lines, tuple(n for n in lines if n in secret and len(n) >= least))


def graders_secrets(course: Course) -> Iterator[Secret]:
    """The code of helpers/grading."""
    for path in sorted((course.root / "helpers" / "grading").glob("*.py")):
        lines = (line.strip() for line in path.read_text(encoding="utf-8").split("\n"))
        yield Secret("line", f"helpers/grading/{path.name}", tuple(filter(None, lines)))


def _told_run(secret: Secret, runs: set[tuple[str, ...]]) -> str:
    """Lines of the secret that are in the text in a row, "" where there are none."""
    lines = secret.lines
    for n in range(len(lines) - RUN + 1):
        run = lines[n : n + RUN]
        if sum(map(len, run)) >= RUN_CHARS and run in runs:
            return " / ".join(run)
    return ""
