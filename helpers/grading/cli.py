"""The command `course`: thin, so that everything it does can be called and tested without it."""

import os
import sys
import warnings
from functools import partial
from pathlib import Path
from typing import Annotated

try:
    import typer
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from sqlalchemy.exc import OperationalError

    from . import table
    from .course import Course, CourseError, Unit
    from .record import unusable
except ImportError as error:  # a student's installation has neither Typer nor nbgrader
    sys.exit(f'The command "course" is for instructors and needs more packages ({error}). '
             'Install them with: pip install "nn-course-helpers[grading]"')  # fmt: skip

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
                  help="Build, check and grade the course. Run it inside your clone.")  # fmt: skip
console = Console()

UnitNames = Annotated[
    list[str] | None, typer.Argument(metavar="[UNIT]...", help="Units such as 01-perceptron; all by default.")
]
UnitName = Annotated[str, typer.Argument(metavar="UNIT", help="A unit such as 01-perceptron.")]
Students = Annotated[list[str] | None, typer.Option("--student", "-s", help="Only this student; may be repeated.")]


def chosen(names: list[str] | None) -> list[Unit]:
    """The units of the course around the working directory, or those that are named."""
    course = Course.find()
    return [course.unit(name) for name in names] if names else course.units


def progress() -> Progress:
    """A progress bar that names the step, counts and estimates the time left."""
    columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    return Progress(*columns, TimeRemainingColumn(), console=console)


@app.command()
def build(
    units: UnitNames = None,
    anew: Annotated[bool, typer.Option("--anew", help="Execute lectures and solutions also where unchanged.")] = False,
):
    """Make release/ and solutions/ from source/, and register the points in the gradebook."""
    from . import build

    build.readme(Course.find())
    with progress() as bar:
        for unit in bar.track(chosen(units), description="Building"):
            executed = build.build(unit, anew)
            bar.print(f"{unit.name}: release written, worked solution {'executed' if executed else 'unchanged'}")


@app.command()
def check(units: UnitNames = None):
    """Check all rules for notebooks: form, points, drift, hidden tests, alternative text, run time and more."""
    from . import gates

    findings = gates.check(Course.find(), [unit.name for unit in chosen(units)])
    for finding in findings:
        console.print(f"[bold]{finding.rule}[/bold] {finding.where}: {finding.what}", highlight=False, soft_wrap=True)
    console.print(f"{len(findings)} findings" if findings else "clean: no findings")
    raise typer.Exit(bool(findings))


@app.command()
def grade(
    units: UnitNames = None,
    student: Students = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Notebooks at a time; by default one a core.")] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Also what is graded already and has not changed.")] = False,
    require_sandbox: Annotated[bool, typer.Option("--require-sandbox", help="Refuse to run code unprotected.")] = False,
    cluster: Annotated[str | None, typer.Option(help="Run on this Dask cluster, tcp://host:port.")] = None,
):
    """Grade the submissions in submitted/<student>/UNIT and print the table; by default of all units that have any."""
    from .execute import NO_SANDBOX, UNPROTECTED

    found = [unit for unit in chosen(units) if units or unit.submissions]
    if not found:
        raise CourseError("Nothing to grade: there are no folders submitted/<student>/<unit>.")
    with _pool(workers, cluster) as pool:
        if unprotected := pool.unprotected():
            where = ", ".join(unprotected)
            if require_sandbox:
                raise CourseError(NO_SANDBOX.format(what="--require-sandbox", where=where))
            Console(stderr=True).print(UNPROTECTED.format(where=where), style="bold red", soft_wrap=True)
        for unit in found:
            run_grading(unit, pool, student, anew)
    names = " ".join(unit.name for unit in found)
    console.print(f"What the class got wrong: course report {names}", highlight=False, soft_wrap=True)


def _pool(workers: int | None, cluster: str | None):
    if cluster:
        from .cluster import Cluster

        return Cluster(cluster)
    from .pool import Pool

    return Pool(workers)


def run_grading(unit: Unit, pool, students: list[str] | None = None, anew: bool = False) -> None:
    """Register, grade with a progress bar, print the table; exit code 1 where nothing could be graded."""
    from . import build, grade

    folders = grade.submissions(unit, students)
    build.register(unit)
    grade.clean_up(unit)
    with progress() as bar:
        task = bar.add_task("Grading", total=len(folders))
        done = []
        for graded in grade.grade(unit, pool, students, anew=anew):
            done.append(graded)
            bar.update(task, advance=1, description=f"Graded {graded.student}")
    console.print(table.table(unit))
    if kept := sum(not graded.again for graded in done):
        console.print(f"{kept} had been graded already and have not changed; --anew grades them again.")
    if all(graded.reason for graded in done):
        raise CourseError("Not one submission could be graded; the reasons are in the table.")


@app.command()
def feedback(unit: UnitName, student: Students = None):
    """Write feedback/<student>/UNIT/*.html for everything that was graded."""
    run_feedback(Course.find().unit(unit), student)


def run_feedback(unit: Unit, students: list[str] | None = None) -> None:
    """Write the pages with a progress bar; an error where nothing was graded yet."""
    from . import grade

    folders = grade.submissions(unit, students)
    pages = []
    with progress() as bar:
        task = bar.add_task("Feedback", total=len(folders))
        for page in grade.feedback(unit, students):
            pages.append(page)
            bar.update(task, advance=1)
    if not pages:
        raise CourseError(f"Nothing is graded yet. Run: course grade {unit.name}")
    console.print(f"{len(pages)} feedback pages in {unit.course.root / 'feedback'}", soft_wrap=True)


@app.command()
def report(units: UnitNames = None):
    """Write reports/UNIT.html about the class: points, common misconceptions, flags, what waits for a person."""
    found = [unit for unit in chosen(units) if units or any(unit.course.root.glob(f"autograded/*/{unit.name}"))]
    if not found:
        raise CourseError("Nothing is graded yet. Run: course grade")
    run_report(found)


def run_report(units: list[Unit]) -> None:
    """Write the reports and say where they are."""
    from . import report

    for unit in units:
        console.print(f"Report on the class in {report.write(unit)}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def export(
    units: UnitNames = None,
    to: Annotated[Path, typer.Option(help="The CSV file to write.")] = Path("grades.csv"),
):
    """Write the grades as a CSV file: a row a student, a column a task."""
    from . import export

    export.write(chosen(units), to)
    console.print(f"Grades written to {to}")


@app.command()
def collect(
    zip_file: Annotated[Path, typer.Argument(metavar="ZIP", help="As downloaded from Moodle or ILIAS.", exists=True)],
    unit: UnitName,
    worksheet: Annotated[Path | None, typer.Option(help="Moodle's grading worksheet: who is missing, when.")] = None,
):
    """Unpack an LMS's ZIP of all submissions into submitted/<student>/UNIT, and say what is odd in it."""
    from .collect import collect

    console.print(table.collected(collect(zip_file, Course.find().unit(unit), worksheet)))


@app.command("return")
def give_back(
    unit: UnitName,
    worksheet: Annotated[Path | None, typer.Option(help="Moodle's grading worksheet, to fill in.")] = None,
    to: Annotated[Path | None, typer.Option(help="The folder to write to; by default returned/UNIT.")] = None,
):
    """Write the feedback pages anew, and the ZIP and the grades in the form that Moodle or ILIAS takes."""
    from . import returns

    chosen_unit = Course.find().unit(unit)
    returns.check(chosen_unit, worksheet)
    try:
        run_feedback(chosen_unit)  # marks that were given by hand since must be on the pages
    except CourseError as error:
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
    done = returns.give_back(chosen_unit, worksheet, to)
    for line in done.left:
        console.print(f"left out: {line}", markup=False, highlight=False, soft_wrap=True)
    grades = f"{done.graded} grades" if len(done.files) > 1 else "no grades (for them, name Moodle's --worksheet)"
    console.print(f"{grades} and {done.pages} feedback pages in:", highlight=False)
    for path in done.files:
        console.print(f"  {path}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def publish(
    units: UnitNames = None,
    to: Annotated[Path | None, typer.Option(help="The folder to write; by default published/<course>.")] = None,
):
    """Write the student bundle, as a folder and a ZIP: lectures, released assignments, the light helper package."""
    from . import publish

    done = publish.publish(Course.find(), chosen(units), to)
    for notice in done.notices:
        console.print(f"note: {notice}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"Published: {done.folder} and {done.zip.name}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def audit(units: UnitNames = None,
          json: Annotated[Path | None, typer.Option(help="Also write the report to this file.")] = None):  # fmt: skip
    """Prove the tests: solutions score full, known mistakes lose points with their hint, mutants are killed."""
    from . import audit

    reports = []
    for unit in chosen(units):
        with progress() as bar:
            move = partial(bar.update, bar.add_task(f"Auditing {unit.name}"))
            reports.append(audit.audit(unit, each=lambda done, total, move=move: move(completed=done, total=total)))
        console.print(reports[-1])
    if json:
        json.write_text(audit.to_json(reports), encoding="utf-8")
    raise typer.Exit(any(report.findings for report in reports))


@app.command()
def demo():
    """Grade a class of 12 made-up submissions to unit 01 in demo/, from build to feedback."""
    from . import demo
    from .pool import Pool

    course = Course.find()
    unit = demo.prepare(course, console)
    with Pool() as pool:
        run_grading(unit, pool)
    run_feedback(unit)
    run_report([unit])
    grades = demo.table(unit).relative_to(course.root)
    console.print(
        f"Look into {grades.parent}/: submitted/, autograded/, feedback/, reports/, {grades.name}, gradebook.db"
    )


def main():
    """Entry point: one clear line and exit code 1 for what the user can put right, no traceback."""
    # nbgrader calls the program `alembic`, which lies beside this one, also when the environment is not activated.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    # nbgrader creates its database rows in an order that SQLAlchemy warns about; the rows are right.
    warnings.filterwarnings("ignore", message=".*not in session, add operation")
    try:
        try:
            app()
        except OperationalError as error:  # locked, or no disk space, where something is read
            raise unusable(error) from error
    except CourseError as error:
        Console(stderr=True).print(f"course: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
