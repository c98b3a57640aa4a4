"""Moodle's side: the names in "Download all submissions", the grading worksheet, the feedback ZIP.

Read from Moodle's source (mod/assign: downloader, assignfeedback_file, assignfeedback_offline): an entry is
``Name_12345_assignsubmission_file/path``, before 4.1 with an underscore behind "file", or flat, without a folder.
The number is the participant's in this assignment. Times of entries are those of the download and say nothing.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .course import CourseError
from .export import FORMULA, plain

# Headers of the worksheet in English and German (any case), as Moodle's language files have them.
IDENTIFIER = ("identifier", "id")
NAME = ("full name", "vollständiger name", "name")
GRADE = ("grade", "bewertung")
MAXIMUM = ("maximum grade", "maximum", "bestwertung", "maximale bewertung")
CHANGEABLE = ("grade can be changed", "bewertung kann geändert werden")
HANDED_IN = ("last modified (submission)", "zuletzt geändert (abgabe)")
GRADED = ("last modified (grade)", "zuletzt geändert (bewertung)")
COMMENTS = ("feedback comments", "feedback als kommentar")
NO = ("no", "nein")
MONTHS = ("jan", "feb", "mar|mär", "apr", "may|mai", "jun", "jul", "aug", "sep", "o[ck]t", "nov", "de[cz]")

_ENTRY = re.compile(r"(?P<name>[^_/]*)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>[^/]*))?")


@dataclass(frozen=True)
class Person:
    """Someone in an LMS.

    number: what the LMS tells people apart by; id: what the student id is made of; place: where in a feedback ZIP
    their files belong, a folder with "/" or the beginning of a name; file_place: whether that came with a file
    """

    number: str
    name: str
    id: str
    place: str
    file_place: bool = True


def recognise(path: str) -> tuple[Person, str] | None:
    """Whose entry of the ZIP this is, and the file's own path; None where it belongs to nobody."""
    parts = path.split("/")
    for depth, part in enumerate(parts):
        found = _ENTRY.fullmatch(part)
        if not found:
            continue
        last = depth == len(parts) - 1
        if last and not found["rest"]:
            continue
        if last:
            file, place = found["rest"], part[: -len(found["rest"])]
        else:
            file, place = "/".join(parts[depth + 1 :]), f"{part}/"
        name = found["name"].strip()
        return Person(found["number"], name, name, place, found["kind"] == "file"), file
    return None


class Worksheet:
    """A grading worksheet as Moodle wrote it. Raises CourseError where it is none.

    names, times: by participant number; the time of handing in is taken in this machine's time zone
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CourseError(f"{path} cannot be read ({error.strerror}).") from None
        self.bom = data.startswith(codecs.BOM_UTF8)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise CourseError(f"{path} is not in UTF-8. Take the file as Moodle gave it, not one saved by a "
                              "spreadsheet.") from None  # fmt: skip
        self.newline = "\r\n" if "\r\n" in text else "\n"
        header = text.splitlines()[0] if text.strip() else ""
        self.delimiter = max(",;\t", key=header.count)
        self.rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))
        self.header = [cell.strip() for cell in self.rows[0]] if self.rows else []
        self.id, self.grade = self._column(IDENTIFIER), self._column(GRADE)
        self.maximum = self._column(MAXIMUM)
        self._column(GRADED)  # Moodle refuses a worksheet without it
        self.body = [row for row in self.rows[1:] if len(row) == len(self.header)]
        if not self.body or len(self.body) != len([row for row in self.rows[1:] if any(row)]):
            raise CourseError(f"{path} has rows of another length than its header; download the worksheet again.")
        self.comma = any("," in row[self.maximum] for row in self.body)
        name, handed_in = self._optional(NAME), self._optional(HANDED_IN)
        self.names, self.times = {}, {}
        for row in self.body:
            number = self.number(row)
            self.names[number] = row[name] if name is not None else row[self.id]
            if handed_in is not None and (time := moment(row[handed_in])):
                self.times[number] = time

    def _optional(self, names: tuple[str, ...]) -> int | None:
        return next((n for n, cell in enumerate(self.header) if cell.casefold() in names), None)

    def _column(self, names: tuple[str, ...]) -> int:
        found = self._optional(names)
        if found is None:
            raise CourseError(f'{self.path} has no column "{names[0]}"; it has: {", ".join(self.header) or "nothing"}. '
                              "Download the grading worksheet from Moodle in English or German.")  # fmt: skip
        return found

    def number(self, row: list[str]) -> str:
        """The participant number of a row: "12345" for "Participant 12345" and "Teilnehmer/in12345"."""
        found = re.search(r"(\d+)$", row[self.id].strip())
        if not found:
            raise CourseError(f'{self.path}: "{row[self.id]}" in column "{self.header[self.id]}" has no number.')
        return found[1]

    def fill(self, grades: dict[str, float], maximum: float) -> dict[str, str]:
        """Set the grades by participant number; returns number -> reason for those that could not be set.

        Raises CourseError where Moodle's maximum is not the unit's: Moodle would take the points for other ones.
        """
        changeable = self._optional(CHANGEABLE)
        refused = {number: "is not in the worksheet" for number in grades}
        for row in self.body:
            number = self.number(row)
            if number not in grades:
                continue
            if number_in(row[self.maximum]) != maximum:
                raise CourseError(f"Moodle's maximum grade is {row[self.maximum]}, and the unit gives {maximum:g} "
                                  "points. Set the assignment's maximum grade in Moodle and download the worksheet "
                                  "again.")  # fmt: skip
            if changeable is not None and row[changeable].strip().casefold() in NO:
                refused[number] = "has a grade that is locked in Moodle"
                continue
            text = f"{grades[number]:.2f}"
            row[self.grade] = text.replace(".", ",") if self.comma else text
            del refused[number]
        return refused

    def write(self, path: Path) -> bool:
        """Write the worksheet in the form it came in, with formulas made harmless; whether comments were left out.

        The identifiers stay. Comments that begin like a formula would come back changed, so the column is left out
        where there is one: Moodle then keeps its own.
        """
        comments = self._optional(COMMENTS)
        drop = comments is not None and any(row[comments].startswith(FORMULA) for row in self.body)
        keep = [n for n in range(len(self.header)) if not (drop and n == comments)]
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerow([self.header[n] for n in keep])
        for row in self.body:
            writer.writerow([row[n] if n in (self.id, self.grade) or row[n] == "-" else plain(row[n]) for n in keep])
        path.write_bytes((codecs.BOM_UTF8 if self.bom else b"") + out.getvalue().encode())
        return drop


def number_in(text: str) -> float | None:
    """20.0 for "20.00" and "20,00"."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """The time in "Monday, 12 October 2026, 9:30 PM" or "Montag, 12. Oktober 2026, 21:30"; None for anything else."""
    found = re.search(r"(\d{1,2})\.? (\w+)\.? (\d{4}),? (\d{1,2}):(\d\d)(?::\d\d)?\s*([AP]M)?", text, re.IGNORECASE)
    if not found:
        return None
    day, month, year, hour, minute, half = found.groups()
    number = next((n for n, name in enumerate(MONTHS, 1) if re.match(name, month, re.IGNORECASE)), None)
    if number is None:
        return None
    hours = int(hour) % 12 + 12 * (half.upper() == "PM") if half else int(hour)
    try:
        return datetime(int(year), number, int(day), hours, int(minute)).astimezone()
    except ValueError:
        return None
