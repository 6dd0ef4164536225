"""Checks on the trusted side: they run here, and ask the student's kernel for function values.

A check is code of the instructor's.  It runs in a namespace of its own with the given cells that it
needs.  A name that neither defines is looked up in the student's kernel: a function becomes a
:class:`mixgrade.functions.StudentFunction`, which sends and receives plain data; anything else is
copied.
"""

import ast
import builtins
import contextlib
import io
import random
import re
import symtable
import warnings

import numpy as np

from mixgrade.functions import GlobalGenerator, StudentFunction
from mixgrade.kernel import KernelStopped

__all__ = ["CheckCode", "Verdict", "run_check"]

MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
MAX_MESSAGE = 4000


class CheckCode:
    """A cell of the instructor's: its code, the names that it defines and those that it uses."""

    def __init__(self, name, source):
        self.name = name
        text = _plain(source)
        self.code = compile(text, f"<{name}>", "exec")
        table = symtable.symtable(text, f"<{name}>", "exec")
        own = table.get_symbols()
        self.defines = {s.get_name() for s in own if s.is_assigned() or s.is_imported()}
        self.uses = {s.get_name() for s in own if s.is_referenced()} | _globals_of(table)
        self.functions = {
            node.name
            for node in ast.parse(text).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }


def _plain(source):
    """Return a cell without lines for the notebook's own eyes, such as %matplotlib."""
    try:
        ast.parse(source)
    except SyntaxError:
        return MAGIC.sub("", source)
    # A line of Python may begin with the operator %.
    return source


def _globals_of(table):
    used = set()
    for child in table.get_children():
        used |= {s.get_name() for s in child.get_symbols() if s.is_global()} | _globals_of(child)
    return used


def _needed(check, given):
    """Return the given cells, in order, that a check needs, directly or through others."""
    wanted, needed = set(check.uses), set()
    # Again and again: a function may use what a later cell defines.
    while more := {cell for cell in given if cell.defines & wanted} - needed:
        needed |= more
        wanted |= set().union(*(cell.uses for cell in more))
    return [cell for cell in given if cell in needed]


class Verdict:
    """What became of a check: ``kind`` is "passed", "failed" or that of a :class:`KernelStopped`.

    Attributes
    ----------
    kind : str
    message : str
        Empty if the check passed.
    function : str
        Function that stopped the kernel, or "".
    asked : bool
        Whether the kernel was there to be asked: if not, no function is to blame.
    """

    def __init__(self, kind, message="", function="", *, asked=True):
        self.kind, self.message, self.function = kind, message[:MAX_MESSAGE], function
        self.asked = asked


def run_check(check, given, kernel, functions, submitted, seconds):
    """Run a check to its end, or to the first error.

    Parameters
    ----------
    check : CheckCode
        The check.
    given : list of CheckCode
        The given cells before it.
    kernel : Kernel
        The student's kernel.
    functions : iterable of str
        Functions of the assignment: bound even where a check looks them up by their names.
    submitted : list of str
        Code cells that the kernel has run, for rules about the code itself.
    seconds : float
        Wall time.

    Returns
    -------
    Verdict
    """
    cells = [*_needed(check, given), check]
    defined = set().union(*(cell.defines for cell in cells)) | set(dir(builtins)) | {"In"}
    used = set().union(*(cell.uses for cell in cells))
    # A check may put something else in the place of a function for a while.
    names = sorted((used - defined) | set(functions))
    namespace = {"__name__": "__main__", "In": ["", *submitted]}
    asked = False
    try:
        with kernel.serving(seconds), _quiet():
            chance = GlobalGenerator()
            found = kernel.look(names)
            asked = True
            for name, (kind, value) in found.items():
                if kind == "function":
                    namespace[name] = StudentFunction(name, kernel, chance)
                elif kind == "data":
                    namespace[name] = value
            for cell in cells:
                exec(cell.code, namespace)
    except KernelStopped as stopped:
        what = stopped.function or ("the check" if stopped.kind == "timeout" else "the submission")
        text = f"{what} was stopped: {stopped.text}."
        return Verdict(stopped.kind, text, stopped.function, asked=asked)
    except AssertionError as error:
        return Verdict("failed", str(error) or "an assertion of this check does not hold")
    except Exception as error:
        return Verdict("failed", f"{type(error).__name__}: {error}")
    except SystemExit as error:
        return Verdict("failed", f"the check was left with SystemExit {error}")
    return Verdict("passed")


@contextlib.contextmanager
def _quiet():
    """Keep what a check prints, warns of and sets to itself: it costs nobody points."""
    numpy_state, state = np.random.get_state(), random.getstate()  # noqa: NPY002
    # Whatever this process graded before, a check begins alike.
    np.random.seed(0)  # noqa: NPY002
    random.seed(0)
    try:
        yield from _muted()
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(state)


def _muted():
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(record=True),
        np.errstate(all="warn"),
    ):
        warnings.simplefilter("default")
        yield
