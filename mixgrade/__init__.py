"""The grading engine of the course: a plug-in of nbgrader.

Students' cells run in a Jupyter kernel in a sandbox; checks run outside of it and receive plain
data only.  The commands, formats, gradebook, formgrader and feedback of nbgrader stay as they are.

- :mod:`mixgrade.reading` reads what was handed in, whatever it is, and lays it out as the source;
- :mod:`mixgrade.engine` grades one notebook, with :mod:`mixgrade.sandbox` and
  :mod:`mixgrade.kernel` for the students' side and :mod:`mixgrade.checks` for the trusted one;
  files whose names begin with ``inside`` run within the sandbox;
- :mod:`mixgrade.pool` and :mod:`mixgrade.cluster` grade many, here or on a Dask cluster;
- :mod:`mixgrade.gradebook` is the one writer of scores, notebooks and records;
- :mod:`mixgrade.report`, :mod:`mixgrade.feedback`, :mod:`mixgrade.check` and :mod:`mixgrade.app`
  are what people see; :mod:`mixgrade.plugin` puts the engine into nbgrader's own commands.
"""

__all__: list[str] = []
