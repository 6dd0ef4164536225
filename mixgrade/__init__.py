"""The grading engine of the course: an nbgrader plug-in.

This package is the door; the rooms behind it are still to be built.  Today the course is graded by
stock nbgrader, through ``nbgrader_config.py`` and ``scripts/grade.py``.  What mixgrade is for:

- student cells run in a sandboxed kernel, check cells outside it;
- a dead kernel or an endless loop costs the guilty function only;
- a class is graded in parallel, and an interrupted run carries on where it stopped.

The commands, formats, gradebook, formgrader and feedback of nbgrader stay as they are.
"""

__all__: list[str] = []
