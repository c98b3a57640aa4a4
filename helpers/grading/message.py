"""What a failed test says, taken apart: the check, what was expected, what came, the hint."""

import re
from dataclasses import dataclass, field

from .score import NO_ANSWER

_CHECK = re.compile(r'Check "(.*)" failed\.')
_FIELD = re.compile(r" {4}(got|expected|differs|changed|hint) {2,}(.*)")
_OPEN = re.compile(r"NotImplementedError: (Task \d+, .+, is still open\.)")
CONTINUED = " " * 14  # how helpers.check indents the further lines of a field


@dataclass(frozen=True)
class Message:
    """`text` is the whole; `check` is "" and `fields` empty unless a check of helpers.check says it.

    `fields` maps got, expected, differs, changed to what is said there. `task_open` is True for a stub or a
    written answer that was left as it came.
    """

    text: str
    check: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    hint: str = ""
    task_open: bool = False

    @property
    def kind(self) -> str:
        """What several students have in common who were told this: the hint, or the first line."""
        return self.hint or self.text.split("\n", 1)[0]


def parse(text: str) -> Message:
    """The parts of the text of a `CheckFailed`; any other text stays whole."""
    if found := _OPEN.fullmatch(text):
        return Message(found[1], task_open=True)
    if text == NO_ANSWER:
        return Message(text, task_open=True)
    first, *rest = text.split("\n")
    check = _CHECK.fullmatch(first)
    if not check:
        return Message(text)
    fields: dict[str, list[str]] = {}
    last = None
    for line in rest:
        if found := _FIELD.fullmatch(line):
            last = fields.setdefault(found[1], [])
            last.append(found[2])
        elif last is not None:
            last.append(line.removeprefix(CONTINUED))
    said = {name: "\n".join(lines) for name, lines in fields.items()}
    return Message(text, check[1], said, " ".join(said.pop("hint", "").split()))
