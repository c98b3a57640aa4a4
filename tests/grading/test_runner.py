import os
import time
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.grading.runner import OUTPUT_CHARS, run, score


def notebook(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def only(*sources, **limits):
    [results] = run([notebook(*sources)], **limits)
    return results


def graded(source, grade_id, points):
    meta = {"grade_id": grade_id, "grade": True, "solution": False, "locked": True, "points": points}
    return new_code_cell(source, metadata={"nbgrader": meta})


def test_cells_share_a_namespace_and_their_output_is_captured():
    first, second = only("import sys\na = 2", "print(a + 1); print('careful', file=sys.stderr)")
    assert first.passed and second.passed
    assert second.output == "3\ncareful\n"


def test_goes_on_after_a_failed_cell():
    results = only("1 / 0", "def f(:", "print('here')")
    assert [r.passed for r in results] == [False, False, True]
    assert results[0].message == "ZeroDivisionError: division by zero"
    assert results[1].message.startswith("SyntaxError: ")


def test_sys_exit_and_an_exception_that_cannot_be_shown_fail_their_own_cell_only():
    bad = "class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad"
    results = only("import sys; sys.exit(3)", bad, "pass")
    assert [r.passed for r in results] == [False, False, True]
    assert results[1].message == "Bad: (its text cannot be shown)"


def test_ipython_syntax():
    results = only("%matplotlib inline\n!echo said\nlines = !echo one; echo two\nprint(lines)", "%%time\n1")
    assert results[0].passed and "said\n['one', 'two']" in results[0].output
    assert "%%time needs a kernel" in results[1].message


def test_markdown_is_skipped_and_names_resolve_as_in_a_notebook():
    nb = notebook("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: 'int'\nprint(P.__module__)")
    nb.cells.insert(0, new_markdown_cell("text"))
    [[result]] = run([nb])
    assert result.output == "__main__\n"


@pytest.mark.parametrize(
    "loop",
    [
        "while True: pass",
        "while True:\n    try:\n        sum(range(100))\n    except Exception: pass",
        "for _ in range(2):\n    try:\n        while True: sum(range(100))\n    except: pass",
    ],
    ids=["plain", "except Exception", "bare except"],
)
def test_endless_loop_is_stopped_and_the_next_cell_runs(loop):
    first, second = only(loop, "print('next')", cell_seconds=0.3)
    assert second.output == "next\n"
    # A loop that swallows everything ends as if nothing had happened; what it was to compute is missing.
    assert first.message == ("" if "except:" in loop else "TimeLimit: stopped after 0.3 s")


def test_a_notebook_that_ignores_the_cell_limit_is_killed():
    stubborn = "while True:\n    try:\n        while True: sum(range(100))\n    except: pass"
    begin = time.monotonic()
    results = only("print('before')", stubborn, "pass", cell_seconds=0.2, notebook_seconds=1)
    assert time.monotonic() - begin < 3
    assert [r.passed for r in results] == [True, False, False]
    assert results[1].message == "TimeLimit: stopped, the notebook ran longer than 1 s"
    assert results[2].message == "not run: the process had ended"


def test_a_process_that_ends_itself_keeps_the_cells_before():
    results = only("a = 1", "import os; os._exit(0)", "a")
    assert [r.passed for r in results] == [True, False, False]
    assert results[1].message == "the process ended in this cell"


def test_nothing_leaks_into_this_process_or_the_next_notebook(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start = "import json, os, numpy as np\n"
    patch = start + "json.dumps = None; np.mean = None; os.environ['LEAK'] = '1'; open('f', 'w')"
    look = start + "print(json.dumps, np.mean, 'LEAK' in os.environ, os.path.exists('f'))"
    patched, looked = run([notebook(patch, "1 + 1"), notebook(look)], workers=1)
    assert all(r.passed for r in patched)
    assert "None" not in looked[0].output and "True" not in looked[0].output
    assert "LEAK" not in os.environ and not list(tmp_path.iterdir())


def test_what_a_cell_started_ends_with_it():
    [result] = only("import subprocess\np = subprocess.Popen(['sleep', '60'])\nprint(p.pid)")
    time.sleep(0.1)
    status = Path(f"/proc/{int(result.output)}/status")
    assert not status.exists() or "Z (zombie)" in status.read_text()


def test_print_flood_is_cut():
    [result] = only("for _ in range(1000): print('x' * 1000)")
    assert result.passed and len(result.output) == OUTPUT_CHARS


def test_many_notebooks_keep_their_order_and_each_is_announced():
    seen = []
    nbs = [notebook(f"import time; time.sleep({0.2 if i == 0 else 0}); print({i})") for i in range(12)]
    results = run(nbs, workers=3, each=lambda: seen.append(1))
    assert [r[0].output for r in results] == [f"{i}\n" for i in range(12)]
    assert len(seen) == 12


def test_random_numbers_are_the_same_in_every_run():
    nb = notebook("import random, numpy as np; print(random.random(), np.random.rand())")
    first, second = run([nb, nb])
    assert first[0].output == second[0].output


def test_an_empty_notebook_and_no_notebook():
    assert run([new_notebook()]) == [[]]
    assert run([]) == []


def test_score_counts_test_cells_only():
    nb = new_notebook(
        cells=[
            new_code_cell("1 / 0"),
            graded("pass", "test-1-step-1", 1),
            new_markdown_cell("text"),
            graded("assert False, 'too small'", "test-1-step-2", 2),
            graded("pass", "test-2-relu-1", 4),
        ]
    )
    [results] = run([nb])
    got = score(nb, results)
    assert got.points == {1: 1, 2: 4} and got.total == 5
    assert got.messages == {"test-1-step-2": "AssertionError: too small"}
    assert got.crashes == {"a cell of the student's own": "ZeroDivisionError: division by zero"}
