"""The engine inside ``nbgrader autograde`` and behind the formgrader's button.

`MixgradeExecute` takes the place of nbgrader's `Execute` in
``c.Autograde.autograde_preprocessors``; nbgrader itself then stores the scores.
"""

import atexit
from concurrent.futures import ThreadPoolExecutor

import nbformat
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Instance, default

from mixgrade.autograded import autograded_notebook
from mixgrade.layout import Template
from mixgrade.parsing import parse
from mixgrade.records import make_record, write_record
from mixgrade.source import GradebookError, read_source

__all__ = ["MixgradeExecute"]


class _Engine:
    """The one grader of this process, in a thread of its own.

    Formgrader calls from a thread whose event loop is running; there, nobody else may run one.
    """

    def __init__(self):
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mixgrade")
        self._grader = None
        atexit.register(self.close)

    def grade(self, config, notebook, source):
        """Return the outcome of a notebook; the first call's configuration is kept."""
        return self._thread.submit(self._grade, config, notebook, source).result()

    def _grade(self, config, notebook, source):
        # Imported here: every nbgrader command reads the configuration that names this module.
        from mixgrade.engine import Grader

        if self._grader is None:
            self._grader = Grader(config=config)
        return self._grader.grade(notebook, source)

    def close(self):
        """Close the grader, if there is one; the next submission starts another."""
        grader, self._grader = self._grader, None
        if grader is not None:
            grader.close()


_engine = _Engine()


class MixgradeExecute(NbGraderPreprocessor):
    """Grades a notebook with mixgrade's engine: student cells in a sandbox, checks outside."""

    coursedir = Instance(CourseDirectory)

    @default("coursedir")
    def _coursedir_default(self):
        # nbgrader gives a preprocessor its exporter, and the exporter its converter.
        return self.parent.parent.coursedir

    def preprocess(self, nb, resources):
        """Grade a notebook and write its record.

        Parameters
        ----------
        nb : NotebookNode
            The submission as nbgrader's sanitising preprocessors leave it.
        resources : dict
            nbgrader's: whose notebook it is.

        Returns
        -------
        tuple of (NotebookNode, dict)
            The graded notebook, from whose outputs `nbgrader.preprocessors.SaveAutoGrades` takes
            the scores.

        Raises
        ------
        GradebookError
            If the assignment does not have exactly one source notebook, of this name.
        """
        names = resources["nbgrader"]
        source = read_source(self.coursedir, names["assignment"])
        if source.name != names["notebook"]:
            raise GradebookError(
                f"{names['assignment']}: the source notebook is {source.name}.ipynb, the gradebook "
                f"has {names['notebook']}.ipynb; run `make release`, then grade again"
            )
        cells, findings = parse(nbformat.writes(nb).encode("utf-8", "replace"))
        laid_out, differences = Template(source.notebook).lay_out(cells)
        outcome = _engine.grade(self.config, laid_out, source.notebook)
        # Scores and notebook are stored after this, by nbgrader. A run that dies between must not
        # count as done: without a key the record never spares `mixgrade grade` the work.
        record = make_record(
            names["student"],
            names["assignment"],
            names["notebook"],
            outcome,
            key="",
            findings=[*(f"{source.name}.ipynb {text}." for text in findings), *differences],
        )
        write_record(self.coursedir, record)
        return autograded_notebook(outcome, source), resources
