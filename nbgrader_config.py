"""Stock nbgrader with the course's plug-ins: its commands and the formgrader's buttons do what `course` does."""

from helpers.grading import master

c = get_config()  # noqa: F821, provided by traitlets

c.CourseDirectory.course_id = "nn-course"
c.merge(master.CONFIG)
c.GenerateAssignment.preprocessors = master.RELEASE

# One submission: read what came, graft it onto the master, execute, score, record.
c.Autograde.exporter_class = "helpers.grading.intake.SubmissionExporter"
c.Autograde.pre_convert_hook = "helpers.grading.intake.name_notebooks"
c.Autograde.sanitize_preprocessors = ["helpers.grading.graft.Graft"]
c.Autograde.autograde_preprocessors = [
    "helpers.grading.execute.Execute",
    "helpers.grading.record.Record",
]

c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "helpers.grading.feedback.Explain",
]
c.GenerateFeedback.exporter_class = "helpers.grading.feedback.Page"
# What students wrote is shown to other people in the formgrader: cleaned.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "markdown2html": "helpers.grading.markup.markdown",
    "clean_html": "helpers.grading.markup.clean",
}
c.ExportApp.plugin_class = "helpers.grading.export.TaskTable"
