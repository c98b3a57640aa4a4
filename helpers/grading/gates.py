"""Rules that the course keeps, each a small function; `course check` runs them all.

A new rule is one function on a `Shelf` and one line in RULES, with a fixture in ``tests/broken/`` that it
rejects.
"""

import itertools
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass

import yaml
from nbformat import NotebookNode
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from . import build, master, notebook_rules
from .course import Course
from .notebook_rules import Problems
from .score import failure
from .shelf import Notebook, Shelf, strings

HIDDEN = ("HIDDEN TESTS", "MARK SCHEME")
SECRET_CHARS = 12  # a shorter line, such as "errors = []", gives nothing away
# Packages that conda-forge has under another name.
CONDA_NAMES = {"playwright": "playwright-python", "psycopg2-binary": "psycopg2"}
HEAVY = ("tensorflow", "keras", "nbgrader", "helpers.grading")


@dataclass(frozen=True)
class Finding:
    """One broken rule. `where` is a file relative to the course, and its cell; `what` names the remedy."""

    rule: str
    where: str
    what: str


def drift(shelf: Shelf) -> Problems:
    """What is derived is there, and equals what its master and the address in pyproject.toml give now."""
    repository = shelf.course.repository
    for files in shelf.files:
        again = f"run: course build {files.unit.name}"
        for book in files.all:
            if not book.exists:
                remedy = "write it" if book is files.lecture else again
                yield book.where, f"The unit has no {book.kind}; {remedy}"
        if not files.stub:
            yield files.master.where, f"Nothing can be derived from the master ({files.problem}); repair it."
            continue
        solution = build.solution(files.unit, master.canonical(files.master.nb))
        if files.release.nb and master.text(files.release.nb) != master.text(files.released):
            yield files.release.where, f"It is not what the master gives now; {again}"
        if files.solution.nb and not build.same_but_outputs(solution, files.solution.nb):
            yield files.solution.where, f"It is not what the master gives now; {again}"
        yield from _addressed(files.lecture, files.lecture.where, repository)
        yield from _addressed(files.master, files.release.where, repository)
        yield from _executed(files.lecture, "run all cells in order and save it")
        yield from _executed(files.solution, f"delete the file and {again}")
    readme = shelf.course.root / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    if build.readdress(text, repository) != text:
        yield "README.md", f"A link leads to another repository than in pyproject.toml; write {repository}."


def _addressed(book: Notebook, opens: str, repository: str) -> Problems:
    """`opens` is the notebook that the badge leads to: students get the release, never the master."""
    if not book.cells:
        return
    if not book.code or book.code[0].source != build.setup_source(repository):
        yield book.where, "The first code cell is not the setup cell; insert it as in the other notebooks."
    address = f"{build.COLAB}{repository.removeprefix('https://github.com/')}/blob/main/{opens}"
    if f"({address})" not in book.cells[0].source:
        yield book.at(book.cells[0]), f"The first cell has no badge that opens {address}; add it."
    for cell in book.cells:
        if cell.cell_type == "markdown" and build.readdress(cell.source, repository) != cell.source:
            yield book.at(cell), f"A link leads to another repository than {repository}; run: course build"


def _executed(book: Notebook, remedy: str) -> Problems:
    counts = [cell.execution_count for cell in book.code if cell.source.strip()]
    if counts != list(range(1, len(counts) + 1)):
        yield book.where, f"Its outputs are not those of one run from top to bottom; {remedy}"
    for cell in book.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield book.at(cell), f"The output is an error ({output.ename}); repair the cell, {remedy}"


def tests_can_fail(shelf: Shelf) -> Problems:
    """On the untouched stub every graded test fails and names its open task; no test is empty."""
    for files in (files for files in shelf.files if files.stub):
        for cell in filter(master.is_test, shelf.runs[files.master.where].cells):
            message = failure(cell)
            where, number = files.master.at(cell), master.task_number(master.grade_id(cell))
            hidden, _ = regions(cell.source, ("HIDDEN TESTS",))
            if not _checks(cell.source):
                yield where, "The test calls no check; add one from helpers.check, or take its points away."
            elif "HIDDEN TESTS" in cell.source and not _checks("\n".join(hidden)):
                yield where, "The hidden part calls no check; add one, or delete its two markers."
            elif not message:
                yield where, "The test passes on the untouched stub; check what the student's code returns."
            elif not re.search(rf"\bTask {number}, .* is still open\.", message):
                said = message.splitlines()[0][:100]
                problem = f'On the untouched stub the test says "{said}", not that task {number} is open'
                yield where, f"{problem}; call the function of this task first."


def _checks(source: str) -> bool:
    return bool(re.search(r"^[^#\n]*\bcheck\.\w+\(", source, re.M))


def regions(source: str, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The lines between the markers BEGIN and END of any of `names`, and the other lines."""
    inside, outside, region = [], [], False
    for line in source.split("\n"):
        if marker := re.search(rf"### (BEGIN|END) (?:{'|'.join(names)})", line):
            region = marker[1] == "BEGIN"
        else:
            (inside if region else outside).append(line)
    return inside, outside


def secret_lines(nb: NotebookNode, names: tuple[str, ...]) -> list[str]:
    """Lines of the regions `names` that stand nowhere else in the master; of a written answer, all lines."""
    secret, visible = [], []
    for cell in nb.cells:
        inside, outside = regions(cell.source, names)
        if "SOLUTION" in names and master.is_solution(cell) and not inside:
            inside, outside = outside, []
        secret += inside
        visible += outside
    known = "\n".join(visible)
    lines = sorted({line.strip() for line in secret})
    return [line for line in lines if len(line) >= SECRET_CHARS and line not in known]


def leaks(shelf: Shelf) -> Problems:
    """No hidden test, mark scheme or solution stands where students find it; they need no helpers.grading."""
    for files in (files for files in shelf.files if files.master.nb):
        for book, names in ((files.release, (*HIDDEN, "SOLUTION")), (files.solution, HIDDEN)):
            secrets = [*(f"### BEGIN {name}" for name in names), *secret_lines(files.master.nb, names)]
            for cell in book.cells:
                text = "\n".join(strings(cell))
                if told := next((line for line in secrets if line in text), None):
                    remedy = "delete the file and run: course build"
                    yield book.at(cell), f'Students must not see "{told}" here; {remedy}'
        for book in (files.lecture, files.release, files.solution):
            for cell in book.code:
                if re.search(r"\bhelpers\.grading\b|\bfrom helpers import .*\bgrading\b", cell.source):
                    yield (
                        book.at(cell),
                        "Students do not have helpers.grading; move what it needs to helpers.",
                    )


def runtime(shelf: Shelf) -> Problems:
    """Lectures and worked solutions run without an error and within their seconds."""
    for files in shelf.files:
        for book in (book for book in (files.lecture, files.solution) if book.nb):
            executed = shelf.runs[book.where]
            failed = ((cell, failure(cell)) for cell in executed.cells if cell.cell_type == "code" and failure(cell))
            for cell, message in itertools.islice(failed, 1):  # what follows often fails for the same reason
                yield book.at(cell), f'The cell fails: "{message.splitlines()[0][:200]}"; repair it.'
            seconds = executed.metadata["nn_course"]["seconds"]
            if seconds > files.budget:
                yield book.where, f"It runs {seconds:.0f} s, {files.budget} s are the limit; use less data."


def dependencies(shelf: Shelf) -> Problems:
    """environment.yml, pyproject.toml and requirements.lock name the same packages with the same bounds."""
    root = shelf.course.root
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + sum(project["optional-dependencies"].values(), [])
    needed = {canonicalize_name(need.name): need.specifier for need in map(Requirement, lines)}
    for file in ("environment.yml", "requirements.lock"):
        if not (root / file).is_file():
            yield file, "The file is missing; restore it from git."
            return
    entries = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = [line for entry in entries if isinstance(entry, dict) for line in entry["pip"]]
    there = {}
    for line in [*(entry for entry in entries if isinstance(entry, str)), *pip]:
        try:
            have = Requirement(line)
            there[canonicalize_name(have.name)] = have.specifier
        except InvalidRequirement:
            if line != "-e .":
                yield "environment.yml", f'"{line}" cannot be compared; write it like numpy>=1.26.'
    if "-e ." not in pip:
        yield "environment.yml", 'It does not install the course itself; add "-e ." under pip.'
    wanted = {CONDA_NAMES.get(name, name): bound for name, bound in needed.items()}
    wanted |= {"python": SpecifierSet(project["requires-python"]), "pip": SpecifierSet()}
    for name in sorted(there.keys() | wanted.keys()):
        if name not in wanted:
            yield "environment.yml", f"{name} is not in pyproject.toml; add it there or delete it here."
        elif there.get(name) != wanted[name]:
            yield "environment.yml", f'pyproject.toml asks for it: write "{name}{wanted[name]}".'
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    for name, bound in needed.items():
        versions = re.findall(rf"^{re.escape(name)}==([^\s;]+)", lock, re.M)
        if not versions or not all(bound.contains(version, prereleases=True) for version in versions):
            yield "requirements.lock", f"It has {name} {versions}, and {bound} is asked for; run: make lock"


def colab(shelf: Shelf) -> Problems:
    """What a student's notebook needs is in Colab, by the list of versions that is stored with its date."""
    root = shelf.course.root
    where = root / "tests" / "colab-versions.txt"
    if not where.is_file():
        yield "tests/colab-versions.txt", "The file is missing; restore it from git."
        return
    text = where.read_text(encoding="utf-8")
    has = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)$", text, re.M)}
    date = re.search(r"^# date: (\d{4}-\d\d-\d\d)$", text, re.M)
    if not date:
        yield "tests/colab-versions.txt", 'It has no line "# date: 2026-06-02"; say when these versions were read.'
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + project.get("optional-dependencies", {}).get("tensorflow", [])
    for need in map(Requirement, [f"python{project['requires-python']}", *lines]):
        version = has.get(canonicalize_name(need.name), "")
        if not version or not need.specifier.contains(version, prereleases=True):
            there = f"{need.name} {version}" if version else f"no {need.name}"
            yield (
                "pyproject.toml",
                f'It asks for "{need}", and Colab has {there} (tests/colab-versions.txt); ask for less.',
            )


def imports(shelf: Shelf) -> Problems:
    """What notebooks import from helpers stays light: it loads neither TensorFlow nor the grading."""
    root = shelf.course.root
    modules = sorted(path.stem for path in root.glob("helpers/*.py") if path.stem != "__init__")
    program = f"""
import importlib, sys
sys.path.insert(0, {str(root)!r})
for name in {["helpers", *(f"helpers.{module}" for module in modules)]!r}:
    importlib.import_module(name)
    for heavy in {HEAVY!r}:
        if heavy in sys.modules:
            sys.exit(f"{{name}} loads {{heavy}}")
"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    if ran.returncode:
        yield (
            "helpers",
            f"{ran.stderr.strip().splitlines()[-1]}; import it inside the function that needs it.",
        )


RULES = {
    "canonical": notebook_rules.canonical,
    "drift": drift,
    "points": notebook_rules.points,
    "grade-ids": notebook_rules.grade_ids,
    "lecture-sections": notebook_rules.lecture_sections,
    "tests-can-fail": tests_can_fail,
    "alternative-text": notebook_rules.alternative_text,
    "leaks": leaks,
    "absolute-paths": notebook_rules.absolute_paths,
    "dependencies": dependencies,
    "colab": colab,
    "runtime": runtime,
    "structure": notebook_rules.structure,
    "shown-values": notebook_rules.shown_values,
    "imports": imports,
}


def check(course: Course, units: list[str]) -> list[Finding]:
    """What breaks a rule in these units, rule by rule. Raises CourseError for a unit that is not there."""
    shelf = Shelf(course, units)
    return [Finding(rule, where, what) for rule, function in RULES.items() for where, what in function(shelf)]
