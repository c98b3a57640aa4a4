"""ILIAS's side: the names in "Download all submissions" of an exercise, the multi-feedback ZIP, the list of marks.

Read from ILIAS's source (Modules/Exercise, release 8): a folder ``Lastname_Firstname_login_12345`` for each person, in
some folders above; a second upload of the same name stays beside the first as ``name (2).ipynb``; what came late is
called ``Late Submission - name.ipynb``. Entries carry the time of the upload.
"""

import csv
import io
import re
import struct
from datetime import UTC, datetime

from .export import plain
from .moodle import Person

# Of the status file that the plug-in ExerciseStatusFile and StudOn read; ILIAS itself takes marks only by hand.
STATUS = ("update", "usr_id", "login", "lastname", "firstname", "status", "mark", "notice", "comment", "plagiarism",
          "plag_comment")  # fmt: skip

_FOLDER = re.compile(r"[^/]+_[^/]*_[^/]+_(?P<number>\d+)")
_FILE = re.compile(r"(?:(?P<late>[^/]+?) - )?(?P<stem>[^/]+?)(?: \((?P<copy>\d+)\))?(?P<suffix>\.[^./]*)?")


def recognise(path: str) -> tuple[Person, str] | None:
    """Whose entry of the ZIP this is, and the file's own name; None where it belongs to nobody."""
    *above, file = path.split("/")
    found = _FOLDER.fullmatch(above[-1]) if above else None
    if not found:
        return None
    first, last = names(above[-1])[:2]
    return Person(found["number"], f"{first} {last}".strip(), above[-1], f"{above[-1]}/"), file


def names(folder: str) -> tuple[str, str, str]:
    """First name, last name and login from a folder's name; where they hold underscores, only the last name: all."""
    parts = folder.split("_")[:-1]
    return (parts[1], parts[0], parts[2]) if len(parts) == 3 else ("", " ".join(parts[:-1]), parts[-1])


def sort_versions(upload) -> None:
    """Of several uploads of one name the newest gets the name, as ILIAS counts them up; the time is the newest's."""
    versions: dict[str, list[tuple[int, str]]] = {}
    for name in upload.files:
        found = _FILE.fullmatch(name)
        if found["late"]:
            upload.remarks.append(f"{name!r}: late, ILIAS says")
        versions.setdefault(found["stem"] + (found["suffix"] or ""), []).append((int(found["copy"] or 1), name))
    files = {}
    for name, uploads in versions.items():
        *older, (_, newest) = sorted(uploads)
        files[name] = upload.files[newest]
        stem, dot, suffix = name.rpartition(".")
        for number, (_, old) in enumerate(older, 1):
            files[f"{stem or suffix} ({number}){dot if stem else ''}{suffix if stem else ''}"] = upload.files[old]
        if older:
            upload.remarks.append(f"{name!r} was uploaded {len(uploads)} times; the last one counts")
    upload.files = files
    upload.time = max(filter(None, map(modified, files.values())), default=None)


def modified(info) -> datetime | None:
    """An entry's time from its extended timestamp, which is in UTC; None where it has none."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == 0x5455 and size >= 5 and extra[4] & 1:
            return datetime.fromtimestamp(struct.unpack("<I", extra[5:9])[0], UTC)
        extra = extra[4 + size :]
    return None


def status_list(marks: dict[str, str], folders: dict[str, str]) -> bytes:
    """The list of marks as CSV: number -> mark, number -> name of the folder. Nobody is set to passed or failed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(STATUS)
    for number, mark in marks.items():
        first, last, login = map(plain, names(folders[number]))
        writer.writerow([1, number, login, last, first, "notgraded", mark, "", "", "", ""])
    return out.getvalue().encode()
