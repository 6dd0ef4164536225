"""Checks on the trusted side: they run here, and ask the student's kernel for function values.

A check is code of the instructor's.  It runs in a namespace of its own with the given cells that it
needs.  A name that neither defines is looked up in the student's kernel: a function becomes a
:class:`StudentFunction`, which sends plain data and receives plain data; anything else is copied.
"""

import ast
import builtins
import contextlib
import io
import re
import symtable
import warnings

import numpy as np

from mixgrade.kernel import KernelStopped

__all__ = ["CheckCode", "StudentFunction", "Verdict", "run_check"]

MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
MAX_MESSAGE = 4000
# Without StopIteration: it would end a loop of the check as if everything had been looked at.
_ERRORS = {
    kind.__name__: kind
    for kind in (
        ArithmeticError, AssertionError, AttributeError, Exception, FloatingPointError, ImportError,
        IndexError, KeyError, LookupError, MemoryError, NameError, NotImplementedError, OSError,
        OverflowError, PermissionError, RecursionError, RuntimeError, TypeError, ValueError,
        ZeroDivisionError,
    )
}  # fmt: skip
_WARNINGS = {
    kind.__name__: kind
    for kind in (
        BytesWarning, DeprecationWarning, FutureWarning, ImportWarning, PendingDeprecationWarning,
        ResourceWarning, RuntimeWarning, SyntaxWarning, UnicodeWarning, UserWarning,
    )
}  # fmt: skip


class _FromStudent(Exception):
    """An exception that a student's function raised: its text came as text."""

    def __init__(self, text):
        super().__init__(text)
        self._text = text

    def __str__(self):
        return self._text


def _exception(described):
    """Return an exception of the kind and with the text that a kernel reported."""
    kinds = [k for k in described.get("kinds") or [] if isinstance(k, tuple) and len(k) == 2]
    base, name = Exception, "Exception"
    if kinds:
        name = str(kinds[0][1])[:60]
    for module, kind in kinds:
        if module == "builtins" and kind in _ERRORS:
            base = _ERRORS[kind]
            break
        if kind == "LinAlgError":
            base = np.linalg.LinAlgError
            break
    bases = (_FromStudent,) if base is Exception else (_FromStudent, base)
    return type(name if name.isidentifier() else "Exception", bases, {})(
        str(described.get("text", ""))[:2000]
    )


class StudentFunction:
    """A function in the student's kernel, called with plain data.

    Parameters
    ----------
    name : str
        Its name there.
    kernel : Kernel
        A kernel that serves calls.
    """

    def __init__(self, name, kernel):
        self.__name__ = self.__qualname__ = name
        self._kernel = kernel

    def __repr__(self):
        return f"<function {self.__name__} of the submission>"

    def __call__(self, *args, **kwargs):
        """Call the function; what it raises is raised here."""
        reply = self._kernel.call(self.__name__, args, kwargs)
        if isinstance(reply.get("arguments"), tuple) and len(reply["arguments"]) == 2:
            _write_back((args, kwargs), reply["arguments"])
        for seen in (reply.get("warnings") or [])[:20]:
            if isinstance(seen, tuple) and len(seen) == 2:
                category = _WARNINGS.get(str(seen[0]), UserWarning)
                warnings.warn(str(seen[1]), category, stacklevel=2)
        if "error" in reply:
            raise _exception(reply["error"] if isinstance(reply["error"], dict) else {})
        return reply.get("value")


def _write_back(ours, theirs):
    """Give our arguments the values that theirs have after the call."""
    if isinstance(ours, np.random.Generator) and isinstance(theirs, np.random.Generator):
        if type(ours.bit_generator) is type(theirs.bit_generator):
            ours.bit_generator.state = theirs.bit_generator.state
    elif isinstance(ours, np.ndarray):
        same = isinstance(theirs, np.ndarray) and theirs.dtype == ours.dtype
        if not same or theirs.shape != ours.shape:
            raise _exception(
                {
                    "kinds": [("builtins", "ValueError")],
                    "text": "the function changed the shape or the type of an array it was given",
                }
            )
        if theirs.tobytes() != ours.tobytes():
            if not ours.flags.writeable:
                raise _exception(
                    {
                        "kinds": [("builtins", "ValueError")],
                        "text": "the function changed an array that is read-only",
                    }
                )
            ours[...] = theirs
    elif isinstance(ours, tuple) and isinstance(theirs, tuple):
        for mine, yours in zip(ours, theirs, strict=False):
            _write_back(mine, yours)
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) == len(theirs) and all(
            isinstance(part, (np.ndarray, np.random.Generator, list, tuple, dict)) for part in ours
        ):
            for mine, yours in zip(ours, theirs, strict=True):
                _write_back(mine, yours)
        else:
            ours[:] = theirs
    elif isinstance(ours, dict) and isinstance(theirs, dict):
        for key in [key for key in ours if key not in theirs]:
            del ours[key]
        for key, yours in theirs.items():
            if isinstance(ours.get(key), (np.ndarray, np.random.Generator, list, tuple, dict)):
                _write_back(ours[key], yours)
            else:
                ours[key] = yours


class CheckCode:
    """A cell of the instructor's: its code, the names that it defines and those that it uses."""

    def __init__(self, name, source):
        self.name = name
        # Lines for the notebook's own eyes, such as %matplotlib, mean nothing here.
        text = MAGIC.sub("", source)
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
    """

    def __init__(self, kind, message="", function=""):
        self.kind, self.message, self.function = kind, message[:MAX_MESSAGE], function


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
    used = set().union(*(cell.uses for cell in cells)) | set(functions)
    namespace = {"__name__": "__main__", "In": ["", *submitted]}
    try:
        with kernel.serving(seconds), _quiet():
            for name, (kind, value) in kernel.look(sorted(used - defined)).items():
                if kind == "function":
                    namespace[name] = StudentFunction(name, kernel)
                elif kind == "data":
                    namespace[name] = value
            for cell in cells:
                exec(cell.code, namespace)
    except KernelStopped as stopped:
        what = stopped.function or "the submission"
        return Verdict(stopped.kind, f"{what} was stopped: {stopped.text}.", stopped.function)
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
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        np.errstate(all="warn"),
    ):
        warnings.simplefilter("default")
        yield
