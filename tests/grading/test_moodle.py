"""Moodle and back: the ZIP of all submissions is taken in, feedback and grades return as Moodle reads them."""

import codecs
import csv
import io
import json
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from rich.console import Console
from test_grade import command

from helpers.grading import build, collect, demo, grade, intake, master, moodle, pool, results, returns, table
from helpers.grading.course import Course, CourseError

ROOT = Path(__file__).resolve().parents[2]
UNIT, FILE = demo.UNIT, "perceptron.ipynb"
MAXIMUM = 20
FOLDER = "{}_{}_assignsubmission_file"  # Moodle 4.1 and later; before with "_" at the end
FULL = {1: 1, 2: 2, 3: 3, 4: 4, 5: 4, 6: 2}


name_students = collect.name_students


@pytest.fixture
def unit(course_copy, monkeypatch):
    monkeypatch.setattr(collect, "name_students", lambda *_: None)  # a new gradebook takes seconds
    return course_copy.unit(UNIT)


def make_zip(path, entries, *, flags=None):
    """A ZIP of these entries; names that are not ASCII carry the UTF-8 flag, as Moodle sets it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries if isinstance(entries, list) else entries.items():
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, (2026, 10, 20, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


def take(tmp_path, unit, entries, name="all.zip", **more):
    rows = collect.collect(make_zip(tmp_path / name, entries), unit, **more)
    return {row.student or row.name or "stray": row for row in rows}


def handed_in(unit):
    """student -> file -> content, of everything below submitted/."""
    root = unit.course.root / "submitted"
    files = [path for path in root.glob(f"*/{unit.name}/**/*") if path.is_file()]
    found = {}
    for path in files:
        student, _, *rest = path.relative_to(root).parts
        found.setdefault(student, {})["/".join(rest)] = path.read_bytes()
    return found


def moodle_finds(path, participants):
    """What assignfeedback_file_zip_importer does with a feedback ZIP: participant -> file name -> content.

    Both algorithms, of Moodle up to 4.0 and from 4.1 on, must find the same person.
    """
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts, later = name.split("/"), None
            while parts:
                info = parts.pop(0).split("_", 4)
                if len(info) >= 4 and info[1].isdigit() and int(info[1]) in participants:
                    assert info[2:4] == ["assignsubmission", "file"]
                    later = int(info[1]), "/".join([*info[4:], *parts]).strip("/")
                    break
            assert later, f"Moodle would not know whose {name} is"
            if not re.match(r"[^/]*_assignsubmission_file/", name):
                earlier = name.split("_", 4)
                assert (int(earlier[1]), earlier[4].strip("/")) == later
            found.setdefault(later[0], {})[later[1]] = archive.read(name)
    return found


def worksheet(path, people, german=False, bom=True, newline="\r\n", maximum="20"):
    """A grading worksheet as Moodle writes it: people are (number, name, email, grade, can be changed, comment)."""
    if german:
        header = ["ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung",
                  "Bewertung kann geändert werden", "Zuletzt geändert (Abgabe)", "Zuletzt geändert (Bewertung)",
                  "Feedback als Kommentar"]  # fmt: skip
        prefix, yes, no, handed, point = "Teilnehmer/in", "Ja", "Nein", "Montag, 12. Oktober 2026, 21:30", ","
    else:
        header = [
            "Identifier",
            "Full name",
            "Email address",
            "Status",
            "Grade",
            "Maximum Grade",
            "Grade can be changed",
            "Last modified (submission)",
            "Last modified (grade)",
            "Feedback comments",
        ]
        prefix, yes, no, handed, point = "Participant ", "Yes", "No", "Monday, 12 October 2026, 9:30 PM", "."
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=newline)
    writer.writerow(header)
    for number, name, email, mark, free, comment in people:
        writer.writerow([f"{prefix}{number}", name, email, "Submitted for grading", mark, f"{maximum}{point}00",
                         yes if free else no, handed if email else "-", "-", comment])  # fmt: skip
    path.write_bytes((codecs.BOM_UTF8 if bom else b"") + out.getvalue().encode())
    return path


def moodle_reads(path, german=False):
    """What assignfeedback_offline_grade_importer makes of a worksheet: number -> grade, None where it skips the row."""
    text = path.read_bytes().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    names = ("ID", "Bewertung", "Zuletzt geändert (Bewertung)") if german else (
        "Identifier", "Grade", "Last modified (grade)")  # fmt: skip
    prefix = "Teilnehmer/in" if german else "Participant "
    identifier, mark, _ = map(header.index, names)
    read = {}
    for row in rows:
        assert row[identifier].startswith(prefix)
        value = row[mark].replace("," if german else ".", ".")
        read[int(row[identifier][len(prefix) :])] = float(value) if value else None
    return read


@pytest.mark.parametrize("form", ["{}_{}_assignsubmission_file/{}", "{}_{}_assignsubmission_file_/{}",
                                  "{}_{}_assignsubmission_file_{}"])  # fmt: skip
def test_all_three_forms_of_the_zip_are_taken_in(form, unit, tmp_path):
    rows = take(tmp_path, unit, {
        form.format("Jörg Müßig", 12345, FILE): b"one",
        form.format("Anna-Lena O'Brien", 12346, "perceptron_final (2).ipynb"): b"two",
        form.format("李 小龙", 12347, FILE): b"three",
    })  # fmt: skip
    assert handed_in(unit) == {
        "Jörg-Müßig": {FILE: b"one"},
        "Anna-Lena-O-Brien": {"perceptron_final (2).ipynb": b"two"},
        "李-小龙": {FILE: b"three"},
    }
    assert rows["Jörg-Müßig"].file == FILE and rows["Jörg-Müßig"].remarks == []
    assert rows["Anna-Lena-O-Brien"].remarks == ["graded as perceptron.ipynb"]


def test_several_files_wrong_file_nothing_and_online_text(unit, tmp_path):
    rows = take(tmp_path, unit, {
        "Several_1_assignsubmission_file/perceptron.ipynb": b"a",
        "Several_1_assignsubmission_file/perceptron (1).ipynb": b"b",
        "Several_1_assignsubmission_file/data/points.csv": b"c",
        "Several_1_assignsubmission_onlinetext/onlinetext.html": b"<p>Hello</p>",
        "Wrong_2_assignsubmission_file/essay.docx": b"d",
        "Packed_3_assignsubmission_file/perceptron.zip": b"PK",
        "Deep_4_assignsubmission_file/my work/week 1/perceptron.ipynb": b"e",
        "Deep_4_assignsubmission_file/__MACOSX/._perceptron.ipynb": b"f",
        "Deep_4_assignsubmission_file/.ipynb_checkpoints/perceptron-checkpoint.ipynb": b"g",
        "Text_5_assignsubmission_onlinetext/onlinetext.html": b"I could not upload it.",
        "grades.xlsx": b"h",
    })  # fmt: skip
    files = handed_in(unit)
    assert set(files["Several"]) == {"perceptron.ipynb", "perceptron (1).ipynb", "data/points.csv", "onlinetext.html"}
    assert files["Deep"] == {"perceptron.ipynb": b"e"}
    assert rows["Several"].file == FILE and rows["Several"].remarks == ["2 notebooks; this one counts"]
    for student in ("Wrong", "Packed", "Text"):
        assert rows[student].file == "" and "no notebook that could be perceptron.ipynb" in rows[student].remarks[-1]
    assert "'onlinetext.html'" in rows["Text"].remarks[0]
    assert rows["stray"].remarks == ["'grades.xlsx' belongs to no participant"]
    printed = Console(width=200, record=True, file=io.StringIO())
    printed.print(table.collected(list(rows.values())))
    assert "5 students" in printed.export_text()


def test_a_second_upload_replaces_the_first_which_is_kept(unit, tmp_path):
    name = FOLDER.format("Jana Möller", 7)
    first, second = {f"{name}/{FILE}": b"first"}, {f"{name}/{FILE}": b"second"}
    assert take(tmp_path, unit, first)["Jana-Möller"].what == "new"
    before = [(path, path.stat().st_mtime_ns) for path in sorted(unit.course.root.glob("submitted/*/*/*"))]
    assert take(tmp_path, unit, first)["Jana-Möller"].what == "unchanged"
    assert [(path, path.stat().st_mtime_ns) for path in sorted(unit.course.root.glob("submitted/*/*/*"))] == before
    row = take(tmp_path, unit, second)["Jana-Möller"]
    assert row.what == "replaced" and handed_in(unit) == {"Jana-Möller": {FILE: b"second"}}
    [kept] = unit.course.root.glob(f"earlier/Jana-Möller/{UNIT}/*/{FILE}")
    assert kept.read_bytes() == b"first"
    row = take(tmp_path, unit, first)["Jana-Möller"]
    assert row.what == "unchanged" and "older upload" in row.remarks[0]
    assert handed_in(unit) == {"Jana-Möller": {FILE: b"second"}}
    assert [folder.parent.name for folder in unit.submissions] == ["Jana-Möller"]


def test_what_the_instructor_put_there_by_hand_stays_when_the_zip_comes_again(unit, tmp_path):
    entries = {f"{FOLDER.format('Kim', 7)}/{FILE}": b"truncated"}
    take(tmp_path, unit, entries)
    (unit.course.root / "submitted" / "Kim" / UNIT / FILE).write_bytes(b"mended")
    assert take(tmp_path, unit, entries)["Kim"].what == "unchanged"
    assert handed_in(unit) == {"Kim": {FILE: b"mended"}}


def test_a_file_called_timestamp_cannot_set_the_time(unit, tmp_path):
    rows = take(tmp_path, unit, {
        f"{FOLDER.format('Kim', 7)}/{FILE}": b"x",
        f"{FOLDER.format('Kim', 7)}/Timestamp.TXT": b"1999-01-01 00:00:00 UTC",
    })  # fmt: skip
    assert set(handed_in(unit)["Kim"]) == {FILE, "timestamp of the student.txt"}
    assert "a file timestamp.txt was renamed" in rows["Kim"].remarks


def test_namesakes_are_told_apart_and_keep_their_ids(unit, tmp_path):
    def entry(number):
        return f"{FOLDER.format('Max Müller', number)}/{FILE}"

    take(tmp_path, unit, {entry(1): b"a"})
    take(tmp_path, unit, {entry(1): b"a", entry(2): b"b", f"{FOLDER.format('max müller', 3)}/{FILE}": b"c"})
    assert handed_in(unit) == {
        "Max-Müller": {FILE: b"a"}, "Max-Müller-2": {FILE: b"b"}, "max-müller-3": {FILE: b"c"},
    }  # fmt: skip
    take(tmp_path, unit, {entry(2): b"b2", f"{FOLDER.format('Max Meier', 1)}/{FILE}": b"a2"})
    assert handed_in(unit)["Max-Müller"] == {FILE: b"a2"}, "the number is the person, not the name"
    assert handed_in(unit)["Max-Müller-2"] == {FILE: b"b2"}
    other = unit.course.unit("02-backprop")
    take(tmp_path, other, {f"{FOLDER.format('Max Müller', 99)}/backprop.ipynb": b"d"})
    assert set(handed_in(other)) == {"Max-Müller-99"}, "which of the two it is cannot be known"


def test_one_person_has_one_id_in_all_units(unit, tmp_path):
    take(tmp_path, unit, {f"{FOLDER.format('Ada Lovelace', 5)}/{FILE}": b"a"})
    other = unit.course.unit("02-backprop")
    take(tmp_path, other, {f"{FOLDER.format('Ada Lovelace', 87)}/backprop.ipynb": b"b"})
    assert set(handed_in(unit)) == set(handed_in(other)) == {"Ada-Lovelace"}
    name_students(unit, collect.Record(unit))
    directory = unit.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        [student] = gradebook.students
        assert (student.id, student.first_name, student.last_name) == ("Ada-Lovelace", "Ada", "Lovelace")


def unflagged(path, old, new):
    """The same ZIP with the bytes `new` as the name of the entry `old`, of the same length, and no UTF-8 flag."""
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


@pytest.mark.parametrize("encoding", ["cp437", "utf-8"])
def test_umlauts_without_the_utf8_flag(encoding, unit, tmp_path):
    real = "Jörg Müßig".encode(encoding)
    path = make_zip(tmp_path / "all.zip", {f"{'?' * len(real)}_5_assignsubmission_file/{FILE}": b"x"})
    unflagged(path, b"?" * len(real), real)
    collect.collect(path, unit)
    assert handed_in(unit) == {"Jörg-Müßig": {FILE: b"x"}}


def test_decomposed_umlauts_are_the_same_person(unit, tmp_path):
    composed = f"{FOLDER.format('Jörg', 5)}/{FILE}"
    take(tmp_path, unit, {composed: b"x"})
    assert take(tmp_path, unit, {unicodedata.normalize("NFD", composed): b"x"})["Jörg"].what == "unchanged"


def link(name):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


HOSTILE = "Eve_666_assignsubmission_file"


def test_nothing_is_unpacked_outside_or_through_links(unit, tmp_path):
    rows = take(tmp_path, unit, [
        (f"{HOSTILE}/../../../../evil.ipynb", b"x"),
        (f"/{HOSTILE}/absolute.ipynb", b"x"),
        (f"C:/{HOSTILE}/drive.ipynb", b"x"),
        (f"{HOSTILE}\\..\\..\\windows.ipynb", b"x"),
        ("../outside.ipynb", b"x"),
        (link(f"{HOSTILE}/passwd.ipynb"), b"/etc/passwd"),
        (f"{HOSTILE}/a\x1b[31m\nb.txt", b"x"),
        (f"{HOSTILE}/{'ü' * 300}.ipynb", b"x"),
        (f"{HOSTILE}/Case.ipynb", b"upper"),
        (f"{HOSTILE}/case.ipynb", b"lower"),
    ])  # fmt: skip
    files = handed_in(unit)["Eve"]
    assert sorted(files.values()) == [b"lower", b"upper", b"x", b"x"]
    assert len({name.casefold() for name in files}) == 4
    assert all(name.isprintable() for name in files)
    assert sum("leads out" in remark for remark in rows["Eve"].remarks) == 4
    assert sum("is a link" in remark for remark in rows["Eve"].remarks) == 1
    outside = [path for path in tmp_path.rglob("*") if path.name in ("evil.ipynb", "windows.ipynb", "outside.ipynb")]
    assert outside == [] and not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_bombs_encrypted_and_damaged_entries_cost_only_themselves(unit, tmp_path, monkeypatch):
    monkeypatch.setattr(collect, "MAX_FILE", 2**20)
    good, secret, lying, damaged = (f"{HOSTILE}/{name}.ipynb" for name in ("perceptron", "secret", "lying", "damaged"))
    path = make_zip(tmp_path / "all.zip", {
        good: b"good", f"{HOSTILE}/bomb.ipynb": bytes(2**22), secret: b"s", lying: bytes(2**22), damaged: b"d" * 99,
    })  # fmt: skip
    data = bytearray(path.read_bytes())
    for name in (lying, secret, damaged):
        entry = data.rindex(name.encode()) - 46  # its record in the central directory
        assert data[entry : entry + 4] == b"PK\x01\x02"
        if name == lying:
            data[entry + 24 : entry + 28] = struct.pack("<I", 10)  # says it holds ten bytes
            data[entry + 16 : entry + 20] = struct.pack("<I", zlib.crc32(bytes(10)))
        elif name == secret:
            data[entry + 8] |= 1
        else:
            data[entry + 16] ^= 0xFF  # another checksum
    path.write_bytes(data)
    [row] = collect.collect(path, unit)
    assert set(handed_in(unit)["Eve"]) <= {FILE, "lying.ipynb"}
    assert len(handed_in(unit)["Eve"].get("lying.ipynb", b"")) <= 10
    told = " ".join(row.remarks)
    assert "'bomb.ipynb' was left out: it is larger than 1 MB" in told
    assert "'secret.ipynb' was left out: it is encrypted" in told
    assert "'damaged.ipynb' was left out: damaged in the ZIP" in told


def test_too_much_or_too_many_or_no_zip_is_an_error(unit, tmp_path, monkeypatch):
    person = FOLDER.format("Kim", 1)
    with monkeypatch.context() as patch:
        patch.setattr(collect, "MAX_TOTAL", 100)
        with pytest.raises(CourseError, match="holds more than"):
            take(tmp_path, unit, {f"{person}/{n}.txt": bytes(60) for n in range(3)})
    with monkeypatch.context() as patch:
        patch.setattr(collect, "MAX_ENTRIES", 2)
        with pytest.raises(CourseError, match="no class's ZIP"):
            take(tmp_path, unit, {f"{person}/{n}.txt": b"" for n in range(3)})
    with monkeypatch.context() as patch:
        patch.setattr(collect, "MAX_PERSON", 100)
        row = take(tmp_path, unit, {f"{person}/{n}.txt": bytes(60) for n in range(3)})["Kim"]
        assert sum("was left out: more than" in remark for remark in row.remarks) == 2
        assert [len(data) for data in handed_in(unit)["Kim"].values()] == [60]
    with pytest.raises(CourseError, match="neither Moodle's"):
        take(tmp_path, unit, {"photos/holiday.jpg": b"x"})
    whole = make_zip(tmp_path / "whole.zip", {f"{person}/{FILE}": b"x" * 1000}).read_bytes()
    for broken in (b"", b"not a zip", whole[: len(whole) // 2]):
        (tmp_path / "broken.zip").write_bytes(broken)
        with pytest.raises(CourseError, match="cannot be read as a ZIP"):
            collect.collect(tmp_path / "broken.zip", unit)


def test_a_worksheet_tells_the_time_and_who_handed_in_nothing(unit, tmp_path, monkeypatch):
    people = [(1, "Ada Lovelace", "ada@example.org", "", True, ""), (2, "Bob Ross", "", "", True, "")]
    for german in (False, True):
        sheet = worksheet(tmp_path / "sheet.csv", people, german)
        rows = take(tmp_path, unit, {f"{FOLDER.format('Ada Lovelace', 1)}/{FILE}": str(german)}, worksheet=sheet)
        stamp = unit.course.directory().get_existing_timestamp(str(unit.submissions[0]))
        local = moodle.moment("12 October 2026, 21:30")
        assert stamp.replace(tzinfo=None) == local.astimezone(collect.UTC).replace(tzinfo=None)
        assert rows["Bob Ross"].what == "nothing"
    take(tmp_path, unit, {f"{FOLDER.format('Ada Lovelace', 1)}/{FILE}": "anew"})
    assert set(handed_in(unit)["Ada-Lovelace"]) == {FILE}, "the time of the download is no time of handing in"


@pytest.mark.parametrize(("text", "hour"), [("Friday, 1 May 2026, 12:05 AM", 0), ("Freitag, 1. Mai 2026, 12:05", 12),
                                            ("1 May 2026, 12:05 PM", 12), ("-", None), ("", None)])  # fmt: skip
def test_moments(text, hour):
    found = moodle.moment(text)
    assert (found and found.hour) == hour


PEOPLE = [  # number, name, email, grade before, can be changed, comment
    (101, "Jörg Müßig", "joerg@example.org", "", True, ""),
    (102, "Anna Öz", "anna@example.org", "", True, "<p>See you</p>"),
    (103, "=SUM(1;2) Eve", "eve@example.org", "", True, ""),
    (104, "Nie Da", "", "", True, ""),
    (105, "Ganz Leer", "leer@example.org", "3.00", True, ""),
    (106, "Fest Gesetzt", "fest@example.org", "11.00", False, ""),
    (107, "Wartet Noch", "wartet@example.org", "", True, ""),
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class collected from Moodle's ZIP, graded, marked by hand where needed, with feedback."""
    root = tmp_path_factory.mktemp("moodle") / "course"
    (root / "source").mkdir(parents=True)
    for name in ("nbgrader_config.py", "pyproject.toml", f"source/{UNIT}/{FILE}"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes((ROOT / name).read_bytes())
    unit = Course(root).unit(UNIT)
    source = master.read(unit.source)
    worked = demo.hand_in(source)
    wrong = demo.with_source(worked, "task-2-sigmoid-relu", demo.SYNTAX_ERROR)  # costs task 2, as in the demo's class
    stub = master.text(master.release(source))
    folder = {number: FOLDER.format(name, number) for number, name, *_ in PEOPLE}
    make_zip(tmp_path_factory.getbasetemp() / "class.zip", {
        f"{folder[101]}/{FILE}": master.text(worked),
        f"{folder[102]}_/perceptron (1).ipynb": master.text(wrong),
        f"{folder[103]}_{FILE}": stub,
        f"{folder[105]}/essay.docx": b"d",
        f"{folder[106]}/{FILE}": stub,
        f"{folder[107]}/{FILE}": master.text(worked),
    })  # fmt: skip
    rows = {row.name: row.student for row in collect.collect(tmp_path_factory.getbasetemp() / "class.zip", unit)}
    build.register(unit)
    reasons = {done.student: done.reason for done in grade.grade(unit, pool.shared())}
    assert [student for student, reason in reasons.items() if reason] == [rows["Ganz Leer"]]
    directory = unit.course.directory()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        for name in ("Jörg Müßig", "Anna Öz"):
            mark = gradebook.find_grade("task-7-xor-in-words", unit.notebook, unit.name, rows[name])
            mark.manual_score, mark.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    return unit, rows


def test_round_trip(graded, tmp_path):
    unit, rows = graded
    without = returns.give_back(unit, worksheet(tmp_path / "in.csv", PEOPLE), tmp_path / "out")
    assert without.pages == 0 and any("course feedback" in line for line in without.left)
    assert len(list(grade.feedback(unit))) == 6
    done = returns.give_back(unit, worksheet(tmp_path / "in.csv", PEOPLE), tmp_path / "out")

    marks = moodle_reads(tmp_path / "out" / "worksheet.csv")
    full = sum(FULL.values()) + 2.5
    assert marks == {101: full, 102: full - FULL[2], 103: 0, 104: None, 105: 3, 106: 11, 107: None}
    assert done.graded == 3

    pages = moodle_finds(tmp_path / "out" / "feedback.zip", {number for number, *_ in PEOPLE})
    assert set(pages) == {101, 102, 103, 105, 106}
    for number, files in pages.items():
        student = rows[next(name for n, name, *_ in PEOPLE if n == number)]
        page = (unit.course.root / "feedback" / student / UNIT / "perceptron.html").read_bytes()
        assert files == {"perceptron-feedback.html": page}
    left = "\n".join(done.left)
    assert f"{rows['Wartet Noch']} waits for a person's mark in task 7" in left
    assert f"{rows['Ganz Leer']} has no grade: not graded" in left
    assert f"{rows['Fest Gesetzt']} has a grade that is locked in Moodle" in left

    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    returns.give_back(unit, tmp_path / "in.csv", tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_the_worksheet_keeps_its_form_and_formulas_are_neutralised(graded, tmp_path):
    unit, _ = graded
    for german, bom, newline in ((True, True, "\r\n"), (False, False, "\n")):
        sheet = worksheet(tmp_path / "in.csv", PEOPLE, german, bom, newline)
        returns.give_back(unit, sheet, tmp_path / "out")
        old, new = sheet.read_bytes(), (tmp_path / "out" / "worksheet.csv").read_bytes()
        assert new.startswith(codecs.BOM_UTF8) == bom and (b"\r\n" in new) == (newline == "\r\n")
        assert moodle_reads(tmp_path / "out" / "worksheet.csv", german)[101] == 18.5
        assert (b'"18,50"' in new) == german
        both = [list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) for data in (old, new)]
        pairs = [pair for rows in zip(*both, strict=True) for pair in list(zip(*rows, strict=True))[:4]]
        name = PEOPLE[2][1]
        assert {(x, y) for x, y in pairs if x != y} == {(name, f"'{name}")}


def test_comments_that_begin_like_a_formula_stay_in_moodle(graded, tmp_path):
    unit, _ = graded
    people = [*PEOPLE[:-1], (107, "Wartet Noch", "w@example.org", "", True, "- see task 7")]
    done = returns.give_back(unit, worksheet(tmp_path / "in.csv", people), tmp_path / "out")
    assert "Feedback comments" not in (tmp_path / "out" / "worksheet.csv").read_text()
    assert any("comments" in line for line in done.left)


def test_the_commands(graded, unit, tmp_path):
    path = make_zip(tmp_path / "all.zip", {f"{FOLDER.format('Jörg Müßig', 12345)}/[red]x": b"x"})
    run = command(unit.course, "course", "collect", str(path), UNIT)
    assert run.returncode == 0 and "Jörg-Müßig" in run.stdout and "'[red]x'" in run.stdout
    run = command(unit.course, "course", "return", UNIT)
    assert run.returncode == 1 and "nothing to give back yet" in run.stderr
    sheet = worksheet(tmp_path / "in.csv", PEOPLE)
    page = graded[0].course.root / "feedback" / "Anna-Öz" / UNIT / "perceptron.html"
    page.write_text("from before the marks")
    run = command(graded[0].course, "course", "return", UNIT, "--worksheet", str(sheet))
    assert "from before the marks" not in page.read_text()
    assert run.returncode == 0 and "3 grades and 5 feedback pages" in run.stdout
    assert moodle_reads(graded[0].course.root / "returned" / UNIT / "worksheet.csv")[101] == 18.5
    run = command(unit.course, "course", "collect", str(sheet), UNIT)
    assert run.returncode == 1 and "cannot be read as a ZIP" in run.stderr


def test_without_a_worksheet_there_are_pages_and_no_grades(graded, tmp_path):
    unit, _ = graded
    done = returns.give_back(unit, None, tmp_path / "out")
    assert [path.name for path in done.files] == ["feedback.zip"]


@pytest.mark.parametrize(("content", "says"), [
    (b"", "has no column"),
    (b"Student,Mark\nAda,1\n", "has no column"),
    (b"Identifier,Grade,Maximum Grade,Last modified (grade)\n", "rows of another length"),
    (b"Identifier,Grade,Maximum Grade,Last modified (grade)\nParticipant 1,2\n", "rows of another length"),
    (b"Identifier,Grade,Maximum Grade,Last modified (grade)\nAda,,20,-\n", "has no number"),
    ("Identifier,Grade,Maximum Grade,Last modified (grade)\nMüller,,20,-\n".encode("latin-1"), "UTF-8"),
])  # fmt: skip
def test_what_is_no_worksheet_is_an_error_that_says_why(content, says, tmp_path):
    (tmp_path / "sheet.csv").write_bytes(content)
    with pytest.raises(CourseError, match=says):
        moodle.Worksheet(tmp_path / "sheet.csv")


def test_another_maximum_in_moodle_is_an_error(graded, tmp_path):
    with pytest.raises(CourseError, match="Set the assignment's maximum grade"):
        returns.give_back(graded[0], worksheet(tmp_path / "in.csv", PEOPLE, maximum="100"), tmp_path / "out")


def test_a_unit_that_was_not_collected_cannot_be_returned(unit):
    with pytest.raises(CourseError, match="course collect"):
        returns.give_back(unit)


@pytest.mark.parametrize("text", ['{"lms": "moodle", "stu', "[]", "{}", '{"lms": "moodle", "students": {"Kim": {}}}',
                                  '{"lms": "moodle", "students": {"Kim": 3}}',
                                  '{"lms": "other", "students": {}}'])  # fmt: skip
def test_a_damaged_record_is_an_error_and_stays(text, unit, tmp_path):
    path = unit.course.root / "submitted" / f"{UNIT}.json"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(CourseError, match="damaged"):
        take(tmp_path, unit, {f"{FOLDER.format('Kim', 1)}/{FILE}": b"x"})
    assert path.read_text() == text


def test_results_and_record_agree_with_the_gradebook(graded):
    unit, rows = graded
    record = json.loads((unit.course.root / "submitted" / f"{UNIT}.json").read_text())
    assert {row.student for row in results.rows(unit)} == set(record["students"]) == set(rows.values())
    assert intake.find_notebook(unit.course.root / "submitted" / rows["Anna Öz"] / UNIT, unit.notebook)
