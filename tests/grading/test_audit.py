"""Proves the audit on a unit of two small tasks: each fault that is built in must give its own finding."""

import io
import json
from textwrap import dedent

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from rich.console import Console

from helpers.grading import master
from helpers.grading.audit import audit, to_json
from helpers.grading.course import Course, CourseError

DOUBLE = '''def double(a):
    """Twice a."""
    ### BEGIN SOLUTION
    return a + a
    ### END SOLUTION'''
AREA = """def area(a, b):
    ### BEGIN SOLUTION
    return a * b
    ### END SOLUTION"""
TEST_DOUBLE = """check.array("twice five", double(5), 10, hint="Add a to itself.",
            mistakes={"This is the square.": 25})
### BEGIN HIDDEN TESTS
check.scalar("twice minus one", double(-1), -2, hint="Negative numbers too.")
### END HIDDEN TESTS"""
TEST_AREA = 'check.scalar("three by four", area(3, 4), 12, hint="Multiply both sides.")'
MISTAKES = """
# %% [task-1-double] square
# hint: This is the square
def double(a):
    return a ** 2

# %% [task-1-double] absolute value
# hint: Negative numbers
def double(a):
    return 2 * abs(a)

# %% [task-2-area] perimeter
# hint: Multiply both sides.
def area(a, b):
    return double(a + b)
"""
ALTERNATIVES = {
    f"a{i}": f'"""Multiplies by {two}."""\n# %% [task-1-double]\ndef double(a): return a * {two}\n'
    for i, two in enumerate(("2", "2.0", "(1 + 1)", "(4 / 2)", "int(2)", "len('ab')"))
}


def cell(grade_id, source, **meta):
    kind = new_markdown_cell if meta.pop("markdown", False) else new_code_cell
    flags = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3}
    return kind(source, metadata={"nbgrader": {**flags, **meta, "grade_id": grade_id}})


@pytest.fixture
def unit(tmp_path):
    """A function that writes the unit, with other parts where they are given, and reads it."""

    def write(
        double=DOUBLE,
        area=AREA,
        test_double=TEST_DOUBLE,
        test_area=TEST_AREA,
        mistakes=MISTAKES,
        alternatives=ALTERNATIVES,
        survivors="",
    ):
        cells = [
            cell("setup", "from helpers import check"),
            cell("task-1-double", double, solution=True, locked=False),
            cell("test-1-double-1", test_double, grade=True, points=2),
            cell("task-2-area", area, solution=True, locked=False),
            cell("test-2-area-1", test_area, grade=True, points=3),
            cell("task-3-why", "Because.", grade=True, solution=True, locked=False, points=4, markdown=True),
        ]
        files = {f"alternatives/01-small/{name}.py": text for name, text in alternatives.items()}
        files |= {"mistakes/01-small.py": mistakes, "mistakes/01-small-survivors.toml": survivors}
        for name, text in files.items():
            path = tmp_path / "tests" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        master.write(new_notebook(cells=cells), tmp_path / "source" / "01-small" / "small.ipynb")
        return Course(tmp_path).unit("01-small")

    return write


def test_a_sound_unit_has_no_findings(unit):
    told = []
    report = audit(unit(), each=lambda done, total: told.append((done, total)))
    assert report.findings == []
    assert (report.full, report.by_hand, report.solution, report.stub) == (5, {3: 4}, 5, 0)
    assert [row.points for row in report.alternatives] == [5] * 6
    assert [(row.lost, row.also, row.hint_shown) for row in report.mistakes] == [
        (2, {}, True),
        (2, {}, True),
        (3, {}, True),
    ]
    # + -> -; * -> / and * -> +
    assert [row.killed_by for row in report.mutants] == ["test-1-double-1"] + ["test-2-area-1"] * 2
    assert report.killed == report.right_hints == 1
    assert told == [(n, 16) for n in range(1, 17)]


def test_a_weak_test_lets_mutants_and_mistakes_through(unit):
    report = audit(unit(test_area='check.scalar("two by two", area(2, 2), 4, hint="Multiply both sides.")'))
    assert report.findings == ["mutant survives without a reason: task-2-area line 3: * -> +",
                               "mutants: 66.7% are killed, wanted are 95%"]  # fmt: skip
    report = audit(unit(test_area="area(1, 1)"))
    assert "mistake task-2-area: perimeter: loses no points in its task" in report.findings
    assert "hints: 67% of the mistakes show theirs, wanted are 90%" in report.findings


def test_a_test_that_needs_the_tests_of_another_task(unit):
    area = 'check.scalar("three by four", area(3, twice), 12, hint="Multiply both sides.")'
    report = audit(unit(test_double=TEST_DOUBLE + "\ntwice = 4", test_area=area))
    assert report.solution == 5
    finding = "task 2 without the tests of other tasks: fails test-2-area-1: NameError: name 'twice' is not defined"
    assert finding in report.findings


def test_a_broken_worked_solution(unit):
    report = audit(unit(double=DOUBLE.replace("a + a", "a + 5")))
    assert report.solution == 3
    assert 'worked solution: fails test-1-double-1: CheckFailed: Check "twice minus one" failed.' in report.findings[0]


def test_a_stub_that_scores(unit):
    report = audit(unit(test_area="check"))
    assert report.stub == 3
    assert "untouched stub: scores 3 in task 2" in report.findings


def test_a_stub_that_does_not_name_its_task(unit):
    swallows = "try:\n    ok = area(3, 4) == 12\nexcept Exception:\n    ok = False\nassert ok, 'wrong'"
    report = audit(unit(test_area=swallows))
    assert "untouched stub: test-2-area-1 does not say which task is open: AssertionError: wrong" in report.findings


def test_an_alternative_that_fails(unit):
    wrong = '"""Rounds."""\n\n# %% [task-2-area]\ndef area(a, b): return 10\n'
    report = audit(unit(alternatives=ALTERNATIVES | {"rounded": wrong}))
    [finding] = report.findings
    assert finding.startswith('alternative rounded: fails test-2-area-1: CheckFailed: Check "three by four" failed.')


def test_a_right_solution_that_breaks_a_given_cell(unit):
    lists = '"""Lists."""\n\n# %% [extra]\ncorners = [0, 1]\n# %% [extra after test-2-area-1]\ncorners.shape\n'
    report = audit(unit(alternatives=ALTERNATIVES | {"lists": lists}))
    assert len(report.findings) == 1 and "AttributeError" in report.findings[0]


def test_too_few_alternatives_and_no_mistakes(unit):
    report = audit(unit(alternatives={}, mistakes=""))
    assert report.findings == ["alternatives: 0, at least 6 are needed", "mistakes: none are written down"]


def test_a_mistake_that_goes_unnoticed(unit):
    unnoticed = MISTAKES + "\n# %% [task-1-double] wrong at seven\n# hint: x\ndef double(a): return 2 * a + (a == 7)\n"
    report = audit(unit(mistakes=unnoticed))
    assert report.findings == [
        "mistake task-1-double: wrong at seven: loses no points in its task",
        "hints: 75% of the mistakes show theirs, wanted are 90%",
    ]


def test_a_mistake_that_costs_points_in_a_task_that_does_not_use_it(unit):
    mixed = 'check.scalar("one by six", area(1, double(3)), 6, hint="Multiply both sides.")'
    also = "mistake task-1-double: square: also loses points in task 2, whose solution does not use it"
    assert also in audit(unit(test_area=mixed)).findings


def test_a_task_that_uses_the_mistaken_function_may_lose_too(unit):
    report = audit(unit(area=AREA.replace("a * b", "double(a) * b / 2")))
    assert report.mistakes[0].also == {2: 3}
    assert not [finding for finding in report.findings if "also" in finding]


def test_survivors_need_a_reason_that_still_holds(unit):
    weak = {"test_area": 'check.scalar("two by two", area(2, 2), 4, hint="Multiply both sides.")'}
    explained = '"task-2-area line 3: * -> +" = "2 + 2 is 2 * 2"\n'
    report = audit(unit(**weak, survivors=explained))
    assert report.findings == ["mutants: 66.7% are killed, wanted are 95%"]
    assert [row.reason for row in report.mutants if not row.killed_by] == ["2 + 2 is 2 * 2"]
    gone = explained + '"task-2-area line 9: + -> -" = "it was there"\n'
    assert audit(unit(survivors=gone)).findings == [
        "survivors file: the mutant is killed: task-2-area line 3: * -> +",
        "survivors file: the mutant does not exist: task-2-area line 9: + -> -",
    ]


@pytest.mark.parametrize("text", ['"a" = ""', '"a" = 3', "a = ", '["a"]\nreason = "x"'])
def test_a_survivors_file_that_cannot_be_used_is_refused(unit, text):
    with pytest.raises(CourseError, match="survivors.toml: "):
        audit(unit(survivors=text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %% [task-9-x] a\n# hint: b\ndef f(): 1", r'small.py:1: no task "task-9-x".*task-1-double, task'),
        ("# %% [task-3-why] a\n# hint: b\ndef f(): 1", r'01-small.py:1: no task "task-3-why" with code'),
        ("\n# %% [task-1-double]\n# hint: b\ndef f(): 1", r"01-small.py:2: the mistake has no name"),
        ("# %% [task-1-double] a\ndef f(): 1", r"01-small.py:1: the line after the header must be"),
        ("# %% [task-1-double] a\n# hint:\ndef f(): 1", r"01-small.py:1: the line after the header must be"),
        ("# %% [task-1-double] a\n# hint: b\n", r"01-small.py:1: the mistake defines no function"),
        ("# %% [task-1-double] a\n# hint: b\ndef f(:", r"01-small.py:3: not Python"),
        ("# %% task-1-double a\n# hint: b", r"01-small.py:1: a cell begins with"),
        (MISTAKES + MISTAKES, r'01-small.py:17: the name "square" was given to this task before'),
    ],
)  # fmt: skip
def test_a_mistake_that_cannot_be_read_is_refused(unit, text, message):
    with pytest.raises(CourseError, match=message):
        audit(unit(mistakes=text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %% [task-1-double]\ndef double(a): return 2 * a", r"odd.py: no docstring"),
        ('"""Doc."""\n# %% [task-9-x]\n1', r'odd.py:2: no task "task-9-x"'),
        ('"""Doc."""\n# %% [extra after task-9-x]\n1', r'odd.py:2: there is no cell "task-9-x"'),
        ('"""Doc."""\n# %% [task-2-area]\n1\n# %% [task-2-area]\n1', r"odd.py:4: the task .* twice"),
        ('"""Doc."""\n# %% [extra]\n1 +', r"odd.py:3: not Python"),
        ("def f(:", r"odd.py:1: not Python"),
    ],
)  # fmt: skip
def test_an_alternative_that_cannot_be_read_is_refused(unit, text, message):
    with pytest.raises(CourseError, match=message):
        audit(unit(alternatives=ALTERNATIVES | {"odd": text}))


def test_extra_cells_stand_where_they_should(unit):
    text = '''
        """Helpers in cells of their own."""
        # %% [extra]
        two = 2
        # %% [extra]
        two = two + 0
        # %% [extra after task-1-double]
        three = two + 1
        # %% [extra after task-1-double]
        three = three * 1
        # %% [task-1-double]
        double = lambda a: two * a
        # %% [task-2-area]
        def area(a, b): return a * b * three / 3
        '''
    assert audit(unit(alternatives=ALTERNATIVES | {"helpers": dedent(text).strip()})).findings == []


def test_the_table_and_the_file_tell_the_same(unit):
    report = audit(unit(survivors='"task-2-area line 3: [1:] -> [2:]" = "gone"'))
    console = Console(file=io.StringIO(), width=120)
    console.print(report)
    shown = console.file.getvalue()
    for text in (
        "Audit of 01-small",
        "5 points, 4 by hand",
        "6 of 6 full",
        "3 of 3 (100.0%)",
        "finding: survivors file",
    ):
        assert text in shown
    assert "[1:] -> [2:]" in shown  # no markup
    [row] = json.loads(to_json([report]))
    assert row["unit"] == "01-small" and row["killed"] == 1 and row["findings"] == report.findings
    assert row["mistakes"][0]["name"] == "task-1-double: square"
