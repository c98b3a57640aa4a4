"""Markdown and HTML that somebody else wrote, made harmless and readable without a network.

Formulas become MathML, which browsers draw and screen readers read without a script. Pictures stay where they are part
of the page; one from elsewhere would tell its server who reads the page, and is replaced by its alternative text.
"""

import re
from functools import partial
from html import escape, unescape
from xml.etree.ElementTree import Element

import bleach
from bleach.css_sanitizer import CSSSanitizer
from bleach.html5lib_shim import Filter
from jinja2 import pass_context
from latex2mathml.converter import convert_to_element
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

TEX_CHARS = 4000  # a cell, turned into MathML; what is beyond stays TeX
TAGS = {*bleach.ALLOWED_TAGS, *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "pre", "br", "hr", "img"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "dl", "dt", "dd"),
        *("del", "s", "u", "small", "sub", "sup", "details", "summary")}  # fmt: skip
STYLES = ["text-align", "vertical-align", "color", "background-color", "font-weight", "font-style"]
ATTRIBUTES = {"alt", "title", "class", "style", "colspan", "rowspan", "align", "width", "height", "open"}
MATH_TAGS = {*("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mstyle", "mfrac", "msqrt", "mroot", "msub"),
             *("msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mpadded")}  # fmt: skip
MATH_ATTRIBUTES = {*("display", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "fence", "form", "accent"),
                   *("minsize", "maxsize", "width", "linethickness", "columnalign", "separator")}  # fmt: skip

_MARK = re.compile("\ue000([0-9]{1,6})\ue001")  # where a formula stands, between two private characters


def clean(html: str, formulas: tuple = (), below: int = 0) -> str:
    """`html` without scripts, forms, frames, styles of its own and whatever else could act or look like the page.

    Headings sink `below` levels, so that they stand under the page's own.
    """
    css = CSSSanitizer(allowed_css_properties=STYLES)
    cleaner = bleach.Cleaner(
        tags=TAGS, attributes=_attribute, protocols=["https", "http", "mailto", "data"], css_sanitizer=css,
        filters=[partial(_Fit, formulas=formulas, below=below)],
    )  # fmt: skip
    return cleaner.clean(str(html))


def _attribute(tag: str, name: str, value: str) -> bool:
    """Whether an HTML attribute may stay."""
    if name == "src":
        return tag == "img" and re.match(r"data:image/(png|jpeg|gif);base64,", value) is not None
    if name == "href":
        return tag == "a" and re.match(r"(https?|mailto):", value) is not None
    return name in ATTRIBUTES


class _Fit(Filter):
    """After bleach has cleaned: formulas into their places, headings below the page's, no picture from elsewhere."""

    def __init__(self, source, formulas, below):
        super().__init__(source)
        self.formulas, self.below = formulas, below

    def __iter__(self):
        for token in super().__iter__():
            name = token.get("name") or ""
            if token["type"] == "Characters":
                yield from self._with_formulas(token["data"])
            elif name == "img" and (None, "src") not in token["data"]:
                yield {"type": "Characters", "data": token["data"].get((None, "alt"), "")}
            elif re.fullmatch("h[1-6]", name):
                yield token | {"name": f"h{min(int(name[1]) + self.below, 6)}"}
            else:
                yield token

    def _with_formulas(self, text):
        for place, part in enumerate(_MARK.split(text)):
            if place % 2:  # a mark that somebody wrote as an entity may be any number
                yield from self.formulas[int(part)] if int(part) < len(self.formulas) else ()
            elif part:
                yield {"type": "Characters", "data": part}


class _Renderer(IPythonRenderer):
    """Markdown to HTML with a mark for each formula, and the formulas as tokens for bleach's serializer."""

    def __init__(self, attachments):
        super().__init__(escape=False, exclude_anchor_links=True, attachments=attachments)
        self.formulas, self.left = [], TEX_CHARS

    def inline_math(self, body):
        return self._formula(body, "inline")

    def block_math(self, body):
        return self._formula(body, "block")

    def latex_environment(self, name, body):
        return self._formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def _formula(self, tex, display):
        self.left -= len(tex)
        self.formulas.append(_mathml(tex, display) if self.left >= 0 else _tex(tex))
        return f"\ue000{len(self.formulas) - 1}\ue001"


def _mathml(tex: str, display: str) -> list[dict]:
    """A formula as tokens; as it was written where it is no TeX that the converter knows."""
    try:
        root = convert_to_element(tex, display=display)
    except Exception:  # a dozen kinds of its own, KeyError, IndexError, RecursionError
        return _tex(tex)
    return list(_tokens(root))


def _tex(tex: str) -> list[dict]:
    return [{"type": "Characters", "data": f"${tex}$"}]


def _tokens(element: Element):
    tag = element.tag.split("}")[-1]
    tag = tag if tag in MATH_TAGS else "mrow"
    data = {(None, name): value for name, value in element.attrib.items()
            if name in MATH_ATTRIBUTES and re.fullmatch(r"[\w .%-]+", value)}  # fmt: skip
    yield {"type": "StartTag", "name": tag, "namespace": None, "data": data}
    if element.text:
        yield {"type": "Characters", "data": unescape(element.text)}
    for child in element:
        yield from _tokens(child)
    yield {"type": "EndTag", "name": tag, "namespace": None, "data": {}}


def prose(source: str, attachments: dict | None = None, below: int = 0) -> str:
    """Markdown as clean HTML, with its attached pictures; as it stands where its HTML is far longer than itself."""
    attachments = attachments or {}
    source = re.sub("[\ue000\ue001]", "", source)
    renderer = _Renderer(attachments)
    try:
        html = MarkdownWithMath(renderer=renderer).render(source)
    except (InvalidNotebook, RecursionError):  # a picture that is not attached; lists in lists in lists
        html = None
    if html is None or len(html) > 10_000 + 20 * len(source) + len(str(attachments)):
        return f"<pre>{escape(source)}</pre>"
    return clean(html, tuple(renderer.formulas), below)


@pass_context
def markdown(context, source: str) -> str:
    """For nbconvert in place of its own `markdown2html`."""
    return prose(source, context.get("cell", {}).get("attachments", {}))
