"""Turn the masters ``source/<assignment>.py`` into nbgrader source notebooks.

A master is a py:percent file: it runs as a script, solutions and hidden checks included.  Its
header names the notebook, and a cell says in one or two words what it is::

    # %% [markdown]                        text
    # %% given="imports"                   code that students get and cannot change
    # %% given="checking"                  the same, with the text of the file that it imports from
    # %% solution="e_step"                 one function to write
    # %% check="test_e_step" points=3      a check; ### BEGIN HIDDEN TESTS ... ### END HIDDEN TESTS
    # %% [markdown] written="derivation" points=4     a question graded by hand
    # %% scratch="own_plot"                a cell for the student's own use

The builder adds nbgrader's metadata, fixed cell ids and, before other code, a cell with which
students check themselves, and writes ``source/<assignment>/<notebook>.ipynb``.  Text in a solution
between ``### BEGIN SOLUTION`` and ``### END SOLUTION`` does not reach the release.

Usage: ``python source/build.py [ASSIGNMENT ...]``; without arguments every master is built.
"""

import argparse
import hashlib
import re
import sys
from pathlib import Path

import jupytext
import nbformat

SOURCE = Path(__file__).parent
# A given cell that holds only this line gets the text of checking.py: notebooks travel alone.
SHARED = re.compile(r"from (checking) import \(?[\w\s,]+\)?\s*$")
# A comment, so that running all cells does not check: that would run all cells again.
CHECK_YOURSELF = """\
# Check yourself: save the notebook, remove the "# " in front of the "!", and run this cell.
# !mixgrade check {name}.ipynb"""
KINDS = ("given", "solution", "check", "written", "scratch")


class MasterError(ValueError):
    """A master does not follow the format above."""


def masters():
    """Return the masters by assignment name, in order."""
    return {path.stem: path for path in sorted(SOURCE.glob("ps*.py"), key=_assignment_number)}


def _assignment_number(path):
    digits = path.stem.removeprefix("ps").split("-")[0]
    return int(digits) if digits.isdigit() else 0


def _nbgrader_metadata(grade_id, kind, points, cell_type):
    written = kind == "written"
    graded = kind in ("check", "written")
    metadata = {
        "grade_id": grade_id,
        "schema_version": 3,
        "grade": graded,
        "solution": kind == "solution" or written,
        "locked": kind in ("given", "check"),
        "task": False,
        "cell_type": cell_type,
    }
    if graded:
        metadata["points"] = points
    return metadata


def _read_cell(cell, where):
    """Return (kind, grade_id, points) of a cell of a master; kind None for plain text."""
    keys = {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
    kinds = [kind for kind in KINDS if kind in keys]
    unknown = set(keys) - set(KINDS) - {"points"}
    if unknown or len(kinds) > 1:
        raise MasterError(
            f"{where}: cell header {keys} is not understood; use one of {', '.join(KINDS)}, "
            "with points for a check or a written question"
        )
    kind = kinds[0] if kinds else None
    points = keys.get("points")
    if (kind in ("check", "written")) != isinstance(points, int):
        raise MasterError(
            f"{where}: cell header {keys}: a check and a written question need points=N, "
            "other cells have none"
        )
    if kind is None and cell.cell_type == "code":
        raise MasterError(f"{where}: a code cell needs one of {', '.join(KINDS)} in its header")
    if kind in ("solution", "written") and "### BEGIN SOLUTION" not in cell.source:
        raise MasterError(f"{where}: {keys[kind]!r} has no '### BEGIN SOLUTION' line")
    return kind, keys.get(kind), points


def build_notebook(master):
    """Return (notebook name, notebook) for the master at a path.

    Raises
    ------
    MasterError
        If the header or a cell is not as the format asks.
    """
    nb = jupytext.read(master, fmt="py:percent")
    name = nb.metadata.get("course", {}).get("notebook")
    if not name:
        raise MasterError(f"{master.name}: the header has no 'course: notebook: NAME'")
    cells, ids, last_solution = [], set(), None
    for number, cell in enumerate(nb.cells):
        where = f"{master.name}, cell {number + 1}"
        kind, grade_id, points = _read_cell(cell, where)
        if kind == "solution":
            last_solution = grade_id
        if kind == "check" and not grade_id.startswith(f"test_{last_solution}"):
            raise MasterError(
                f"{where}: check {grade_id!r} follows the solution {last_solution!r}; "
                f"its name must begin with 'test_{last_solution}'"
            )
        if kind == "given" and (shared := SHARED.match(cell.source)):
            file = SOURCE / f"{shared.group(1)}.py"
            cell.source = file.read_text(encoding="utf-8").rstrip()
        # Ids must stay the same from build to build: the grade id, or a hash of the text.
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        cell_id = grade_id if grade_id else f"text-{digest}"
        if cell_id in ids:
            raise MasterError(
                f"{where}: the cell id {cell_id!r} is there twice; change one of them"
            )
        ids.add(cell_id)
        make = (
            nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        )
        metadata = (
            {"nbgrader": _nbgrader_metadata(grade_id, kind, points, cell.cell_type)}
            if kind not in (None, "scratch")
            else {}
        )
        cells.append(make(cell.source, id=cell_id, metadata=metadata))
    check_yourself = CHECK_YOURSELF.format(name=name)
    first = next(i for i, cell in enumerate(cells) if cell.cell_type == "code")
    cells.insert(first, nbformat.v4.new_code_cell(check_yourself, id="check_yourself"))
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return name, nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def build(assignment, *, into=SOURCE):
    """Write ``<into>/<assignment>/<notebook>.ipynb`` and return its path."""
    known = masters()
    if assignment not in known:
        raise MasterError(f"there is no master for {assignment!r}; known are {', '.join(known)}")
    name, notebook = build_notebook(known[assignment])
    path = Path(into) / assignment / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)
    return path


def main(argv=None):
    """Build the assignments named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT")
    arguments = parser.parse_args(argv)
    for assignment in arguments.assignments or masters():
        try:
            print(f"built {build(assignment)}")
        except MasterError as error:
            sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
