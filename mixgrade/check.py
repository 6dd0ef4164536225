"""``mixgrade check``: a student's own notebook, run from top to bottom, and what its checks say.

It needs neither a course folder nor a database nor a network.  The notebook runs in an ordinary
kernel of this computer, in its own folder: it is the student's own code.
"""

import ast
import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from traitlets import Bool, Integer
from traitlets.config import Application

from mixgrade.titles import title_of

__all__ = ["CheckApp", "NotebookError", "check_notebook"]

# Set while a notebook is checked: a cell of it that checks it again would never end.
CHECKING = "MIXGRADE_CHECKING"


class NotebookError(ValueError):
    """A file is not a notebook with checks."""


def read_notebook(path):
    """Return the notebook at a path.

    Raises
    ------
    NotebookError
        If there is none, or one without checks.
    """
    path = Path(path)
    if not path.is_file():
        there = (
            sorted(p.name for p in path.parent.glob("*.ipynb"))[:8] if path.parent.is_dir() else []
        )
        hint = f"; in that folder are {', '.join(there)}" if there else ""
        raise NotebookError(f"there is no notebook {path}{hint}")
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise NotebookError(
            f"{path} cannot be read as a notebook ({type(error).__name__}); save it again in "
            "Jupyter, or take it from your last backup"
        ) from error
    if not any(_is_check(cell) for cell in notebook.cells):
        raise NotebookError(f"{path} has no checks; is it a notebook of the course?")
    return notebook


def _nbgrader(cell):
    meta = cell.metadata.get("nbgrader", {})
    return meta if isinstance(meta, dict) else {}


def _is_check(cell):
    meta = _nbgrader(cell)
    return cell.cell_type == "code" and bool(meta.get("grade")) and not meta.get("solution")


def _is_empty(source):
    """Tell whether a check has only comments: it runs after the notebook was handed in."""
    try:
        return not ast.parse(source).body
    except SyntaxError:
        return False


def check_notebook(notebook, *, folder=".", seconds=30, tell=None):
    """Run a notebook and return what its visible checks say.

    Parameters
    ----------
    notebook : NotebookNode
        Any notebook with nbgrader's check cells.
    folder : path-like
        Where it runs.
    seconds : int
        Wall time of a cell.
    tell : callable, optional
        Called with each result as soon as it is there.

    Returns
    -------
    list of dict
        ``grade_id, title, function, points, score, kind, message, seconds``; the kind is "passed",
        "failed", "timeout", "died", "not run", or "later" for a check without a visible part.
    """
    client = NotebookClient(
        notebook,
        timeout=seconds,
        interrupt_on_timeout=True,
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    )
    results, function, errors, dead = [], "", {}, ""
    # What cells print to stderr comes by other ways; here is what a kernel says as it ends, such as
    # https://github.com/ipython/ipykernel/pull/1518.
    with client.setup_kernel(env=os.environ | {CHECKING: "1"}, stderr=subprocess.DEVNULL):
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            meta = _nbgrader(cell)
            check = _is_check(cell)
            if meta.get("solution"):
                function = str(meta.get("grade_id", ""))
            started = time.monotonic()
            kind, message = ("not run", dead) if dead else ("passed", "")
            if check and _is_empty(cell.source):
                kind, message = "later", ""
            elif not dead:
                try:
                    client.execute_cell(cell, number)
                except CellTimeoutError:
                    kind, message = "timeout", f"it ran for more than {seconds} s and was stopped"
                except DeadKernelError:
                    kind, message = "died", "the kernel died in this cell"
                    dead = (
                        f"the kernel died before, in the cell {meta.get('grade_id') or number + 1}"
                    )
                else:
                    kind, message = _error_of(cell, seconds)
            if not check:
                if kind not in ("passed", "not run") and function:
                    errors.setdefault(function, message)
                continue
            if message.startswith("NameError") and function in errors:
                message = f"{function} is not there: its cell said {errors[function]}"
            points = float(meta.get("points", 0))
            name = str(meta.get("grade_id", ""))
            results.append(
                {
                    "grade_id": name,
                    "title": title_of(name, function),
                    "function": function,
                    "points": points,
                    "score": points if kind == "passed" else 0.0,
                    "kind": kind,
                    "message": message,
                    "seconds": time.monotonic() - started,
                }
            )
            if tell:
                tell(results[-1])
    return results


def _error_of(cell, seconds):
    for output in cell.get("outputs", ()):
        if output.output_type == "error":
            if output.ename == "KeyboardInterrupt":
                return "timeout", f"it ran for more than {seconds} s and was stopped"
            if output.ename == "AssertionError":
                return "failed", output.evalue or "an assertion of this check does not hold"
            return "failed", f"{output.ename}: {output.evalue}"
    return "passed", ""


WORDS = {"passed": "passed", "later": "after you hand in"}


class CheckApp(Application):
    """Run the visible checks of a notebook and say what they say."""

    name = "mixgrade check"
    description = """Run the visible checks of a notebook: mixgrade check NOTEBOOK

    It needs no course folder: the notebook runs in an ordinary kernel, in its own folder."""
    examples = "mixgrade check em_gmm.ipynb\nmixgrade check --json em_gmm.ipynb"
    json = Bool(False, help="Print the results as JSON, for programs.").tag(config=True)
    seconds = Integer(30, help="Wall time of a cell.").tag(config=True)
    aliases = {"seconds": "CheckApp.seconds"}  # noqa: RUF012 - traitlets' way
    flags = {"json": ({"CheckApp": {"json": True}}, "print the results as JSON")}  # noqa: RUF012

    def start(self):
        """Check the notebook named on the command line."""
        if os.environ.get(CHECKING):
            print("this notebook is being checked already")
            return
        if len(self.extra_args) != 1:
            sys.exit("error: name one notebook, for example: mixgrade check em_gmm.ipynb")
        path = Path(self.extra_args[0])
        try:
            notebook = read_notebook(path)
        except NotebookError as error:
            sys.exit(f"error: {error}")
        results = check_notebook(
            notebook,
            folder=path.resolve().parent,
            seconds=self.seconds,
            tell=None if self.json else _print_result,
        )
        visible = [result for result in results if result["kind"] != "later"]
        score = sum(result["score"] for result in visible)
        points = sum(result["points"] for result in visible)
        failed = [result for result in visible if result["kind"] != "passed"]
        if self.json:
            document = {"notebook": str(path), "score": score, "max_score": points}
            print(json.dumps(document | {"checks": results}, indent=2))
        else:
            later = sum(result["points"] for result in results) - points
            print(
                f"\n{len(visible) - len(failed)} of {len(visible)} visible checks passed: ", end=""
            )
            print(f"{score:g} of {points:g} points. {later:g} more are given after you hand in.")
        sys.exit(1 if failed else 0)


def _print_result(result):
    points = f"{result['points']:g} point{'' if result['points'] == 1 else 's'}"
    print(f"{WORDS.get(result['kind'], 'FAILED'):<18}{result['title']:<46}{points}", flush=True)
    if result["message"]:
        for line in textwrap.wrap(result["message"], 74):
            print(f"    {line}", flush=True)
