"""Write the made-up sample class: submissions by students who never were.

Who hands in what stands in ``tests/answers/sample_class.toml``; the answers themselves stand beside
it, one file each.  A submission is the released notebook with the student's cells filled in.

Usage: ``python scripts/sample_class.py DIR``.  ``DIR`` is emptied first: it must be new, or hold an
earlier sample class.
"""

import re
import shutil
import sys
import tomllib
from pathlib import Path

import jupytext
import nbformat

from release import ROOT, build, release

ANSWERS = ROOT / "tests" / "answers"
# Shows that a folder was made here and may be emptied: a real class must never be.
MARKER = ".sample-class"


def roster():
    """Return the students of the sample class as a list of dicts."""
    with (ANSWERS / "sample_class.toml").open("rb") as file:
        return tomllib.load(file)["student"]


def read_answer(path):
    """Return the solution cells of an answer file as a dict from function to source."""
    cells = jupytext.read(path, fmt="py:percent").cells
    return {c.metadata["solution"]: c.source for c in cells if "solution" in c.metadata}


def model_solutions(assignment):
    """Return (notebook name, solution cells) of the master of an assignment."""
    name, notebook = build.build_notebook(build.masters()[assignment])
    return name, {
        cell.metadata.nbgrader.grade_id: re.sub(r"\n +### (BEGIN|END) SOLUTION", "", cell.source)
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"
    }


def submission(released, solutions, answers):
    """Return the released notebook with its solution cells filled in."""
    notebook = released.copy()
    notebook.cells = [cell.copy() for cell in released.cells]
    filled = solutions | {k: v for answer in answers for k, v in answer.items()}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in filled:
            cell.source = filled[grade_id]
    return notebook


def write_submission(path, released, solutions, work, assignment):
    """Write one student's notebook; ``work`` is a list of answers, "untouched" or "not JSON"."""
    path.parent.mkdir(parents=True)
    if work == "not JSON":
        # What is left of a notebook when an editor stops half-way through saving it.
        text = nbformat.writes(submission(released, solutions, []))
        path.write_text(text[: len(text) // 2], encoding="utf-8")
    elif work == "untouched":
        nbformat.write(released, path)
    else:
        answers = [read_answer(ANSWERS / assignment / f"{name}.py") for name in work]
        nbformat.write(submission(released, solutions, answers), path)


def main(folder):
    """Make the class in ``folder``."""
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        sys.exit(f"error: {folder} holds something else; name a new folder for the sample class")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARKER).touch()
    students = roster()
    assignments = [a for a in build.masters() if any(a in student for student in students)]
    release(assignments, classroom=folder.resolve(), into=(folder / "release").resolve())
    for assignment in assignments:
        name, solutions = model_solutions(assignment)
        released = nbformat.read(folder / "release" / assignment / f"{name}.ipynb", as_version=4)
        for student in students:
            if assignment in student:
                path = folder / "submitted" / student["id"] / assignment / f"{name}.ipynb"
                write_submission(path, released, solutions, student[assignment], assignment)
    print(f"{len(students)} made-up students handed in: {folder / 'submitted'}")


if __name__ == "__main__":
    main(sys.argv[1])
