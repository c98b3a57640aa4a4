"""The smallest course that breaks no rule.

Each file beside this one is named after a rule; each function in it breaks that rule in one way, and `also`
names further rules that cannot but break with it.
"""

from contextlib import contextmanager
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.grading import build, master
from helpers.grading.course import Course

REPOSITORY = "https://github.com/tiny/course"
BADGE = "[![Open in Colab](badge.svg)](https://colab.research.google.com/github/tiny/course/blob/main/{})"

FILES = {
    "pyproject.toml": f"""
[project]
requires-python = ">=3.11"
dependencies = ["numpy>=1.26"]
optional-dependencies.dev = ["playwright>=1.40"]
urls.Repository = "{REPOSITORY}"
""",
    "environment.yml": """
name: tiny
channels: [conda-forge]
dependencies:
  - python>=3.11
  - pip
  - numpy>=1.26
  - playwright-python>=1.40
  - pip:
      - -e .
""",
    "requirements.lock": "numpy==2.4.6 ; python_full_version < '3.12'\nnumpy==2.5.5\nplaywright==1.65.2\n",
    "tests/colab-versions.txt": "# date: 2026-06-02\npython==3.12.13\nnumpy==2.0.2\n",
    "README.md": "# Tiny\n\n[Lecture](https://github.com/tiny/course/blob/main/notebooks/01-double.ipynb)\n",
    "docs/guide.md": "Run `course check` in your clone. See also https://example.org/home/index.html.\n",
    "helpers/__init__.py": '"""Light."""\n',
    "helpers/light.py": "import math\n",
}


def prose(grade_id, source):
    return new_markdown_cell(source, metadata={"nbgrader": _metadata(grade_id, locked=True)})


def question(grade_id, source):
    cell = prose(grade_id, source)
    cell.metadata["lecture"] = {"cell": "twice", "section": "1 Twice a number"}
    return cell


def given(grade_id, source):
    return new_code_cell(source, metadata={"nbgrader": _metadata(grade_id, locked=True)})


def solution(grade_id, source):
    return new_code_cell(source, metadata={"nbgrader": _metadata(grade_id, solution=True)})


def test(grade_id, points, source):
    metadata = _metadata(grade_id, grade=True, locked=True) | {"points": points}
    return new_code_cell(source, metadata={"nbgrader": metadata})


def written(grade_id, points, source):
    metadata = _metadata(grade_id, grade=True, solution=True) | {"points": points}
    return new_markdown_cell(source, metadata={"nbgrader": metadata})


def _metadata(grade_id, grade=False, solution=False, locked=False):
    kind = {"grade": grade, "solution": solution, "locked": locked, "task": False}
    return {"grade_id": grade_id, "schema_version": 3, **kind}


INTRO = f"""# Assignment 1: Doubling

{BADGE.format("release/01-double/double.ipynb")}

**20 points, about 5 minutes.**

| Task | You write | Points |
| --- | --- | --- |
| 1 | `double` | 16 |
| 2 | words | 4 |"""

SOLVED = """def double(x):
    ### BEGIN SOLUTION
    twice_the_number = x + x
    return twice_the_number
    ### END SOLUTION"""

HIDDEN = """# More checks run when your notebook is graded.
### BEGIN HIDDEN TESTS
check.scalar("minus two", double(-2), -4, hint="Mind the sign.")
### END HIDDEN TESTS"""

WHY = """## Task 2: why it works (4 points)

Explain.

### BEGIN MARK SCHEME
4 points for naming the addition.
### END MARK SCHEME"""

TITLE = f"""# Doubling

{BADGE.format("notebooks/01-double.ipynb")}

**Goals.** You can double a number. About 5 minutes."""

QUESTION = """**{}.** Why?

<details>
<summary>Answer</summary>

Because.

</details>
"""


def tiny_master():
    cells = [
        prose("intro", INTRO),
        given("setup", build.setup_source(REPOSITORY)),
        given("imports", "from helpers import check"),
        question("question-1-double", "## Task 1: twice a number (16 points)\n\nReturn twice the number."),
        solution("task-1-double", SOLVED),
        test("test-1-double-1", 6, 'check.scalar("three", double(3), 6, hint="Add x to itself.")'),
        test("test-1-double-2", 10, HIDDEN),
        question("question-2-why", WHY),
        written("task-2-why", 4, "Adding a number to itself gives twice the number."),
    ]
    return new_notebook(cells=cells)


def tiny_lecture():
    figure = new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "A line"})
    figure.metadata = {"image/png": {"alt": "A line through the origin with slope two."}}
    questions = [QUESTION.format(number) for number in (1, 2, 3)]
    cells = [
        new_markdown_cell(TITLE, id="title"),
        new_code_cell(build.setup_source(REPOSITORY), id="setup", execution_count=1),
        new_markdown_cell("## 1 Twice a number\n\nAdd it to itself.", id="twice"),
        new_code_cell("print(2 * 3)", id="double", execution_count=2, outputs=[figure]),
        new_markdown_cell("## Take away\n\n" + "\n".join(questions), id="end"),
    ]
    return new_notebook(cells=cells)


class Tiny:
    """The tiny course in the folder `root`, and what a breakage needs to change it."""

    def __init__(self, root: Path, monkeypatch=None):
        self.root, self.monkeypatch = root, monkeypatch

    @property
    def course(self) -> Course:
        return Course(self.root)

    @property
    def unit(self):
        return self.course.unit("01-double")

    def create(self):
        for name, text in FILES.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text.lstrip())
        source = self.root / "source/01-double/double.ipynb"
        master.write(tiny_master(), source)
        master.write(tiny_lecture(), self.unit.lecture)
        self.build()

    def build(self):
        """Derive release and worked solution from the master; the cells count as executed."""
        source = master.read(self.unit.source)
        master.write(master.release(source), self.unit.release)
        solved = build.solution(self.unit, source)
        for count, cell in enumerate((cell for cell in solved.cells if cell.cell_type == "code"), 1):
            cell.execution_count = count
        master.write(solved, self.unit.solution)

    @contextmanager
    def edit(self, path: Path):
        """The notebook at `path` with `nb.cell(id)`; written back in its canonical form."""
        nb = master.read(path)
        yield nb
        master.write(nb, path)

    @contextmanager
    def edit_master(self):
        """The master; what is derived from it follows."""
        with self.edit(self.unit.source) as nb:
            yield nb
        self.build()

    def replace(self, name: str, old: str, new: str):
        """Replace `old`, which must be there, in the file called `name`."""
        text = (self.root / name).read_text()
        assert old in text
        (self.root / name).write_text(text.replace(old, new))


def cell(nb, name):
    """The cell of `nb` with this id."""
    return next(cell for cell in nb.cells if cell.id == name)


def also(*rules):
    """Mark a breakage that breaks these rules too."""

    def mark(function):
        function.also = set(rules)
        return function

    return mark
