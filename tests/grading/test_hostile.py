"""Every case of tests/hostile/ in one batch with honest students: right outcome, others untouched, nothing left."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from bs4 import BeautifulSoup
from hostile import ALL, MAXIMA, cases
from nbgrader.api import Gradebook

from helpers.grading import box, build, demo, grade, master, pool, results, sandbox
from helpers.grading.course import Course

ROOT = Path(__file__).resolve().parents[2]
UNIT = "01-perceptron"
SETTINGS = """
c.Execute.cell_seconds = 5.0
c.Execute.notebook_seconds = 40.0
c.Execute.memory_gigabytes = 0.6
c.Execute.processes = 24
"""
STRANGE_NAMES = ["=1+1", "+cmd|' C calc'!A0", "@SUM(A1)", "<script>window.pwned=1<script>", "-2", "Zoë O'Neil", 'a;b"c']
CASES = {case.name: case for case in cases()}
HONEST = cases("honest")

pytestmark = pytest.mark.skipif(not box.protected(), reason="hostile code runs only where bubblewrap works")


def make_course(root: Path) -> Course:
    """A course of unit 01 with short limits, without the pictures, which take most of the time."""
    (root / "source" / UNIT).mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + SETTINGS)
    source = master.read(Course(ROOT).unit(UNIT).source)
    source.cells = [cell for cell in source.cells if "picture" not in master.grade_id(cell)]
    master.write(source, root / "source" / UNIT / "perceptron.ipynb")
    return Course(root)


def hand_in_honest(course: Course) -> list[str]:
    """Four honest students, one of them wrong, one with nothing done, and some with strange names."""
    source = master.read(course.unit(UNIT).source)
    worked = demo.hand_in(source)
    wrong = demo.with_source(worked, "task-1-step", "def step(phi):\n    return (np.asarray(phi) >= 0).astype(int)")
    books = {"honest-a": worked, "honest-m": wrong, "honest-z": worked, "honest-open": master.release(source)}
    books |= dict.fromkeys(STRANGE_NAMES, worked)
    for student, nb in books.items():
        folder = course.root / "submitted" / student / UNIT
        folder.mkdir(parents=True)
        (folder / "perceptron.ipynb").write_text(master.text(nb))
    return sorted(books)


def snapshot(*folders: Path) -> dict[str, str]:
    """What lies in the folders: a digest, or the kind, of every file."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                found[str(path)] = os.readlink(path) if path.is_symlink() else oct(path.lstat().st_mode)
            elif path.lstat().st_size < 10**8:
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def gradebook_rows(course: Course, students: list[str]) -> dict:
    directory = course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        return {
            student: sorted((grade.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                            for notebook in gradebook.find_submission(UNIT, student).notebooks
                            for grade in notebook.grades)
            for student in students
        }  # fmt: skip


def shown(course: Course, student: str) -> list:
    """All outputs of a graded notebook."""
    nb = nbformat.read(results.autograded(course.unit(UNIT), student) / "perceptron.ipynb", as_version=4)
    return [(cell.id, cell.outputs) for cell in nb.cells if cell.cell_type == "code"]


def run(course: Course) -> None:
    unit = course.unit(UNIT)
    build.register(unit)
    with pool.Pool(2) as workers:
        for _ in grade.grade(unit, workers):
            pass


def strangers(before: set[int]) -> list[str]:
    """Processes that were not there before and that have outlived a notebook: orphans, and those that say so."""
    found = []
    for process in psutil.process_iter(["pid", "ppid", "cmdline"]):
        words = " ".join(process.info["cmdline"] or [])
        orphan = process.info["ppid"] == 1 and "helpers.grading.warm" in words
        if process.info["pid"] not in before and (orphan or "hostile-daemon" in words):
            found.append(words)
    return found


def state(course: Course) -> dict:
    """What must be after grading as it was before."""
    return {
        "files": snapshot(course.root / "source", course.root / "submitted"),
        "mounts": Path("/proc/self/mounts").read_text(),
        "temporary folders": os.listdir(tempfile.gettempdir()),
        "shared memory": Path("/proc/sysvipc/shm").read_text() + str(sorted(os.listdir("/dev/shm"))),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "children": len(psutil.Process().children(recursive=True)),
    }


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Both batches graded: the honest alone, then with all cases. Returns the two courses and what was seen."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(sandbox, "GRACE_SECONDS", 0.5)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("temporary")))
    alone = make_course(tmp_path_factory.mktemp("alone"))
    honest = hand_in_honest(alone)
    run(alone)
    course = make_course(tmp_path_factory.mktemp("batch"))
    hand_in_honest(course)
    source = master.read(course.unit(UNIT).source)
    for case in CASES.values():
        case.hand_in(course.root / "submitted" / case.name / UNIT, source)
    seen = state(course)
    pids = set(psutil.pids())
    start = time.monotonic()
    run(course)
    seconds = time.monotonic() - start
    after = state(course) | {"strangers": strangers(pids)}
    print(f"{len(CASES)} hostile submissions and {len(honest)} honest ones in {seconds:.0f} seconds")
    yield alone, course, honest, seen, after
    monkeypatch.undo()


@pytest.fixture(scope="module")
def rows(batch):
    return {row.student: row for row in results.rows(batch[1].unit(UNIT))}


@pytest.mark.parametrize("name", CASES)
def test_outcome(batch, rows, name):
    case, row, course = CASES[name], rows[name], batch[1]
    remarks = "\n".join(row.remarks)
    if case.not_graded:
        assert not row.graded and row.total is None
        assert case.not_graded in remarks
        return
    assert row.graded, remarks
    assert {task: points for task, points in row.tasks.items() if task in MAXIMA} == case.expected, remarks
    assert case.says in remarks
    if case in HONEST:
        assert "FLAG" not in remarks
    outputs = shown(course, name)
    printed = [output.text for _, cell in outputs for output in cell if output.output_type == "stream"]
    assert case.never not in "".join(printed)
    assert len(json.dumps(outputs)) < 25_000_000


def test_there_are_at_least_sixty_cases():
    assert len(CASES) >= 60
    assert len({case.tries for case in CASES.values()}) == len(CASES)


def test_honest_students_get_the_same_with_and_without_hostile_ones(batch):
    alone, course, honest, *_ = batch
    for graded in (alone, course):
        found = {row.student: row for row in results.rows(graded.unit(UNIT))}
        assert {student: found[student].remarks for student in honest if not found[student].graded} == {}
    assert gradebook_rows(course, honest) == gradebook_rows(alone, honest)
    for student in honest:
        assert shown(course, student) == shown(alone, student)
        assert results.notes(course.unit(UNIT), student) == results.notes(alone.unit(UNIT), student)


@pytest.mark.parametrize("what", ["files", "mounts", "temporary folders", "shared memory", "descriptors", "children"])
def test_nothing_is_left_behind(batch, what):
    _, _, _, before, after = batch
    assert after[what] == before[what]


def test_no_process_is_left_behind(batch):
    assert batch[-1]["strangers"] == []


def test_nothing_is_written_outside_of_autograded_and_the_gradebook(batch):
    course = batch[1]
    assert {path.name for path in course.root.iterdir()} <= {
        "source", "submitted", "autograded", "gradebook.db", "nbgrader_config.py", "pyproject.toml", "feedback",
        "elsewhere.json", "__pycache__",
    }  # fmt: skip
    made = list((course.root / "autograded").rglob("*"))
    assert all(path.is_dir() or path.is_file() for path in made)
    assert not any(path.is_symlink() for path in made)
    assert sum(path.stat().st_size for path in made) < 300e6


def test_a_second_run_grades_nothing_again(batch):
    course = batch[1]
    with pool.Pool(1) as workers:
        again = [graded.student for graded in grade.grade(course.unit(UNIT), workers) if graded.again]
    assert set(again) <= {case.name for case in CASES.values() if case.not_graded}


def test_a_resubmission_without_tests_loses_the_old_score(batch):
    course = batch[1]
    unit = course.unit(UNIT)
    path = course.root / "submitted" / "honest-z" / UNIT / "perceptron.ipynb"
    good = path.read_bytes()
    nb = master.release(master.read(unit.source))
    nb.cells = [cell for cell in nb.cells if not master.is_test(cell)]
    path.write_text(master.text(nb))
    with pool.Pool(1) as workers:
        list(grade.grade(unit, workers, ["honest-z"]))
        lost = {row.student: row for row in results.rows(unit)}["honest-z"]
        assert [lost.tasks[task] for task in ALL] == [0] * len(ALL)
        path.write_bytes(good)
        list(grade.grade(unit, workers, ["honest-z"]))
    assert {row.student: row for row in results.rows(unit)}["honest-z"].tasks[3] == 3


SHOWN = [case.name for case in cases("outputs") if case.name != "print-flood-endless"]
SHOWN += ["exception-with-a-strange-name", "exception-with-a-huge-text", "caller-searched", "deep-recursion", "plots"]
SHOWN += ["latin-1", "truncated", "<script>window.pwned=1<script>", "honest-m"]


@pytest.fixture(scope="module")
def pages(batch):
    """Feedback pages of the cases that show most, by student."""
    return {path.parents[1].name: path for path in grade.feedback(batch[1].unit(UNIT), SHOWN)}


def test_feedback_pages_hold_no_script_no_path_and_no_hidden_test(batch, pages):
    source = master.read(batch[1].unit(UNIT).source)
    released = {line.strip() for cell in master.release(source).cells for line in cell.source.splitlines()}
    hidden = {line.strip() for cell in source.cells if "HIDDEN" in cell.source for line in cell.source.splitlines()}
    hidden = {line for line in hidden - released if line.startswith("check.")}
    assert len(hidden) > 20 and set(pages) == set(SHOWN)
    for student, path in pages.items():
        text = path.read_text()
        assert len(text) < 5e6, student
        soup = BeautifulSoup(text, "html.parser")
        assert not soup(["script", "iframe", "object", "embed", "form", "base", "svg"]), student
        for tag in soup(True):
            assert not [name for name in tag.attrs if name.startswith("on") or name == "srcdoc"], (student, tag)
            assert not str(tag.get("href", "")).strip().lower().startswith(("javascript", "data", "vbscript")), student
        words = soup.get_text()
        assert not [line for line in hidden if line in words], student
        for place in (str(ROOT), str(batch[1].root), os.path.expanduser("~") + "/"):
            assert place not in text, (student, place)


@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium to open feedback pages in")
def test_no_script_runs_in_a_feedback_page(pages):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(bypass_csp=True)  # the page forbids scripts, too; here it must hold none
        tab.route("http*://**", lambda route: route.abort())
        tab.set_content("<img src=x onerror='window.pwned = 1'>")
        tab.wait_for_timeout(200)
        assert tab.evaluate("window.pwned") == 1, "the test itself would not see a script"
        for student, path in pages.items():
            tab.goto(path.resolve().as_uri(), wait_until="domcontentloaded")
            for link in tab.query_selector_all('a:not([href^="http"]), button, details'):
                link.evaluate("element => element.click()")
            tab.wait_for_timeout(100)
            assert tab.evaluate("window.pwned") is None, student
        browser.close()
