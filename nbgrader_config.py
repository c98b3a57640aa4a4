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
    "nbgrader.preprocessors.Execute",
    "nbconvert.preprocessors.CoalesceStreamsPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "helpers.grading.record.Record",
    "nbgrader.preprocessors.AssignLatePenalties",
]
# Otherwise the kernel's timing decides in how many pieces a cell's prints are stored.
c.CoalesceStreamsPreprocessor.enabled = True
c.Execute.timeout = 20  # seconds a cell
c.Execute.kernel_name = "python3"
# A file beside the notebook must not shadow a library: the submission's folder is not on the import path.
c.Execute.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    "--InteractiveShellApp.ignore_cwd=True",
    "--log-level=ERROR",
]

c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "helpers.grading.feedback.Explain",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.ExportApp.plugin_class = "helpers.grading.export.TaskTable"
