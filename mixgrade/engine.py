"""Grade one notebook: the student's cells in a sandboxed kernel, the checks outside of it.

Points come only from a check that ran to its end on this side.  When a function ends the kernel,
its own checks get nothing; the kernel starts again and the rest is graded.
:mod:`mixgrade.notebook_run` goes through the cells; :mod:`mixgrade.outcomes` knows the source.
"""

import copy

from traitlets.config import LoggingConfigurable

from mixgrade.notebook_run import NotebookRun
from mixgrade.outcomes import Assignment, grade_id, role_of, show, versions
from mixgrade.sandbox import Sandbox

__all__ = ["Grader", "not_run"]


def not_run(notebook, source, reason, *, isolation="none"):
    """Return the outcome of a submission that could not be graded: every check 0, with the reason.

    Parameters
    ----------
    notebook, source : dict
        Notebooks; both laid out as the source.
    reason : str
        One sentence.
    isolation : str
        Level of isolation that would have been used.

    Returns
    -------
    dict
        As from :meth:`Grader.grade`.
    """
    assignment = Assignment(source)
    graded = copy.deepcopy(notebook)
    results = {name: assignment.result(name, "not run", reason) for name in assignment.checks}
    for cell in graded["cells"]:
        if role_of(cell) == "check":
            show(cell, results[grade_id(cell)])
    return {
        "notebook": graded,
        "checks": list(results.values()),
        "incidents": [],
        "seconds": 0.0,
        "engine_seconds": 0.0,
        "isolation": isolation,
        "versions": versions(),
    }


class Grader(LoggingConfigurable):
    """Grades notebooks one after the other, in a sandbox that stays warm.

    Examples
    --------
    A notebook that is laid out as its source::

        with Grader(config=config) as grader:
            outcome = grader.grade(notebook, source)
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.sandbox = Sandbox(parent=self)
        self._source = self._assignment = None

    @property
    def isolation(self):
        """How far kernels are cut off, in words."""
        return self.sandbox.level

    def grade(self, notebook, source):
        """Grade a notebook.

        Parameters
        ----------
        notebook : dict
            The submission, laid out as the source (:func:`mixgrade.reading.read_submission`).
        source : dict
            The trusted notebook, hidden checks included.

        Returns
        -------
        dict
            ``notebook`` with outputs, ``checks``, ``incidents``, ``seconds``, ``engine_seconds``,
            ``isolation`` and ``versions``.

        Raises
        ------
        SandboxError
            If no kernel can be had on this machine.
        """
        # A class hands in one notebook many times: its checks are compiled once.
        if source != self._source:
            self._source, self._assignment = copy.deepcopy(source), Assignment(source)
        run = NotebookRun(self.sandbox, copy.deepcopy(notebook), self._assignment)
        try:
            return run.outcome()
        finally:
            run.close()

    def close(self):
        """End the sandbox."""
        self.sandbox.close()

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.close()
