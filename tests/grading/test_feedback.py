"""The feedback page: what a student may see and what not."""

import html5lib
import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import check
from helpers.grading import feedback, message, page
from helpers.grading import score as score_module
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


CHECK = """Check "it <b>doubles</b>" failed.
    got       shape (2, 2), float: [[1.0 2.0]
                                    [3.0 4.0]]
    expected  shape (2,), float: [2.0 4.0]
    differs   in shape: got (2, 2), expected (2,)
    hint      Add x to itself,
              do not stack it."""
SECTION = {"cell": "twice", "section": "2 Twice <i>a number</i>"}
BADGE = "# Doubling\n\n[Open](https://colab.research.google.com/github/tiny/course/blob/main/release/01-double/double.ipynb)"


def graded(nb, marks=None, penalty=0.0, comment=""):
    """The page of `nb`, as BeautifulSoup."""
    nb.cells.insert(0, cell("intro", BADGE, kind=new_markdown_cell))
    nb.cells[1].metadata["lecture"] = SECTION
    nb.cells[2].metadata.nbgrader["comment"] = comment
    told = feedback.outcome(nb, score(nb), marks or {}, penalty)
    text = page.render("feedback.html.j2", nb=feedback.hide_tests(nb), outcome=told, unit="01-double", student="<b>Ada")
    html5lib.HTMLParser(strict=True).parse(text)
    return BeautifulSoup(text, "html.parser")


def words(tag):
    return " ".join(tag.get_text(" ").split())


def test_a_failed_check_is_shown_in_its_parts_with_the_section_to_read():
    soup = graded(notebook(error("CheckFailed", CHECK)))
    [failure] = soup.select(".failure")
    assert words(failure.h4) == "Check: it <b>doubles</b>"
    fields = dict(zip(map(words, failure("dt")), failure("dd"), strict=True))
    assert list(fields) == ["expected", "got", "first difference", "hint"]
    assert fields["got"].get_text() == "shape (2, 2), float: [[1.0 2.0]\n                      [3.0 4.0]]"
    assert words(fields["first difference"]) == "in shape: got (2, 2), expected (2,)"
    assert words(fields["hint"]) == "Add x to itself, do not stack it."
    [link] = soup.select('a[href*="scrollTo"]')
    assert link["href"] == (
        "https://colab.research.google.com/github/tiny/course/blob/main/notebooks/01-double.ipynb#scrollTo=twice"
    )
    assert words(link) == "section 2 Twice <i>a number</i>"
    assert "notebooks/01-double.ipynb" in words(link.parent)


def test_points_have_a_bar_and_say_the_same_in_words():
    nb = notebook(error("CheckFailed", CHECK))
    nb.cells.insert(0, cell("test-1-answer-0", "", points=1, execution_count=1))
    soup = graded(nb)
    [row] = soup.select("tbody tr")[:1]
    assert [words(entry) for entry in row(["td", "th"])] == ["1", "answer", "1 of 4", ""]
    assert row.select_one(".bar span")["style"] == "width: 25.0%"
    assert words(soup.select_one(".total")) == "1 of 4 points"


def test_the_same_message_of_two_tests_is_shown_once():
    nb = notebook(error("NotImplementedError", "Task 1, answer, is still open."))
    nb.cells.append(cell("test-1-answer-2", "x", points=1, execution_count=3, outputs=nb.cells[2].outputs))
    [failure] = graded(nb).select(".failure")
    assert words(failure.p) == "Task 1, answer, is still open."
    assert [link["href"] for link in failure("a")] == ["#test-1-answer-1", "#test-1-answer-2"]


def test_every_link_inside_the_page_leads_somewhere():
    soup = graded(notebook(error("CheckFailed", CHECK)))
    targets = {link["href"][1:] for link in soup("a") if link["href"].startswith("#")}
    assert targets and targets <= {tag["id"] for tag in soup(id=True)}


def test_headings_are_in_order_and_ids_are_unique():
    nb = notebook(error("CheckFailed", CHECK))
    nb.cells.append(new_markdown_cell('# Mine\n\n## Part <h1 id="notebook">raw</h1>'))
    soup = graded(nb)
    levels = [int(tag.name[1]) for tag in soup(["h1", "h2", "h3", "h4", "h5", "h6"])]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    ids = [tag["id"] for tag in soup(id=True)]
    assert len(ids) == len(set(ids))


def test_what_others_wrote_stays_text():
    nb = notebook(error("ValueError", "<script>alert(1)</script>\n# not a title"))
    soup = graded(nb, comment="<script>alert(2)</script> well *done*")
    assert not soup(["script", "link", "iframe"])
    assert "ValueError: <script>alert(1)</script> # not a title" in words(soup.select_one(".failure"))
    assert words(soup.title) == "Feedback: 01-double, <b>Ada"
    assert "cell <b>x</b>: *repaired*" in words(soup)
    assert "<script>alert(2)</script> well *done*" in words(soup.select_one(".comment"))


def test_the_page_fetches_nothing_and_forbids_scripts():
    nb = notebook(error("CheckFailed", CHECK))
    nb.cells.append(
        new_markdown_cell("![A map](https://example.org/x.png) <img src='http://example.org/y.gif' alt='Why'>")
    )
    html = '<img src="//example.org/z.png" alt="Zed" style="background: url(https://example.org)">'
    nb.cells.append(new_code_cell("", outputs=[new_output("display_data", data={"text/html": html})]))
    soup = graded(nb)
    assert not soup("img")
    for alt in ("A map", "Why", "Zed"):
        assert alt in words(soup)
    assert not [tag for tag in soup(style=True) if "url" in tag["style"]]
    assert "default-src 'none'" in soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]


def test_figures_stay_and_have_alternative_text():
    nb = notebook(error("CheckFailed", CHECK))
    data = {"image/png": "iVBORw0KGgo=", "text/html": "<b>the same</b>"}
    told = new_output("display_data", data=data, metadata={"image/png": {"alt": 'A "line" <up>'}})
    nb.cells.append(new_code_cell("", outputs=[told, new_output("display_data", data=data)]))
    nb.cells.append(new_code_cell("", outputs=[new_output("display_data", data={"image/svg+xml": "<svg/>"})]))
    soup = graded(nb)
    assert [img["alt"] for img in soup("img")] == ['A "line" <up>', page.NO_ALT]
    assert words(soup).count("[not shown on this page]") == 1


def test_the_late_penalty_is_taken_off():
    soup = graded(notebook(new_output("stream", text="passed")), penalty=1.0)
    assert words(soup.select_one(".total")) == "2 of 3 points"
    assert "1 points were taken off" in words(soup)


def test_a_persons_mark_counts_also_when_it_is_zero():
    def row(marks):
        nb = notebook(new_output("stream", text="passed"))
        nb.cells.append(cell("task-1-answer", "Because.", points=4, solution=True, kind=new_markdown_cell))
        nb.cells[-1].metadata.nbgrader["grade_id"] = "task-1-words"
        soup = graded(nb, marks)
        return words(soup.select("tbody tr")[0]), words(soup.select_one("#task-1-words .label"))

    assert row({}) == (
        "1 words 3 of 7, the rest still to be marked",
        "Your answer task-1-words: waits for a person's mark, of 4 points",
    )
    assert row({"task-1-words": 0.0}) == ("1 words 3 of 7", "Your answer task-1-words: 0 of 4 points")


def test_the_error_of_the_solutions_own_cell_is_named_where_no_check_explains():
    def reported(output, file="1234.py"):
        nb = notebook(output)
        nb.cells[1].outputs = [error("SyntaxError", f"expected ':' ({file}, line 1)", ["Cell In[1], line 1"])]
        return words(graded(nb).select_one(".failure"))

    for file in ("1234.py", "<ipython-input-5-b23b38>"):
        said = reported(error("NameError", "no answer"), file)
        assert "task-1-answer stops with SyntaxError: expected ':', line 1 Below" in said
    assert "stops with" not in reported(error("CheckFailed", CHECK))


def test_an_answer_that_was_not_written_is_open():
    assert message.parse(score_module.NO_ANSWER).task_open


def test_a_text_that_is_no_check_stays_whole():
    for text in ("", "Check failed", 'Check "x" failed. more', "ValueError: no\n    hint      fake"):
        assert message.parse(text) == message.Message(text)


def test_every_failure_of_every_kind_of_check_is_taken_apart():
    x = np.zeros((2, 3))
    calls = [
        lambda: check.array("a", x, x + 1, hint="H1"),
        lambda: check.array("b", x, np.zeros(3), hint="H1"),
        lambda: check.array("b", None, x, hint="H1"),
        lambda: check.shape("c", x, (3,), hint="H1"),
        lambda: check.dtype("d", x, "int", hint="H1"),
        lambda: check.true("e", False, hint="H1"),
        lambda: check.unchanged("f", lambda a: a.fill(7), x, hint="H1"),
        lambda: check.raises("g", ValueError, lambda: 3, hint="H1"),
    ]
    for call in calls:
        with pytest.raises(check.CheckFailed) as failed:
            call()
        said = message.parse(str(failed.value))
        assert said.check and said.hint == "H1"
        assert said.fields["expected"] and (said.fields.get("got") or said.fields.get("changed"))


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
