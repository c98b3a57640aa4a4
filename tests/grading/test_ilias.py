"""ILIAS and back: an exercise's ZIP is taken in, the multi-feedback ZIP and the list of marks return."""

import csv
import io
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpers.grading import build, collect, demo, grade, ilias, master, pool, returns
from helpers.grading.course import Course, CourseError

ROOT = Path(__file__).resolve().parents[2]
UNIT, FILE = demo.UNIT, "perceptron.ipynb"
TOP = "Uebungen/Perzeptron/Abgaben"
JANA, LEE, NOBODY = "Mueller_Jana_jmueller_4711", "van_der_Lee_Kim_k_lee_4712", "Leer_Nora_nleer_4713"


def make_zip(path, entries):
    """As Info-ZIP's `zip -r` writes it on the server: folders have entries, an extra field has the time in UTC."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, (time, data) in entries.items():
            info = zipfile.ZipInfo(name, (2026, 10, 1, 0, 0, 0))
            seconds = int(time.timestamp())
            owner = struct.pack("<HHBBIBI", 0x7875, 11, 1, 4, 33, 4, 33)
            info.extra = owner + struct.pack("<HHBI", 0x5455, 5, 1, seconds)
            archive.writestr(info, data)
    return path


def at(day, hour):
    return datetime(2026, 10, day, hour, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    root = tmp_path_factory.mktemp("ilias") / "course"
    for name in ("nbgrader_config.py", "pyproject.toml", f"source/{UNIT}/{FILE}"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes((ROOT / name).read_bytes())
    unit = Course(root).unit(UNIT)
    source = master.read(unit.source)
    stub = master.text(master.release(source))
    first = master.text(demo.hand_in(source))
    path = make_zip(root.parent / "all.zip", {
        "Uebungen/Perzeptron/Abgaben.xlsx": (at(1, 0), b"x"),
        f"{TOP}/{JANA}/": (at(9, 0), b""),
        f"{TOP}/{JANA}/perceptron.ipynb": (at(9, 20), first),
        f"{TOP}/{JANA}/perceptron (2).ipynb": (at(11, 20), first),
        f"{TOP}/{JANA}/Verspaetete Abgabe - perceptron (3).ipynb": (at(13, 7), stub),
        f"{TOP}/{LEE}/": (at(9, 0), b""),
        f"{TOP}/{LEE}/Loesung.ipynb": (at(10, 8), stub),
        f"{TOP}/{LEE}/notes.txt": (at(10, 9), b"hello"),
        f"{TOP}/{NOBODY}/": (at(9, 0), b""),
    })  # fmt: skip
    rows = collect.collect(path, unit)
    return unit, {row.student or row.name or "stray": row for row in rows}, path, first, stub


def files(unit, student):
    return {path.name: path.read_bytes() for path in (unit.course.root / "submitted" / student / UNIT).iterdir()}


def test_the_last_of_several_uploads_counts_and_the_others_stay(collected):
    unit, rows, _, first, stub = collected
    assert files(unit, JANA) == {
        FILE: stub.encode(),
        "perceptron (1).ipynb": first.encode(),
        "perceptron (2).ipynb": first.encode(),
        "timestamp.txt": b"2026-10-13 07:30:00 UTC\n",
    }
    assert rows[JANA].file == FILE
    assert any("uploaded 3 times" in remark for remark in rows[JANA].remarks)
    assert any("late, ILIAS says" in remark for remark in rows[JANA].remarks)


def test_folders_names_and_what_belongs_to_nobody(collected):
    unit, rows, *_ = collected
    assert set(rows) == {JANA, LEE, "Nora Leer", "stray"}
    assert (rows["Nora Leer"].what, rows["Nora Leer"].remarks) == ("nothing", ["an empty folder"])
    assert set(files(unit, LEE)) == {"Loesung.ipynb", "notes.txt", "timestamp.txt"}
    assert rows[LEE].file == "Loesung.ipynb" and "graded as perceptron.ipynb" in rows[LEE].remarks
    assert "Abgaben.xlsx" in rows["stray"].remarks[0]
    assert ilias.names(JANA) == ("Jana", "Mueller", "jmueller")


def test_the_same_zip_again_changes_nothing(collected):
    unit, _, path, *_ = collected
    before = {path: path.stat().st_mtime_ns for path in unit.course.root.glob("submitted/*/*/*")}
    assert {row.what for row in collect.collect(path, unit)} == {"unchanged", "nothing", "left out"}
    assert {path: path.stat().st_mtime_ns for path in unit.course.root.glob("submitted/*/*/*")} == before


def test_a_unit_has_one_lms(collected, tmp_path):
    unit, *_ = collected
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as archive:
        archive.writestr(f"Jana Müller_1_assignsubmission_file/{FILE}", "x")
    with pytest.raises(CourseError, match="from ilias before"):
        collect.collect(tmp_path / "moodle.zip", unit)
    with pytest.raises(CourseError, match="A worksheet is Moodle's"):
        returns.give_back(unit, tmp_path / "sheet.csv")


def ilias_finds(path, members):
    """What ilExAssignment::getMultiFeedbackFiles does with the folder multi_feedback...: user id -> file -> content."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            top, folder, file = name.split("/")
            user = int(folder.split("_")[-1])
            if top.startswith("multi_feedback") and user in members and not file.startswith("."):
                found.setdefault(user, {})[file] = archive.read(name)
    return found


def test_round_trip(collected, tmp_path):
    unit, *_ = collected
    build.register(unit)
    assert [done.reason for done in grade.grade(unit, pool.shared())] == ["", ""]
    assert len(list(grade.feedback(unit))) == 2
    done = returns.give_back(unit, to=tmp_path)
    found = ilias_finds(tmp_path / f"multi_feedback_{UNIT}.zip", {4711, 4712, 4713})
    pages = unit.course.root / "feedback"
    assert found == {
        user: {"perceptron-feedback.html": (pages / folder / UNIT / "perceptron.html").read_bytes()}
        for user, folder in {4711: JANA, 4712: LEE}.items()
    }
    rows = list(csv.DictReader(io.StringIO((tmp_path / "status.csv").read_text(), newline="")))
    assert {row["usr_id"]: row["mark"] for row in rows} == {"4711": "0", "4712": "0"}
    assert {row["status"] for row in rows} == {"notgraded"}
    assert rows[0]["login"] == "jmueller"
    assert (done.graded, done.pages, done.left) == (2, 2, [])


def test_formulas_in_the_list_of_marks_are_neutralised():
    text = ilias.status_list({"1": "2"}, {"1": "=cmd()_@Eve_-eve_1"}).decode()
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["lastname"], row["firstname"], row["login"]) == ("'=cmd()", "'@Eve", "'-eve")
