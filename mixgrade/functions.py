"""The functions of a student, as a check sees them: called here, run in the student's kernel.

Plain data goes there and comes back.  What a call does beside its result is made good here: changed
arguments, an advanced generator, warnings, an exception.
"""

import functools
import warnings

import numpy as np

__all__ = ["GlobalGenerator", "StudentFunction"]

# Without StopIteration: it would end a loop of the check as if everything had been looked at.
_ERRORS = {
    kind.__name__: kind
    for kind in (
        ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, Exception,
        FileNotFoundError, FloatingPointError, ImportError, IndexError, KeyError, LookupError,
        MemoryError, ModuleNotFoundError, NameError, NotImplementedError, OSError, OverflowError,
        PermissionError, RecursionError, RuntimeError, TimeoutError, TypeError, UnboundLocalError,
        ValueError, ZeroDivisionError,
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
    chance : GlobalGenerator
        NumPy's global generator, on this side.
    """

    def __init__(self, name, kernel, chance):
        self.__name__ = self.__qualname__ = name
        self._kernel, self._chance = kernel, chance

    def __repr__(self):
        return f"<function {self.__name__} of the submission>"

    def __call__(self, *args, **kwargs):
        """Call the function; what it raises is raised here."""
        reply = self._kernel.call(self.__name__, args, kwargs, self._chance.news())
        if reply.get("chance"):
            self._chance.use()
        if isinstance(reply.get("arguments"), tuple):
            # First all comparisons: an array that was handed over twice comes back twice, and only
            # one of the two may have changed.
            for change in list(_changes((args, kwargs), reply["arguments"])):
                change()
        seen_there = reply.get("warnings")
        for seen in seen_there[:20] if isinstance(seen_there, list) else ():
            if isinstance(seen, tuple) and len(seen) == 2:
                category = _WARNINGS.get(str(seen[0]), UserWarning)
                warnings.warn(str(seen[1]), category, stacklevel=2)
        if "error" in reply:
            raise _exception(reply["error"] if isinstance(reply["error"], dict) else {})
        return reply.get("value")


class GlobalGenerator:
    """NumPy's global generator: a function may use or seed it though nobody hands it over.

    A check that seeds it, seeds it in the kernel too; a check that looks whether it was used sees
    that it was.
    """

    def __init__(self):
        self._known = np.random.get_state()  # noqa: NPY002

    def news(self):
        """Return its state if a check has changed it since the last call, else None."""
        state = np.random.get_state()  # noqa: NPY002
        same = state[2:] == self._known[2:] and np.array_equal(state[1], self._known[1])
        self._known = state
        return None if same else state

    def use(self):
        """Let it be used here, as it was there."""
        np.random.random()  # noqa: NPY002
        self._known = np.random.get_state()  # noqa: NPY002


_CHANGEABLE = (dict, list, np.ndarray, np.random.Generator, set)


def _equal(mine, yours):
    """Compare what cannot be changed in place."""
    changeable = isinstance(mine, (*_CHANGEABLE, tuple))
    return type(mine) is type(yours) and not changeable and mine == yours


def _alike(mine, yours):
    """Return whether one can be turned into the other by changes in place."""
    if isinstance(mine, tuple) and isinstance(yours, tuple):
        pairs = list(zip(mine, yours, strict=False))
        return len(mine) == len(yours) and all(_alike(*pair) or _equal(*pair) for pair in pairs)
    return any(isinstance(mine, kind) and isinstance(yours, kind) for kind in _CHANGEABLE)


def _changes(ours, theirs):
    """Yield functions that give our arguments the values that theirs have after the call."""
    if isinstance(ours, np.random.Generator):
        if repr(ours.bit_generator.state) != repr(theirs.bit_generator.state):
            yield lambda: _set_state(ours, theirs)
    elif isinstance(ours, np.ndarray):
        if theirs.dtype != ours.dtype or theirs.shape != ours.shape:
            yield _reshaped
        elif theirs.tobytes() != ours.tobytes():
            yield lambda: _fill(ours, theirs)
    elif isinstance(ours, set):
        if ours != theirs:
            yield lambda: (ours.intersection_update(theirs), ours.update(theirs))
    elif isinstance(ours, dict):
        for key in [key for key in ours if key not in theirs]:
            yield functools.partial(ours.pop, key)
        for key, yours in theirs.items():
            yield from _part_changes(ours, key, ours.get(key), yours)
    else:
        for place, (mine, yours) in enumerate(zip(ours, theirs, strict=False)):
            yield from _part_changes(ours, place, mine, yours)
        if isinstance(ours, list) and len(ours) != len(theirs):
            start = min(len(ours), len(theirs))
            yield lambda: ours.__setitem__(slice(start, None), theirs[start:])


def _part_changes(whole, place, mine, yours):
    tuples = all(isinstance(part, tuple) for part in (whole, mine, yours))
    if tuples or _alike(mine, yours):
        yield from _changes(mine, yours)
    elif isinstance(whole, (dict, list)) and not _equal(mine, yours):
        yield functools.partial(whole.__setitem__, place, yours)


def _set_state(ours, theirs):
    if type(ours.bit_generator) is type(theirs.bit_generator):
        ours.bit_generator.state = theirs.bit_generator.state


def _reshaped():
    raise _value_error("the function changed the shape or the type of an array it was given")


def _value_error(text):
    return _exception({"kinds": [("builtins", "ValueError")], "text": text})


def _fill(ours, theirs):
    if not ours.flags.writeable:
        raise _value_error("the function changed an array that is read-only")
    ours[...] = theirs
