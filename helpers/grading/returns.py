"""Give grades and feedback back to the LMS that a unit was collected from."""

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from . import ilias, master, moodle, results
from .collect import Record
from .course import CourseError, Unit
from .score import shown

ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same feedback gives the same bytes


@dataclass
class Returned:
    """What was written, how many grades and pages went in, and who was left out and why."""

    files: list[Path] = field(default_factory=list)
    graded: int = 0
    pages: int = 0
    left: list[str] = field(default_factory=list)


def check(unit: Unit, worksheet: Path | None = None) -> Record:
    """What was collected. Raises CourseError where nothing was, or the worksheet is none or not for this LMS."""
    record = Record(unit)
    if not record.students:
        raise CourseError(f"{unit.name} was not collected from an LMS. Run: course collect ZIP {unit.name}")
    if worksheet and record.lms != "moodle":
        raise CourseError(f"A worksheet is Moodle's, and {unit.name} was collected from ILIAS; leave it out.")
    if worksheet:
        moodle.Worksheet(worksheet)
    return record


def give_back(unit: Unit, worksheet: Path | None = None, to: Path | None = None) -> Returned:
    """Write the feedback ZIP and the grades into `to`, by default ``returned/<unit>/``.

    A grade goes back once all its points are there; feedback goes with it, and to those whose file could not be graded.
    worksheet: Moodle's grading worksheet, needed for the grades there
    Raises CourseError where the unit was not collected from an LMS, the worksheet is none, or there is nothing yet.
    """
    record = check(unit, worksheet)
    done, grades, pages = Returned(), {}, {}
    maximum = sum(master.points(master.read(unit.source)).values())
    for row in results.rows(unit):
        entry = record.students.get(row.student)
        if entry is None:
            if row.graded:
                done.left.append(f"{row.student} was not collected from the LMS")
            continue
        if row.graded and row.to_mark:
            tasks = ", ".join(map(str, row.to_mark))
            done.left.append(f"{row.student} waits for a person's mark in task {tasks}")
            continue
        if row.graded:
            grades[entry["number"]] = max(row.total, 0.0)
        else:
            done.left.append(f"{row.student} has no grade: {'; '.join(row.remarks)}")
        if page := _page(unit, row, done.left):
            pages[f"{entry['place']}{unit.notebook}-feedback.html"] = page
    if not grades and not pages:
        raise CourseError(f"There is nothing to give back yet: {'; '.join(done.left[:3]) or 'no results'}.")
    done.pages = len(pages)
    folder = to or unit.course.root / "returned" / unit.name
    folder.mkdir(parents=True, exist_ok=True)
    write = {"moodle": _to_moodle, "ilias": _to_ilias}[record.lms]
    write(unit, record, folder, worksheet, grades, maximum, pages, done)
    return done


def _page(unit: Unit, row: results.Row, left: list[str]) -> bytes | None:
    """The student's feedback page, where it is there and not older than the grade."""
    path = unit.course.root / "feedback" / row.student / unit.name / f"{unit.notebook}.html"
    graded = results.autograded(unit, row.student)
    name = f"{unit.notebook}.ipynb" if row.graded else results.NOT_GRADED
    if not (graded / name).exists():
        return None
    if not path.exists():
        left.append(f"{row.student} has no feedback page; run: course feedback {unit.name}")
    elif path.stat().st_mtime < (graded / name).stat().st_mtime:
        left.append(f"{row.student}'s feedback page is older than the grade; run: course feedback {unit.name}")
    else:
        return path.read_bytes()
    return None


def _to_moodle(unit, record, folder, worksheet, grades, maximum, pages, done):
    sheet = moodle.Worksheet(worksheet) if worksheet else None
    if sheet:
        names = {entry["number"]: student for student, entry in record.students.items()}
        refused = sheet.fill(grades, maximum)
        done.left += [f"{names[number]} {reason}" for number, reason in refused.items()]
        done.graded = len(grades) - len(refused)
        if sheet.write(folder / "worksheet.csv"):
            done.left.append("the worksheet's comments, because one begins like a formula; Moodle keeps its own")
        done.files.append(folder / "worksheet.csv")
    _zip(folder / "feedback.zip", pages, done)


def _to_ilias(unit, record, folder, worksheet, grades, maximum, pages, done):
    top = f"multi_feedback_{unit.name}"  # ILIAS looks for a folder that begins so
    _zip(folder / f"{top}.zip", {f"{top}/{name}": page for name, page in pages.items()}, done)
    folders = {entry["number"]: entry["place"].rstrip("/") for entry in record.students.values()}
    marks = {number: shown(round(points, 2)) for number, points in grades.items()}
    (folder / "status.csv").write_bytes(ilias.status_list(marks, folders))
    done.files.append(folder / "status.csv")
    done.graded = len(grades)


def _zip(path: Path, pages: dict[str, bytes], done: Returned) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in sorted(pages.items()):
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), page, zipfile.ZIP_DEFLATED)
    done.files.append(path)
