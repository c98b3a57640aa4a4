"""The pages that people open: feedback, "not graded", the report. One look, no script, nothing from elsewhere."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from . import markup, master
from .score import shown

TEMPLATES = Path(__file__).parent / "templates"
NO_ALT = "A figure that the cell above has drawn, without a description"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"points": shown, "code": code, "markdown": prose, "clean_html": clean}
    environment.globals |= {"master": master, "NO_ALT": NO_ALT}
    return environment


def render(template: str, **values) -> str:
    """The page that `template` makes of `values`; everything in them is escaped."""
    return _environment().get_template(template).render(values)


def code(source: str) -> Markup:
    """Python, coloured by classes."""
    return Markup(highlight(source, get_lexer_by_name("ipython3"), HtmlFormatter(nowrap=True)))


def prose(cell: NotebookNode) -> Markup:
    """A markdown cell; its first heading, "# ", becomes the page's third level."""
    return Markup(markup.prose(cell.source, cell.get("attachments"), below=2))


def clean(html: str) -> Markup:
    """An HTML output."""
    return Markup(markup.clean(html, below=3))
