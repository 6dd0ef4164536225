"""Configuration of nbgrader for this course; every nbgrader command run here reads it.

Students' work and the gradebook live in one folder, ``classroom/``, which git ignores.  The
environment variable ``COURSE_CLASSROOM`` names another one, as for the sample class.
"""

import os
from pathlib import Path

# The kernels inherit these. Arrays are small here: on a busy machine further BLAS threads wait for
# each other, and a quick check runs into its time limit.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

root = Path(__file__).resolve().parent
classroom = Path(os.environ.get("COURSE_CLASSROOM", "classroom"))
(root / classroom).mkdir(parents=True, exist_ok=True)

c = get_config()  # noqa: F821 - traitlets defines it

c.CourseDirectory.course_id = "mixture-models"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = os.environ.get("COURSE_RELEASE", "release")
c.CourseDirectory.submitted_directory = str(classroom / "submitted")
c.CourseDirectory.autograded_directory = str(classroom / "autograded")
c.CourseDirectory.feedback_directory = str(classroom / "feedback")
c.CourseDirectory.db_url = f"sqlite:///{root / classroom / 'gradebook.db'}"

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# The engine: students' cells in a sandbox, checks outside of it. `mixgrade grade`, `nbgrader
# autograde` and the formgrader's button all use it.
c.Autograde.autograde_preprocessors = [
    "mixgrade.plugin.MixgradeExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# "limits" instead of "bubblewrap" is for notebooks that one trusts, such as the sample class.
c.Sandbox.isolation = os.environ.get("COURSE_ISOLATION", "bubblewrap")
# Wall time. The slowest check takes about four seconds on a slow machine.
c.Sandbox.cell_seconds = int(os.environ.get("COURSE_CELL_SECONDS", "30"))
# Of the project, students' code sees data and plotting; scripts/release.py puts them there.
c.Sandbox.student_path = [str(root / "_build" / "student-view")]
c.Sandbox.hidden_packages = ["mixgrade", "mixcore"]

# Formgrader's pages run nothing that a student wrote into a text cell.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"markdown2html": "mixgrade.feedback.safe_markdown"}

# Feedback shows of each check its title, points and message, never a hidden check's source.
c.GenerateFeedback.exporter_class = "mixgrade.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "mixgrade.feedback.ShowChecks",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
