"""Plain data as bytes, without pickle: all that ever passes between a check and a student's kernel.

A message is a tree of JSON followed by the raw bytes of its arrays.  It can hold None, booleans,
numbers, strings, bytes, tuples, lists, dicts, sets, NumPy scalars, arrays of numbers or strings,
and the state of a :class:`numpy.random.Generator`.  Whatever else a student's function returns
travels as its name and a few words, so that a check can say what came.

This module holds the message and the half that reads it, which trusts nothing that it reads;
:mod:`mixgrade.codec_packing` holds the half that writes.  The sandboxed side imports both as plain
files, without the package, so they lean on NumPy and the standard library only.
"""

import json
import math
import re

import numpy as np

if __package__:
    from mixgrade import codec_packing as packing
else:  # a plain file in the sandbox, beside the other
    import codec_packing as packing

__all__ = ["Opaque", "PlainDataError", "pack", "unpack"]

PlainDataError = packing.PlainDataError

# Bytes of the tree; read from JSON, lists take twenty times as much.
MAX_TREE = 16 << 20
# Kinds of dtype that are nothing but bytes: booleans, numbers, strings.
_DTYPE = re.compile(r"[<>|=]?[biufcSU]\d{1,6}")
_TAGS = (
    "array", "bytes", "complex", "dict", "list", "objects", "other", "rng", "scalar", "set",
    "tuple",
)  # fmt: skip


class Opaque:
    """What stands for a value that is not plain data; its class bears the name of that value's."""

    def __init__(self, words):
        self._words = words

    def __repr__(self):
        return self._words


def _opaque(name, words):
    name = name if name.isidentifier() else "object"
    return type(name, (Opaque,), {})(words)


def pack(value, *, limit, strict=False):
    """Return a value as bytes.

    Parameters
    ----------
    value : object
        What to send.
    limit : int
        Largest number of bytes.
    strict : bool
        Whether to refuse what is not plain data, instead of sending its name.

    Returns
    -------
    bytes
        For :func:`unpack`.

    Raises
    ------
    PlainDataError
        If the value is too large, nested too deeply or, with ``strict``, not plain data.

    Examples
    --------
    >>> unpack(pack((1.5, None, np.arange(3)), limit=1000), limit=1000)
    (1.5, None, array([0, 1, 2]))
    """
    packer = packing.Packer(strict=strict)
    tree = packer.tree(value)
    head = json.dumps({"v": tree, "b": [len(b) for b in packer.buffers]}).encode()
    if len(head) > MAX_TREE:
        raise PlainDataError(
            f"the value takes {len(head):,} bytes beside its arrays; at most {MAX_TREE:,} can be "
            "passed on. Return an array"
        )
    size = 4 + len(head) + sum(map(len, packer.buffers))
    if size > limit:
        raise PlainDataError(
            f"the value takes {size:,} bytes; at most {limit:,} can be passed on. "
            "Is the array larger than it should be?"
        )
    return b"".join([len(head).to_bytes(4, "big"), head, *packer.buffers])


class _Unpacker:
    """Builds values from a tree that may have been made to do harm."""

    def __init__(self, buffers):
        self.buffers = buffers
        self.items = self.keys = 0
        self.kinds = {}

    def named(self, tree, value):
        """Give a container the class that bears the name of the one that was packed."""
        name = tree.get("n", "")
        if not (isinstance(name, str) and name.isidentifier()):
            return value
        kind = type(value), name[:60]
        if kind not in self.kinds:
            self.count(1000)
            self.kinds[kind] = type(kind[1], kind[:1], {})
        return self.kinds[kind](value)

    def count(self, parts):
        """Count parts that take memory here, whether or not they took bytes in the message."""
        self.items += parts
        if self.items > 2 * packing.MAX_ITEMS:
            raise PlainDataError("the message has too many parts")

    def hashed(self, tree):
        self.keys += len(tree["v"])
        if self.keys > packing.MAX_KEYS:
            raise PlainDataError("the message has too many keys")

    def buffer(self, index):
        """Return the bytes of an array; nothing else can have them, too."""
        data, self.buffers[index] = self.buffers[index], None
        if data is None:
            raise PlainDataError("the message uses the same bytes twice")
        return data

    def value(self, tree, depth=0):
        self.count(1)
        if depth > packing.MAX_DEPTH + 2:
            raise PlainDataError("the message is nested too deeply")
        if tree is None or isinstance(tree, (bool, int, float, str)):
            return tree
        if isinstance(tree, list):
            return [self.value(part, depth + 1) for part in tree]
        if tree["t"] not in _TAGS:
            raise PlainDataError("the message has a part of an unknown kind")
        return getattr(self, f"_{tree['t']}")(tree, depth + 1)

    def parts(self, tree, depth):
        return [self.value(part, depth) for part in tree["v"]]

    def _tuple(self, tree, depth):
        return self.named(tree, tuple(self.parts(tree, depth)))

    def _list(self, tree, depth):
        return self.named(tree, self.parts(tree, depth))

    def _set(self, tree, depth):
        self.hashed(tree)
        return set(self.parts(tree, depth))

    def _dict(self, tree, depth):
        self.hashed(tree)
        pairs = {self.value(key, depth): self.value(part, depth) for key, part in tree["v"]}
        return self.named(tree, pairs)

    def _complex(self, tree, depth):
        return complex(*map(float, tree["v"]))

    def _bytes(self, tree, depth):
        return bytes(self.buffer(tree["b"]))

    def _scalar(self, tree, depth):
        return self.numbers(tree, ())[()]

    def _array(self, tree, depth):
        array = self.numbers(tree, tuple(tree["s"])).copy()
        array.setflags(write=bool(tree["w"]))
        return array

    def numbers(self, tree, shape):
        if not _DTYPE.fullmatch(tree["d"]) or not all(type(n) is int and n >= 0 for n in shape):
            raise PlainDataError("the message has an array of a type or shape that cannot be")
        dtype, data = np.dtype(tree["d"]), self.buffer(tree["b"])
        if len(shape) > packing.MAX_DEPTH or math.prod(shape) * dtype.itemsize != len(data):
            raise PlainDataError("the message has an array that does not fit its bytes")
        if not dtype.itemsize:
            self.count(math.prod(shape))
            return np.empty(shape, dtype)
        if dtype.kind == "b":
            # Any other byte than 0 and 1 would be a truth value that does not add up.
            return (np.frombuffer(data, dtype=np.uint8) != 0).reshape(shape)
        return np.frombuffer(data, dtype=dtype).reshape(shape)

    def _objects(self, tree, depth):
        # The objects stay where they are; that there were some is what a check can say.
        shape = tuple(n for n in tree["s"] if type(n) is int and n >= 0)[:8]
        if math.prod(shape) > packing.MAX_ITEMS:
            shape = 0
        else:
            self.count(math.prod(shape))
        return np.empty(shape, dtype=object)

    def _rng(self, tree, depth):
        state = self.value(tree["v"], depth)
        if state["bit_generator"] not in packing.BIT_GENERATORS:
            raise PlainDataError("the message has a generator of an unknown kind")
        bits = getattr(np.random, state["bit_generator"])()
        bits.state = state
        return np.random.Generator(bits)

    def _other(self, tree, depth):
        return _opaque(str(tree["n"])[:60], str(tree["r"])[:200])


def unpack(data, *, limit):
    """Return the value that :func:`pack` made into bytes; bytes made by an enemy are welcome too.

    Parameters
    ----------
    data : bytes
        A message.
    limit : int
        Largest number of bytes.

    Returns
    -------
    object
        Plain data; a generator in the state that was sent; or an :class:`Opaque`.

    Raises
    ------
    PlainDataError
        If this is not such a message.
    """
    if len(data) > limit:
        raise PlainDataError(f"the message has {len(data):,} bytes; at most {limit:,} are read")
    try:
        view = memoryview(data)
        start = 4 + int.from_bytes(view[:4], "big")
        if start > 4 + MAX_TREE:
            raise PlainDataError("the message has too long a tree")
        head = json.loads(bytes(view[4:start]))
        buffers = []
        for size in head["b"]:
            if type(size) is not int or size < 0 or start + size > len(view):
                raise PlainDataError("the message is shorter than it says")
            buffers.append(view[start : start + size])
            start += size
        return _Unpacker(buffers).value(head["v"])
    except PlainDataError:
        raise
    # Whatever goes wrong in a message is the message's fault, and must not stop a grading run.
    except Exception as error:
        raise PlainDataError(f"the message is not plain data ({type(error).__name__})") from error
