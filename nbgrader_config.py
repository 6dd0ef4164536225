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

# Seconds a cell. The slowest check takes about one; an endless loop costs this much a check.
c.Execute.timeout = int(os.environ.get("COURSE_CELL_SECONDS", "30"))
c.Execute.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    # Feedback shows an error's message without the lines around it: those may be hidden checks.
    "--InteractiveShell.xmode=Minimal",
    # Without ipykernel's notice, once a kernel, that messages on this machine are not encrypted.
    "--IPKernelApp.log_level=ERROR",
]
# The feedback leaves out the hidden checks' source.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
