"""Record scores in nbgrader's gradebook."""

from nbgrader.preprocessors import SaveAutoGrades

from .score import score_cell


class Record(SaveAutoGrades):
    """nbgrader's SaveAutoGrades with the course's own scoring in place of `determine_grade`."""

    def _add_score(self, cell, resources):
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = score_cell(cell).points
        # A mark that a person gave stays, and asks to be looked at again because the notebook was graded anew.
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()
