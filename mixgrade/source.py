"""The trusted notebook of an assignment, and what nbgrader's gradebook must know of it."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.preprocessors import ClearSolutions, ComputeChecksums
from nbgrader.utils import is_grade, is_locked, is_solution, is_task


class GradebookError(RuntimeError):
    """Source, gradebook and outcome do not fit together; the text says what to do."""


@dataclass(frozen=True)
class Cell:
    """What the gradebook holds of one cell."""

    cell_type: str
    points: float | None  # None if the cell is not graded
    answer: bool  # whether the student writes it
    task: bool  # whether it is one of nbgrader's tasks, which only a grader looks at
    checksum: str  # of the text that students were given, hidden checks included


@dataclass(frozen=True)
class Source:
    """The source notebook of an assignment."""

    assignment: str
    name: str  # of the notebook, without ".ipynb"
    content: bytes  # the file
    notebook: nbformat.NotebookNode
    cells: dict  # {grade_id: Cell}


def read_source(coursedir, assignment):
    """Return the `Source` of an assignment, from ``source/<assignment>/<name>.ipynb``.

    Parameters
    ----------
    coursedir : nbgrader.coursedir.CourseDirectory
        Its ``config`` says with what nbgrader replaces the solutions.
    assignment : str
        Name of the assignment.

    Raises
    ------
    GradebookError
        If there is not exactly one notebook.
    """
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    paths = sorted(folder.glob("*.ipynb"))
    if len(paths) != 1:
        found = ", ".join(path.name for path in paths) or "none"
        raise GradebookError(
            f"{folder}: an assignment has one source notebook, found {found}; build it with "
            "`python source/build.py`"
        )
    content = paths[0].read_bytes()
    notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
    cells = _cells(nbformat.from_dict(notebook), coursedir.config)
    return Source(assignment, paths[0].stem, content, notebook, cells)


def _cells(notebook, config):
    """Return {grade_id: Cell} as ``nbgrader generate_assignment`` saves them."""
    notebook, _ = ClearSolutions(config=config).preprocess(notebook, {})
    notebook, _ = ComputeChecksums(config=config).preprocess(notebook, {})
    cells = {}
    for cell in notebook.cells:
        if is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell):
            rules = cell.metadata.nbgrader
            graded = is_grade(cell) or is_task(cell)
            cells[rules.grade_id] = Cell(
                cell.cell_type,
                float(rules.points) if graded else None,
                is_solution(cell),
                is_task(cell),
                rules.get("checksum"),
            )
    return cells
