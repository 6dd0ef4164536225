"""Values as trees: the half of :mod:`mixgrade.codec` that turns what is sent into JSON and buffers.

It also holds the bounds that both halves keep to.  It runs on both sides: on the grader's it packs
what a check asks, in the sandbox what a student's function returned.  What comes out there has been
in a student's hands; only :mod:`mixgrade.codec` reads it, and trusts none of it.
"""

import contextlib

import numpy as np

__all__ = ["BIT_GENERATORS", "MAX_DEPTH", "MAX_ITEMS", "MAX_KEYS", "Packer", "PlainDataError"]

MAX_DEPTH = 32
MAX_ITEMS = 200_000
# Keys of dicts and entries of sets: an enemy's all have the same hash, and then time is quadratic.
MAX_KEYS = 5_000
# Those whose state is numbers only.  The others keep a position in a buffer, which NumPy believes:
# a wrong one reads, or ends, the memory of the process.
BIT_GENERATORS = ("PCG64", "PCG64DXSM", "SFC64")

_NUMPY = (np.generic, np.ndarray)


class PlainDataError(ValueError):
    """A value or a message is not plain data, or too large."""


def _named(value, tree):
    """Keep the name of a class of one's own, of a named tuple say: a check can tell it."""
    name = type(value).__name__
    return tree if name == tree["t"] else tree | {"n": name[:60]}


class Packer:
    """Turns values into a tree for JSON and a list of buffers."""

    def __init__(self, *, strict):
        self.strict = strict
        self.buffers = []
        self.items = self.keys = 0

    def hashed(self, value):
        """Count the keys of a dict or the entries of a set."""
        self.keys += len(value)
        if self.keys > MAX_KEYS:
            raise PlainDataError(
                f"the value has dicts or sets of more than {MAX_KEYS:,} entries together. Return "
                "an array or a list"
            )

    def buffer(self, data):
        """Keep the bytes of an array; return their number."""
        self.buffers.append(data)
        return len(self.buffers) - 1

    def tree(self, value, depth=0):
        """Return what stands for a value in JSON."""
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise PlainDataError(
                f"the value is too large to be looked at: more than {MAX_ITEMS} parts, or nested "
                f"more than {MAX_DEPTH} deep. Return an array or a short list"
            )
        if value is None or value is True or value is False:
            return value
        # NumPy first: its float64 is a float, too.
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, np.generic):
            if value.dtype.kind not in "biufcSU":
                return self.other(value)
            raw = np.asarray(value)
            return {"t": "scalar", "d": raw.dtype.str, "b": self.buffer(raw.tobytes())}
        if isinstance(value, int):
            value = int.__int__(value)
            # Python reads no longer ones back.
            return value if value.bit_length() < 10_000 else self.other(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, complex):
            return {"t": "complex", "v": [value.real, value.imag]}
        if isinstance(value, (bytes, bytearray)):
            return {"t": "bytes", "b": self.buffer(bytes(value))}
        if isinstance(value, list):
            parts = [self.tree(part, depth + 1) for part in list.__iter__(value)]
            return parts if type(value) is list else _named(value, {"t": "list", "v": parts})
        if isinstance(value, tuple):
            parts = [self.tree(part, depth + 1) for part in tuple.__iter__(value)]
            return _named(value, {"t": "tuple", "v": parts})
        if isinstance(value, range):
            return self.tree(list(value[:MAX_ITEMS]), depth)
        if isinstance(value, (set, frozenset)):
            self.hashed(value)
            return {"t": "set", "v": [self.tree(part, depth + 1) for part in value]}
        if isinstance(value, dict):
            self.hashed(value)
            pairs = [
                [self.tree(key, depth + 1), self.tree(part, depth + 1)]
                for key, part in dict.items(value)
            ]
            return _named(value, {"t": "dict", "v": pairs})
        if isinstance(value, np.random.Generator):
            state = value.bit_generator.state
            if state["bit_generator"] not in BIT_GENERATORS:
                return self.other(value)
            return {"t": "rng", "v": self.tree(state, depth + 1)}
        return self.other(value)

    def array(self, value):
        """Return what stands for an array; its numbers go into a buffer."""
        if value.dtype.kind == "O":
            return {"t": "objects", "s": list(value.shape)}
        if value.dtype.kind not in "biufcSU":
            return self.other(value)
        plain = np.asarray(value)
        return {
            "t": "array",
            "d": plain.dtype.str,
            "s": list(plain.shape),
            "w": bool(plain.flags.writeable),
            "b": self.buffer(plain.tobytes()),
        }

    def other(self, value):
        """Return what stands for a value that is not plain data: an array, or its name."""
        name = type(value).__name__
        if self.strict:
            raise PlainDataError(
                f"a value of type {name} cannot be handed to a student's function: checks pass "
                "numbers, strings, tuples, lists, dicts, arrays and generators only"
            )
        # What NumPy takes for an array, a column of a table or a deque, counts as that array.
        kind = type(value)
        sequence = hasattr(kind, "__len__") and hasattr(kind, "__getitem__")
        if (sequence or hasattr(kind, "__array__")) and not issubclass(kind, _NUMPY):
            with contextlib.suppress(Exception):
                array = np.asarray(value)
                if array.dtype.kind in "biufcSU":
                    return self.array(array)
        try:
            words = repr(value)[:200]
        except Exception:
            words = f"<{name}>"
        return {"t": "other", "n": str(name)[:60], "r": words}
