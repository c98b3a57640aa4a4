"""Record scores in nbgrader's gradebook: one commit a submission, all of its scores or none."""

import time
from collections.abc import Callable

from nbformat import NotebookNode
from nbgrader.api import Gradebook, InvalidEntry
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_solution
from sqlalchemy.exc import IntegrityError, OperationalError
from traitlets.config import Config

from .course import CourseError
from .master import grade_id
from .score import score

WAIT_SECONDS = 60.0


def save(gradebook: Gradebook, config: Config, where: dict[str, str], nb: NotebookNode, **submitted) -> None:
    """Write the scores, comments and late penalty of an executed notebook.

    `where` names the student, the assignment and the notebook; `submitted` is what nbgrader keeps of a submission,
    such as its timestamp. A mark that a person gave stays, and asks to be looked at again.
    """
    student, assignment = where["student"], where["assignment"]
    gradebook.update_or_create_student(student)
    gradebook.update_or_create_submission(assignment, student, **submitted)
    submission = gradebook.find_submission_notebook(where["notebook"], assignment, student)
    points = {result.grade_id: result.points for result in score(nb)}
    for grade in submission.grades:
        grade.auto_score = points.get(grade.name)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    cells = {grade_id(cell): cell for cell in nb.cells if is_solution(cell)}
    for comment in submission.comments:
        cell = cells.get(comment.name)
        untouched = cell is not None and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
        comment.auto_comment = "No response." if untouched else None
    submission.late_submission_penalty = None
    gradebook.db.flush()
    gradebook.db.refresh(submission)
    late = submission.assignment.total_seconds_late
    if late > 0:
        rule = AssignLatePenalties(config=config)
        rule.init_plugin()
        penalty = rule.plugin_inst.late_submission_penalty(student, submission.score, late)
        if penalty is not None:
            submission.late_submission_penalty = rule._check_late_penalty(submission, penalty)
    gradebook.db.commit()


def forget(gradebook: Gradebook, assignment: str, student: str) -> None:
    """Take back the automatic scores of a submission, if there are any; marks given by a person stay."""
    for submission in gradebook.assignment_submissions(assignment):
        if submission.student_id == student:
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = None
    gradebook.db.commit()


def patiently(gradebook: Gradebook, write: Callable[[], None], wait: float | None = None) -> None:
    """Call `write`, again while another program has the gradebook locked or writes the same rows.

    Raises CourseError after `wait` seconds (WAIT_SECONDS); nothing is half written.
    """
    deadline = time.monotonic() + (WAIT_SECONDS if wait is None else wait)
    while True:
        try:
            return write()
        except (OperationalError, IntegrityError, InvalidEntry) as error:
            gradebook.db.rollback()
            if time.monotonic() > deadline:
                raise unusable(error) from error
        time.sleep(0.2)


def unusable(error: Exception) -> CourseError:
    """What to say where the gradebook cannot be read or written."""
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    return CourseError(
        f"The gradebook cannot be used ({reason}). Close the program that uses it, or free some disk space, and run "
        "the same command again: what is recorded stays, the rest is graded then."
    )


class Record(NbGraderPreprocessor):
    """For `Autograde.autograde_preprocessors`, in place of SaveAutoGrades and AssignLatePenalties."""

    def preprocess(self, nb, resources):
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            patiently(gradebook, lambda: save(gradebook, self.config, resources["nbgrader"], nb))
        return nb, resources
