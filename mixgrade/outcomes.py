"""What the source notebook asks for, and what an outcome says of it: cells, checks, their results.

The source is the instructor's and trusted.  Texts that come from students' code are made fit for
files and databases here before they enter an entry of an outcome.
"""

import importlib.metadata
import platform
import re

import numpy as np

from mixgrade.checks import CheckCode
from mixgrade.titles import title_of

__all__ = [
    "Assignment",
    "error_output",
    "grade_id",
    "plain_text",
    "role_of",
    "show",
    "text_of",
    "versions",
]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


def role_of(cell):
    """Return what a cell of a laid out notebook is: check, given, solution, own or text."""
    if cell["cell_type"] != "code":
        return "text"
    meta = cell.get("metadata", {}).get("nbgrader") or {}
    if meta.get("grade") and not meta.get("solution"):
        return "check"
    if meta.get("solution"):
        return "solution"
    return "given" if meta.get("locked") else "own"


def text_of(cell):
    """Return the source of a cell as one text."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def grade_id(cell):
    """Return the name of a cell that nbgrader knows."""
    return cell["metadata"]["nbgrader"]["grade_id"]


def plain_text(text):
    """Return text that every file and database takes: no lone surrogates, no control characters."""
    return _CONTROL.sub("\ufffd", text.encode("utf-8", "replace").decode("utf-8"))


class Assignment:
    """What the trusted notebook says: given cells, checks, and whose checks they are."""

    def __init__(self, source):
        self.given = []  # (position, CheckCode)
        self.checks = {}  # grade id: (position, CheckCode, function, points, title)
        self.functions = []
        function = ""
        for position, cell in enumerate(source["cells"]):
            role = role_of(cell)
            if role == "given":
                self.given.append((position, CheckCode(grade_id(cell), text_of(cell))))
            elif role == "solution":
                function = grade_id(cell)
                self.functions.append(function)
            elif role == "check":
                name = grade_id(cell)
                points = float(cell["metadata"]["nbgrader"]["points"])
                code = CheckCode(name, text_of(cell))
                self.checks[name] = (position, code, function, points, title_of(name, function))

    def result(self, name, kind, message="", seconds=0.0):
        """Return the entry of a check in an outcome."""
        _, _, function, points, title = self.checks[name]
        return {
            "grade_id": name,
            "title": title,
            "function": function,
            "points": points,
            "score": points if kind == "passed" else 0.0,
            "kind": kind,
            "message": plain_text(message),
            "seconds": seconds,
        }


def show(cell, result):
    """Give a check cell the outputs from which nbgrader takes its score."""
    cell["outputs"] = []
    if result["kind"] != "passed":
        name = "AssertionError" if result["kind"] == "failed" else "NotRun"
        text = result["message"]
        cell["outputs"] = [error_output(name, text)]


def error_output(name, text):
    """Return an error in nbformat's form."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}


def versions():
    """Return the versions that a record names."""
    return {
        "mixgrade": importlib.metadata.version("mixture-course"),
        "nbgrader": importlib.metadata.version("nbgrader"),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
