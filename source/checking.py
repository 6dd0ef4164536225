"""What the checks of every notebook share: they call a function and say in words what came back.

The builder puts this file into a cell of each notebook, so it leans on NumPy alone.
"""

import contextlib
import io
import warnings

import numpy as np


@contextlib.contextmanager
def quiet():
    """Keep warnings and stderr out of a check: they must not cost points."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def ask(function, *arguments, **options):
    """Call a function; if it raises, say so."""
    name = getattr(function, "__name__", "the function")
    try:
        with quiet():
            return function(*arguments, **options)
    except NotImplementedError as error:
        raise AssertionError(
            f"{name} raised NotImplementedError: it is not written yet. Replace the line "
            "that raises it by your own code, and run that cell again"
        ) from error
    except Exception as error:
        said = str(error)[:200].rstrip(" .")
        hint = "Call it on the inputs of this check in a cell of your own to find the line"
        if "read-only" in said:
            hint = "It writes into an argument: work on a copy, or on a new array"
        raise AssertionError(f"{name} raised {type(error).__name__}: {said}. {hint}") from error


@contextlib.contextmanager
def in_case(name):
    """Put the name of a case in front of what a check says about it."""
    try:
        yield
    except AssertionError as error:
        raise AssertionError(f"{name}: {error}") from None


def in_words(value):
    """Return in a few words what a value is."""
    if value is None:
        return "None, as from a function without return"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}"
    kind = type(value).__name__
    if isinstance(value, (tuple, list, dict, set)):
        return f"a {kind} of length {len(value)}"
    return f"{repr(value)[:40]}, of type {kind}"


def _with_hint(said, hint):
    """Return what is said as a sentence, and the hint after it if there is one."""
    return f"{said}. {hint}" if hint else f"{said}."


def _first_of(bad):
    """Return the index of the first true entry, and the words that say where it stands."""
    where = tuple(int(i) for i in np.argwhere(bad)[0])
    return where, f" at {list(where)}" if where else ""


def as_numbers(value, shape, what, hint="", *, finite=True):
    """Return a value as an array of real numbers of a shape, or say what it is instead."""
    wanted = "one number" if shape == () else f"numbers of shape {tuple(shape)}"
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "biuf":
        raise AssertionError(_with_hint(f"{what}: expected {wanted}; came {in_words(value)}", hint))
    assert array.shape == tuple(shape), _with_hint(
        f"{what}: expected {wanted}; came shape {array.shape}", hint
    )
    bad = ~np.isfinite(array)
    if finite and bad.any():
        where, place = _first_of(bad)
        raise AssertionError(
            _with_hint(f"{what}: expected finite numbers; came {array[where]}{place}", hint)
        )
    return array


def as_whole_numbers(value, shape, what, hint=""):
    """Return a value as an array of integers of a shape, or say what it is instead."""
    array = as_numbers(value, shape, what, hint)
    assert array.dtype.kind in "biu", _with_hint(
        f"{what}: expected whole numbers of an integer type; came {array.dtype}", hint
    )
    return array.astype(int)


def as_results(value, names):
    """Return the parts of a tuple whose parts are named, or say what it is instead."""
    wanted = names.split(", ")
    if not isinstance(value, (tuple, list)) or len(value) != len(wanted):
        raise AssertionError(
            f"expected the {len(wanted)} results ({names}); came {in_words(value)}"
        )
    return value


def assert_same(value, expected, what, hint="", *, rtol=1e-8, atol=0.0):
    """Compare real numbers with the expected ones."""
    expected = np.asarray(expected)
    array = as_numbers(value, expected.shape, what, hint)
    wrong = ~np.isclose(array, expected, rtol=rtol, atol=atol)
    if wrong.any():
        where, place = _first_of(wrong)
        pair = expected[where], array[where]
        digits = next((n for n in (6, 9, 12) if len({f"{v:.{n}g}" for v in pair}) == 2), 17)
        found = f"expected {expected[where]:.{digits}g}{place}; came {array[where]:.{digits}g}"
        raise AssertionError(_with_hint(f"{what}: {found}", hint))


def assert_unchanged(names, before, after):
    """Compare the arguments of a function with what they were before the call."""
    for name, old, new in zip(names.split(", "), before, after, strict=True):
        assert np.array_equal(old, new), (
            f"the function changed its argument {name}; it must leave it as it is. "
            "Work on a copy, or on a new array"
        )
