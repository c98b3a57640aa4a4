"""The feedback page: what a student may see and what not."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.grading import feedback
from helpers.grading.score import score, score_cell


def cell(grade_id, source, points=None, solution=False, kind=new_code_cell, **more):
    data = {"grade_id": grade_id, "grade": points is not None, "solution": solution, "locked": not solution}
    data |= {"schema_version": 3, "task": False} | ({"points": points} if points is not None else {})
    return kind(source, metadata={"nbgrader": data}, **more)


def error(name, value, traceback=()):
    return new_output("error", ename=name, evalue=value, traceback=list(traceback))


HIDDEN = "visible()\n### BEGIN HIDDEN TESTS\nassert answer() == 42\n### END HIDDEN TESTS"


def notebook(output, tasks=1):
    question = "What?\n### BEGIN MARK SCHEME\n4 points for 42\n### END MARK SCHEME"
    cells = [
        cell("question-1-answer", question, kind=new_markdown_cell),
        cell("task-1-answer", "def answer(): return 1 / 0", solution=True, execution_count=1),
        cell("test-1-answer-1", HIDDEN, points=3, execution_count=2, outputs=[output]),
    ]
    return new_notebook(cells=cells, metadata={"nn_course": {"notes": ["cell <b>x</b>: *repaired*"]}})


def test_hidden_tests_and_mark_schemes_do_not_appear():
    page = feedback.hide_tests(notebook(error("AssertionError", "")))
    text = "\n".join(cell.source for cell in page.cells)
    assert "42" not in text
    assert "visible()" in text


def test_only_the_students_own_frames_of_a_traceback_appear():
    frames = [
        "\x1b[31m-----\x1b[39m",
        "\x1b[36mCell In[2]\x1b[39m, line 3\n----> 3 assert answer() == 42",
        "\x1b[36mCell In[1]\x1b[39m, line 1\n----> 1 def answer(): return 1 / 0",
        "ZeroDivisionError: division by zero",
    ]
    page = feedback.hide_tests(notebook(error("ZeroDivisionError", "division by zero", frames)))
    shown = "\n".join(page.cells[2].outputs[0].traceback)
    assert "42" not in shown
    assert "return 1 / 0" in shown
    assert "division by zero" in shown


def test_summary_says_points_reason_and_repairs_without_markup():
    nb = notebook(error("ValueError", "<script>alert(1)</script>\n# not a title"))
    text = feedback.summary(nb, score(nb))
    assert "# Your result: 0 of 3 points" in text
    assert "| 1 | answer | 0 | 3 |" in text
    assert "    ValueError: <script>" in text, "indented, so that Markdown shows it as it is"
    assert "\n# not a title" not in text
    assert "<b>" not in text.split("Noticed")[1]


def test_summary_takes_the_late_penalty_off():
    nb = notebook(new_output("stream", text="passed"))
    assert "# Your result: 2 of 3 points" in feedback.summary(nb, score(nb), penalty=1.0)


def test_a_test_scores_by_whether_it_raised():
    def points(*outputs, count=2):
        return score_cell(cell("test-1-answer-1", "", points=3, execution_count=count, outputs=list(outputs))).points

    assert points() == 3
    assert points(new_output("stream", name="stderr", text="Warning: careful")) == 3
    # Stock nbgrader would read these values as partial credit.
    assert points(new_output("execute_result", data={"text/plain": "1.5"})) == 3
    assert points(new_output("execute_result", data={"text/plain": "1e9"})) == 3
    assert points(error("AssertionError", "no")) == 0
    assert points(count=None) == 0


def test_reasons_are_plain_sentences():
    def message(output):
        return score_cell(cell("test-1-answer-1", "", points=3, execution_count=2, outputs=[output])).message

    assert message(error("CheckFailed", "\x1b[31mCheck failed\x1b[0m")) == "Check failed"
    assert "took too long" in message(error("KeyboardInterrupt", ""))
    assert message(error("NameError", "name 'x' is not defined")) == "NameError: name 'x' is not defined"
