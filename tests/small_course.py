"""A course of one small made-up assignment, for tests that need nbgrader's real gradebook."""

import os
import re
import sys
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

ASSIGNMENT, NAME = "ps1-small", "small"
CELLS = [
    ("markdown", None, None, "# Small\n\nDouble and halve, $x \\mapsto 2 x$."),
    ("code", "given", None, "import math"),
    (
        "code",
        "double",
        None,
        "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
    ),
    ("code", "test_double", 1, "# Whole numbers.\nassert double(2) == 4, 'expected 4'"),
    (
        "code",
        "test_double_other_inputs",
        2,
        "# Hidden check: halves.\n### BEGIN HIDDEN TESTS\nsecret = 0.5\n"
        "assert double(secret) == 1, 'expected twice the number'\n### END HIDDEN TESTS",
    ),
    (
        "code",
        "half",
        None,
        "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION",
    ),
    ("code", "test_half", 3, "assert half(2) == 1, 'expected 1'"),
    ("markdown", "why", 4, "### BEGIN SOLUTION\nBecause.\n### END SOLUTION"),
]
POINTS = {"test_double": 1.0, "test_double_other_inputs": 2.0, "test_half": 3.0}


def source_notebook(cells=CELLS):
    """Return the source notebook."""
    made = []
    for number, (kind, name, points, text) in enumerate(cells):
        make = new_code_cell if kind == "code" else new_markdown_cell
        cell = make(text, id=name or f"cell-{number}")
        if name:
            answer = "BEGIN SOLUTION" in text
            cell.metadata["nbgrader"] = {
                "grade_id": name,
                "schema_version": 3,
                "grade": points is not None,
                "solution": answer,
                "locked": not answer,
                "task": False,
                "cell_type": kind,
                **({"points": points} if points is not None else {}),
            }
        made.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    language = {"name": "python"}
    return new_notebook(cells=made, metadata={"kernelspec": kernel, "language_info": language})


def open_course(root, **sections):
    """Return nbgrader's CourseDirectory of a course made by `make_course`."""
    classroom = Path(root) / "classroom"
    config = Config(sections)
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "small"
    for step in ("submitted", "autograded", "feedback"):
        config.CourseDirectory[f"{step}_directory"] = f"classroom/{step}"
    config.CourseDirectory.db_url = f"sqlite:///{classroom / 'gradebook.db'}"
    return CourseDirectory(config=config)


def release(coursedir):
    """Run nbgrader's generate_assignment."""
    # nbgrader calls alembic by name, which lies beside this Python.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    coursedir.assignment_id, coursedir.student_id = ASSIGNMENT, "."
    GenerateAssignment(coursedir=coursedir, config=coursedir.config, force=True).start()


def make_course(root, **sections):
    """Write the source, release it, and return the CourseDirectory."""
    coursedir = open_course(root, **sections)
    path = Path(root) / "source" / ASSIGNMENT / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    (Path(root) / "classroom").mkdir()
    nbformat.write(source_notebook(), path)
    release(coursedir)
    return coursedir


def answered(notebook, **answers):
    """Return a notebook with some cells' text replaced, as a student does."""
    notebook = deepcopy(notebook)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return notebook


def released(root):
    """Return the students' version."""
    path = Path(root) / "release" / ASSIGNMENT / f"{NAME}.ipynb"
    return nbformat.read(path, as_version=4)


def hand_in(root, student, notebook, **files):
    """Write a submission and return its folder."""
    folder = Path(root) / "classroom" / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def read(notebook, *, readable=True, findings=(), digest="digest"):
    """Return what stands for a Reading: the source with the answers of a notebook."""
    answers = {c.metadata.nbgrader.grade_id: c.source for c in notebook.cells if _is_answer(c)}
    laid_out = answered(source_notebook(), **answers)
    return SimpleNamespace(
        notebook=laid_out, findings=list(findings), readable=readable, digest=digest
    )


def _is_answer(cell):
    return cell.metadata.get("nbgrader", {}).get("solution")


def outcome(notebook, **scores):
    """Return an outcome with these scores; a check that is not named is passed."""
    notebook, checks = deepcopy(notebook), []
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in POINTS:
            score = float(scores.get(name, POINTS[name]))
            failed = score < POINTS[name]
            message = "expected 4; came None. Is there a return?" if failed else ""
            if failed:
                error = {"ename": "AssertionError", "evalue": message, "traceback": []}
                cell.outputs = [new_output("error", **error)]
            function = re.match("test_([a-z]+)", name).group(1)
            checks.append(
                {
                    "grade_id": name,
                    "title": name.removeprefix(f"test_{function}").replace("_", " ").strip(),
                    "function": function,
                    "points": POINTS[name],
                    "score": score,
                    "kind": "failed" if failed else "passed",
                    "message": message,
                    "seconds": 0.1,
                }
            )
    return {
        "notebook": notebook,
        "checks": checks,
        "incidents": [],
        "seconds": 0.5,
        "engine_seconds": 0.1,
        "isolation": "limits only",
        "versions": {"mixgrade": "0"},
    }
