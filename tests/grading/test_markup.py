"""What students write as Markdown and HTML: readable, and harmless."""

import re
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup

from helpers.grading import markup, master

ROOT = Path(__file__).resolve().parents[2]


def soup(source, **more):
    html = markup.prose(source, **more)
    html5lib.HTMLParser(strict=True).parseFragment(html)
    return BeautifulSoup(html, "html.parser")


def test_a_formula_becomes_mathml():
    [formula] = soup(r"The share $\frac{a}{b_1}$ of it")("math")
    assert [tag.name for tag in formula(True)] == ["mrow", "mfrac", "mrow", "mi", "mrow", "msub", "mi", "mn"]
    assert formula.get_text() == "ab1"


def test_a_displayed_formula_is_a_block():
    assert [formula["display"] for formula in soup("$$x^2$$\n\nand $y$")("math")] == ["block", "inline"]


@pytest.mark.parametrize("path", sorted(ROOT.glob("source/*/*.ipynb")), ids=lambda path: path.parent.name)
def test_every_formula_of_the_assignments_is_understood(path):
    found = 0
    for cell in (cell for cell in master.read(path).cells if cell.cell_type == "markdown"):
        page = soup(cell.source)
        found += len(page("math"))
        for tag in page(["pre", "code"]):
            tag.decompose()
        assert "$" not in page.get_text(), cell.id
        assert not re.search(r"\\[A-Za-z]", page.get_text()), cell.id
    assert found > 5


@pytest.mark.parametrize("tex", ["\\frac{", "^" * 50, "\\left(" * 2000, "{" * 3000, "x" * 5000, "\\nosuch{1}"])
def test_what_is_no_formula_stays_readable(tex):
    assert tex[:5] in soup(f"${tex}$").get_text() or soup(f"${tex}$")("math")


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\style{background:url(//example.org)}{x}",
        r"\class{evil}{x}",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_nothing_acts_inside_a_formula(tex):
    for source in (f"${tex}$", f"$${tex}$$", f"![${tex}$](data:image/png;base64,AA==)", f"[${tex}$](https://x.org)",
                   f'<a title="${tex}$">x</a>', f"<img alt='${tex}$' src='data:image/png;base64,AA=='>"):  # fmt: skip
        page = soup(source)
        assert not page(["script", "style"])
        for tag in page(True):
            assert set(tag.attrs) <= {"href", "alt", "title", "src"} | markup.MATH_ATTRIBUTES, source
            assert not str(tag.get("href", "https:")).startswith("javascript")


def test_a_mark_that_somebody_forges_shows_nothing():
    for forged in ("\ue0000\ue001", "&#xE000;0&#xE001;", "&#xE000;99999&#xE001;", "&#xE000;1234567890&#xE001;"):
        assert soup(f"{forged} and $x$").get_text().strip().endswith("and x")


def test_headings_sink():
    assert [tag.name for tag in soup("# A\n\n<h2>B</h2>\n\n##### C", below=2)(True)] == ["h3", "h4", "h6"]
