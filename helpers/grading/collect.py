"""Take in the ZIP of an LMS: whose file each entry is, unpacked without harm into ``submitted/``.

What was collected is remembered in ``submitted/<unit>.json``: under which student id a person's files lie, what the LMS
calls the person (`course return` needs that), and which uploads were seen. So the same ZIP again changes nothing.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
import unicodedata
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from nbgrader.api import Gradebook

from . import ilias, intake, moodle
from .course import CourseError, Unit

MAX_ENTRIES = 20_000
MAX_FILE = intake.MAX_BYTES
MAX_PERSON = 4 * MAX_FILE
MAX_TOTAL = 2 * 2**30
NAME_BYTES = 150
TIMESTAMP = "timestamp.txt"
LMS = {"moodle": moodle, "ilias": ilias}
FIELDS = {"number", "name", "place", "uploads"}  # of a student in the record
JUNK = {"__MACOSX", ".DS_Store", ".ipynb_checkpoints", "Thumbs.db", "desktop.ini"}


@dataclass
class Upload:
    """What one person handed in: the ZIP's entries under the names to lay them at, and what was odd about it."""

    person: moodle.Person
    files: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    time: datetime | None = None


@dataclass
class Collected:
    """One student's row of the table: `file` is the notebook that will count, "" where there is none."""

    student: str
    name: str
    file: str
    what: str
    remarks: list[str]


class Record:
    """``submitted/<unit>.json``. Raises CourseError where it cannot be read."""

    def __init__(self, unit: Unit):
        self.path = unit.course.root / "submitted" / f"{unit.name}.json"
        self.lms, self.students = "", {}
        if self.path.exists():
            try:
                data = json.loads(self.path.read_text(encoding="utf-8"))
                self.lms, self.students = data["lms"], dict(data["students"])
                if self.lms not in LMS or not all(entry.keys() >= FIELDS for entry in self.students.values()):
                    raise ValueError("something is missing in it")
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                raise CourseError(
                    f"{self.path} is damaged ({error}). Move it away and collect the ZIP again."
                ) from None

    def write(self) -> None:
        """Replace the file, whole."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"lms": self.lms, "students": self.students}, ensure_ascii=False, indent=1, sort_keys=True)
        part = self.path.with_suffix(".part")
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(self.path)

    def people(self) -> dict[str, str]:
        """LMS number -> student id."""
        return {entry["number"]: student for student, entry in self.students.items()}


def collect(zip_path: Path, unit: Unit, worksheet: Path | None = None) -> list[Collected]:
    """Lay a class's files into ``submitted/<student>/<unit>/``; a row for each person of the ZIP and the worksheet.

    worksheet: Moodle's grading worksheet; it knows when a file was handed in, and who handed in nothing.
    What lay there and differs moves to ``earlier/<student>/<unit>/<time>/``. Raises CourseError for a ZIP that is
    damaged, too large, or of neither LMS.
    """
    record = Record(unit)
    sheet = moodle.Worksheet(worksheet) if worksheet else None
    try:
        with zipfile.ZipFile(zip_path) as archive:
            lms, uploads, empty, stray = sort_entries(archive, zip_path)
            if record.lms not in ("", lms):
                raise CourseError(f"{unit.name} was collected from {record.lms} before, and this ZIP is from {lms}. "
                                  f"To start anew, move submitted/ and {record.path.name} away.")  # fmt: skip
            record.lms = lms
            ids = student_ids(unit, record, [upload.person for upload in uploads])
            room, rows = MAX_TOTAL, []
            for upload in uploads:
                content, remarks = unpacked(upload, archive)
                room -= sum(map(len, content.values()))
                if room < 0:
                    raise CourseError(f"{zip_path} holds more than {MAX_TOTAL // 2**30} GB, too much for a class; the "
                                      "rest of it was not unpacked.")  # fmt: skip
                if sheet and (found := sheet.times.get(upload.person.number)):
                    upload.time = found
                rows.append(lay(unit, record, ids[upload.person.number], upload, content, remarks))
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise CourseError(f"{zip_path} cannot be read as a ZIP ({error}). Download it again.") from None
    finally:
        if record.students:
            record.write()
    name_students(unit, record)
    rows.sort(key=lambda row: row.student)
    if sheet:
        known = {upload.person.number for upload in uploads} | set(record.people())
        rows += [Collected("", name, "", "nothing", ["not in the ZIP"])
                 for number, name in sheet.names.items() if number not in known | empty.keys()]  # fmt: skip
    rows += [Collected("", name, "", "nothing", ["an empty folder"]) for name in empty.values()]
    rows += [Collected("", "", "", "left out", [line]) for line in stray]
    return rows


def sort_entries(archive: zipfile.ZipFile, path: Path) -> tuple[str, list[Upload], dict[str, str], list[str]]:
    """The LMS, the uploads by person, number and name of those with an empty folder, remarks on what is nobody's."""
    entries = [info for info in archive.infolist() if not info.is_dir()]
    if len(entries) > MAX_ENTRIES:
        raise CourseError(f"{path} holds {len(entries)} files, more than {MAX_ENTRIES}; that is no class's ZIP.")
    named = [(entry_name(info), info) for info in entries]
    lms = next((lms for lms, module in LMS.items() if any(module.recognise(name) for name, _ in named)), None)
    if lms is None:
        seen = ", ".join(repr(name) for name, _ in named[:3]) or "nothing"
        raise CourseError(f"{path} is neither Moodle's ZIP of all submissions, with Name_12345_assignsubmission_file, "
                          f"nor ILIAS's, with Lastname_Firstname_login_12345; it holds {seen}.")  # fmt: skip
    uploads: dict[str, Upload] = {}
    stray = []
    for name, info in named:
        found = LMS[lms].recognise(name)
        if found is None:
            if not JUNK & set(name.split("/")):
                stray.append(f"{shown(name)} belongs to no participant")
            continue
        person, file = found
        upload = uploads.setdefault(person.number, Upload(person))
        if person.file_place:  # feedback goes rather to the files' place than to that of an online text
            upload.person = person
        if problem := harmful(name, info):
            upload.remarks.append(f"{shown(file or name)} was left out: {problem}")
        elif JUNK & set(name.split("/")) or PurePosixPath(file).name.startswith("."):
            continue
        else:
            add(upload, file, info)
    if lms == "ilias":
        for upload in uploads.values():
            ilias.sort_versions(upload)
    folders = (LMS[lms].recognise(f"{entry_name(info)}x") for info in archive.infolist() if info.is_dir())
    empty = {person.number: person.name for person, _ in filter(None, folders) if person.number not in uploads}
    return lms, list(uploads.values()), empty, stray


def entry_name(info: zipfile.ZipInfo) -> str:
    """The entry's path with "/"; a name without the UTF-8 flag is UTF-8 where it can be, else DOS's code page."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def shown(name: str) -> str:
    """A name for a remark: short, and nothing in it acts on a terminal."""
    return repr(name if len(name) <= 80 else name[:77] + "...")


def harmful(name: str, info: zipfile.ZipInfo) -> str:
    """Why this entry must not be unpacked, "" if it may be."""
    if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
        return "its path leads out of the folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if info.file_size > MAX_FILE:
        return f"it is larger than {MAX_FILE // 2**20} MB"
    return ""


def add(upload: Upload, file: str, info: zipfile.ZipInfo) -> None:
    """Give the entry a name that is free, also where upper and lower case are the same; notebooks come to the top."""
    file = unicodedata.normalize("NFC", re.sub(r"[\x00-\x1f\x7f]", "_", file))
    parts = [cut(part) for part in file.split("/") if part not in ("", ".")]
    path = PurePosixPath(*parts)
    if path.suffix.casefold() == ".ipynb":
        path = PurePosixPath(path.name)
    if str(path).casefold() == TIMESTAMP:  # the grader would take it for the time of handing in
        path = PurePosixPath("timestamp of the student.txt")
        upload.remarks.append(f"a file {TIMESTAMP} was renamed")
    taken = {name.casefold() for name in upload.files}
    wanted, number = path, 1
    while str(path).casefold() in taken:
        path = wanted.with_name(f"{wanted.stem} (other {number}){wanted.suffix}")
        number += 1
    if path != wanted:
        upload.remarks.append(f"{shown(str(wanted))} was there more than once")
    upload.files[str(path)] = info


def cut(part: str) -> str:
    """A file name that every file system takes."""
    if len(part.encode()) <= NAME_BYTES:
        return part
    path = PurePosixPath(part)
    suffix = path.suffix if len(path.suffix) < 20 else ""
    return path.stem.encode()[: NAME_BYTES - 20].decode(errors="ignore") + suffix


def student_ids(unit: Unit, record: Record, people: list[moodle.Person]) -> dict[str, str]:
    """LMS number -> student id: the one of an earlier ZIP, else made of the name.

    Moodle numbers a person anew in each assignment, so the number is no part of the id unless two people share a
    name; then it keeps them apart. ILIAS's folder names hold the login.
    """
    ids = {number: student for number, student in record.people().items()}
    taken = {student.casefold() for student in ids.values()}
    new = [person for person in people if person.number not in ids]
    bases = {person.number: base_id(person) for person in new}
    count = Counter(base.casefold() for base in bases.values())
    doubtful = namesakes(unit)
    for person in new:
        base = bases[person.number]
        alone = count[base.casefold()] == 1 and base.casefold() not in taken and base.casefold() not in doubtful
        ids[person.number] = base if alone else f"{base}-{person.number}"
    return ids


def base_id(person: moodle.Person) -> str:
    text = unicodedata.normalize("NFC", person.id)
    return cut(re.sub(r"\W+", "-", text).strip("-_")) or "student"


def namesakes(unit: Unit) -> set[str]:
    """Names that some unit's record holds with a number behind them."""
    found = set()
    for path in (unit.course.root / "submitted").glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            for student, entry in json.loads(path.read_text(encoding="utf-8"))["students"].items():
                if student.endswith(f"-{entry['number']}") and entry["number"] not in entry["name"]:
                    found.add(student.removesuffix(f"-{entry['number']}").casefold())
    return found


def unpacked(upload: Upload, archive: zipfile.ZipFile) -> tuple[dict[str, bytes], list[str]]:
    """One person's files, as far as they can be read and are not too large, and remarks on the others."""
    content, remarks, room = {}, list(upload.remarks), MAX_PERSON
    for name, info in upload.files.items():
        try:
            with archive.open(info) as file:
                data = file.read(min(MAX_FILE, room) + 1)
        except Exception as error:  # BadZipFile, NotImplementedError, EOFError, zlib.error and more: no common class
            remarks.append(f"{shown(name)} was left out: damaged in the ZIP ({error})")
            continue
        if len(data) > min(MAX_FILE, room):
            remarks.append(f"{shown(name)} was left out: more than {min(MAX_FILE, room) // 2**20} MB")
        else:
            content[name] = data
            room -= len(data)
    return content, remarks


def lay(
    unit: Unit, record: Record, student: str, upload: Upload, content: dict[str, bytes], remarks: list
) -> Collected:
    """Put one person's files into the submission folder, if they are new; returns the row of the table."""
    entry = record.students.setdefault(student, {"uploads": []})
    person = upload.person
    entry |= {"number": person.number, "name": person.name, "place": person.place}
    folder = unit.course.root / "submitted" / student / unit.name
    digest = digest_of(content)
    there = folder.is_dir()
    if there and entry["uploads"][-1:] == [digest]:
        what = "unchanged"
    elif there and digest in entry["uploads"]:
        what = "unchanged"
        remarks.append("an older upload; the newer one stays")
    elif there and digest == digest_of(stored(folder)):
        what = "unchanged"
        entry["uploads"].append(digest)
    else:
        what = "new"
        if there and any(folder.iterdir()):
            kept = put_away(unit, student, folder)
            what = "replaced"
            remarks.append(f"the earlier files are in {kept.relative_to(unit.course.root)}")
        write(folder, content, upload)
        entry["uploads"] = [old for old in entry["uploads"] if old != digest] + [digest]
    return Collected(student, person.name, *judged(folder, unit, what, remarks))


def judged(folder: Path, unit: Unit, what: str, remarks: list[str]) -> tuple[str, str, list[str]]:
    """The notebook that counts, and a remark where there is none or the choice was not plain."""
    try:
        chosen = intake.find_notebook(folder, unit.notebook).name
    except intake.NotGraded:
        there = ", ".join(shown(path.name) for path in sorted(folder.iterdir())[:5]) or "no file"
        return "", what, [*remarks, f"no notebook that could be {unit.notebook}.ipynb; there is {there}"]
    books = sum(path.suffix.casefold() == ".ipynb" for path in folder.iterdir())
    if books > 1:
        remarks = [*remarks, f"{books} notebooks; this one counts"]
    elif chosen != f"{unit.notebook}.ipynb":
        remarks = [*remarks, f"graded as {unit.notebook}.ipynb"]
    return chosen, what, remarks


def digest_of(content: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(content):
        digest.update(f"{name}\0{len(content[name])}\0".encode() + content[name])
    return digest.hexdigest()


def stored(folder: Path) -> dict[str, bytes]:
    """The folder's files but the timestamp."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.name != TIMESTAMP}


def put_away(unit: Unit, student: str, folder: Path) -> Path:
    """Move a submission folder to where grading does not look; returns the place."""
    parent = unit.course.root / "earlier" / student / unit.name
    parent.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    target = next(path for n in range(1000) if not (path := parent / (f"{stamp}-{n}" if n else stamp)).exists())
    shutil.move(folder, target)
    return target


def write(folder: Path, content: dict[str, bytes], upload: Upload) -> None:
    """Fill the submission's folder: whole, or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".collect-", dir=folder.parent) as part:
        new = Path(part, "new")
        new.mkdir()
        for name, data in content.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(data)
            with contextlib.suppress(ValueError, OverflowError, OSError):
                seconds = datetime(*upload.files[name].date_time).timestamp()
                os.utime(new / name, (seconds, seconds))
        if upload.time:
            text = upload.time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC\n")
            (new / TIMESTAMP).write_text(text, encoding="utf-8")
        if folder.exists():
            folder.rmdir()  # empty: what had files was put away
        new.rename(folder)


def name_students(unit: Unit, record: Record) -> None:
    """Tell the gradebook the names, for the formgrader; as first name counts all but the last word."""
    directory = unit.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        for student, entry in record.students.items():
            first, _, last = entry["name"].rpartition(" ")
            gradebook.update_or_create_student(student, first_name=first, last_name=last)
