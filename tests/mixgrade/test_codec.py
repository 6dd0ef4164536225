"""Plain data goes through a message unchanged; nothing else does, and no message does harm."""

import collections
import contextlib
import json
import math
import string
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mixgrade.codec import MAX_TREE, Opaque, PlainDataError, pack, unpack
from mixgrade.codec_packing import MAX_DEPTH, MAX_ITEMS, MAX_KEYS

LIMIT = 1 << 24
GENERATORS = (np.random.PCG64, np.random.PCG64DXSM, np.random.SFC64)
BACKED_BY_BUFFERS = (np.random.MT19937, np.random.Philox)


def through(value, **options):
    return unpack(pack(value, limit=LIMIT, **options), limit=LIMIT)


def message(tree, *buffers):
    """Return a message as an enemy would write it."""
    head = json.dumps({"v": tree, "b": [len(buffer) for buffer in buffers]}).encode()
    return b"".join([len(head).to_bytes(4, "big"), head, *buffers])


def array_tree(dtype="<f8", shape=(1,), buffer=0):
    return {"t": "array", "d": dtype, "s": list(shape), "w": True, "b": buffer}


def assert_same(came, sent):
    """Compare values of any kind to the last bit."""
    assert type(came) is type(sent)
    if isinstance(sent, (np.ndarray, np.generic)):
        assert came.dtype == sent.dtype
        assert came.shape == sent.shape
        assert came.tobytes() == sent.tobytes()
    elif isinstance(sent, (list, tuple)):
        assert len(came) == len(sent)
        for pair in zip(came, sent, strict=True):
            assert_same(*pair)
    elif isinstance(sent, dict):
        assert_same(list(came.items()), list(sent.items()))
    elif isinstance(sent, float):
        assert came == sent or (math.isnan(came) and math.isnan(sent))
        assert math.copysign(1, came) == math.copysign(1, sent) or math.isnan(sent)
    elif isinstance(sent, complex):
        assert_same((came.real, came.imag), (sent.real, sent.imag))
    else:
        assert came == sent


dtypes = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?", sizes=(16, 32, 64, 128)),
    hnp.complex_number_dtypes(endianness="?", sizes=(64, 128, 256)),
    hnp.byte_string_dtypes(max_len=5),
    hnp.unicode_string_dtypes(endianness="?", max_len=5),
)
shapes = hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)
arrays = hnp.arrays(dtypes, shapes)
# Half a pair of surrogates goes through; a whole one, written as two, is one character in JSON.
texts = st.text(st.characters(exclude_categories=())).filter(
    lambda text: text == json.loads(json.dumps(text))
)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), texts, st.binary(),
    arrays, hnp.from_dtype(np.dtype("<f4")), hnp.from_dtype(np.dtype(">i2")),
    st.builds(np.str_, st.text(string.ascii_letters)), st.just(2**9998), st.just(-(2**9998)),
)  # fmt: skip
keys = st.one_of(st.integers(), texts, st.tuples(st.integers(), texts), st.none(), st.booleans())
plain = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.lists(parts, max_size=5),
        st.lists(parts, max_size=5).map(tuple),
        st.dictionaries(keys, parts, max_size=5),
        st.sets(st.one_of(st.integers(), texts), max_size=5),
    ),
    max_leaves=20,
)


@given(value=plain)
@example(value=[float("nan"), -0.0, float("inf"), 5e-324])
@example(value={1: "a", "1": "b", (1,): None})
@example(value="\ud800 alone")
def test_plain_data_comes_back_to_the_last_bit(value):
    assert_same(through(value), value)
    assert_same(through(value, strict=True), value)


@given(value=arrays, order=st.sampled_from("CFKA"), writeable=st.booleans())
def test_arrays_in_any_order_come_back_with_their_flag(value, order, writeable):
    value = np.array(value, order=order)
    value.flags.writeable = writeable
    came = through(value)
    assert_same(came, value)
    assert came.flags.writeable == writeable
    assert came.base is None  # its bytes are nobody else's


@given(value=hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=3, min_side=2)))
def test_views_come_back_as_what_they_show(value):
    for view in (value.T, value[::-1], value[:, ::2], np.broadcast_to(value[0], value.shape)):
        assert_same(through(view), np.array(view))


@pytest.mark.parametrize(
    "value",
    [np.empty((0, 3)), np.empty((2, 0, 1), dtype=int), np.array(5), np.array("text"), np.array("")],
)
def test_empty_arrays_and_arrays_without_axes(value):
    assert_same(through(value), value)


@pytest.mark.parametrize("kind", GENERATORS)
@given(draws=st.integers(0, 20))
def test_generators_continue_identically(kind, draws):
    rng = np.random.Generator(kind(7))
    rng.normal(size=draws)
    rng.integers(10, size=draws, dtype=np.uint32)  # leaves half a number for the next draw
    copy = through({"rng": rng}, strict=True)["rng"]
    for draw in ("random", "standard_normal", "standard_gamma"):
        options = {"shape": 2.0} if draw == "standard_gamma" else {}
        ours, theirs = (getattr(one, draw)(size=50, **options) for one in (rng, copy))
        assert_same(theirs, ours)
    assert_same(copy.integers(9, size=9, dtype=np.uint32), rng.integers(9, size=9, dtype=np.uint32))


@pytest.mark.parametrize("kind", BACKED_BY_BUFFERS)
def test_generators_whose_state_could_do_harm_are_refused(kind):
    rng = np.random.Generator(kind(7))
    with pytest.raises(PlainDataError, match="type Generator cannot be handed"):
        pack(rng, limit=LIMIT, strict=True)
    assert type(through(rng)).__name__ == "Generator"
    state = {"bit_generator": kind.__name__, "state": {"pos": 10**6}, "buffer_pos": -(10**6)}
    tree = json.loads(pack(state, limit=LIMIT)[4:])["v"]
    with pytest.raises(PlainDataError, match="generator of an unknown kind"):
        unpack(message({"t": "rng", "v": tree}), limit=LIMIT)


class TestOtherValues:
    @pytest.mark.parametrize(
        ("value", "name"),
        [
            (len, "builtin_function_or_method"),
            (object(), "object"),
            ((n for n in "ab"), "generator"),
            (np.datetime64("2020-01-01"), "datetime64"),
            (np.zeros(2, dtype=[("a", float)]), "ndarray"),
            (np.random.RandomState(1), "RandomState"),
            (1 << 10_000, "int"),
            ({}.values(), "dict_values"),
        ],
        # Named by type: addresses differ between the processes of pytest-xdist.
        ids=lambda part: part if isinstance(part, str) else "",
    )
    def test_other_values_travel_as_their_names(self, value, name):
        came = through([value])[0]
        assert isinstance(came, Opaque)
        assert type(came).__name__ == name
        assert repr(came) == repr(value)[:200]
        with pytest.raises(PlainDataError, match=f"type {name} cannot be handed"):
            pack([value], limit=LIMIT, strict=True)

    def test_objects_in_arrays_stay_where_they_are(self):
        value = np.array([[None, "a"], [1, len]], dtype=object)
        came = through(value)
        assert came.shape == (2, 2)
        assert came.dtype == object
        assert not came.any()

    def test_containers_keep_the_name_of_their_class(self):
        point = collections.namedtuple("Point", "x y")
        values = [point(1, np.arange(2)), collections.OrderedDict(a=1), point(3, 4)]
        came = through(values)
        assert [type(part).__name__ for part in came] == ["Point", "OrderedDict", "Point"]
        assert isinstance(came[0], tuple)
        assert came[1] == {"a": 1}
        assert came[2] == (3, 4)

    @pytest.mark.parametrize(
        "value",
        [
            collections.deque([1.5, 2]), memoryview(np.arange(3)), np.zeros((1, 2)).view(np.matrix),
            np.ma.masked_array([1, 2], [True, False]), collections.UserList([[1, 2], [3, 4]]),
        ],
        ids=lambda value: type(value).__name__,
    )  # fmt: skip
    def test_what_numpy_takes_for_an_array_is_one(self, value):
        assert_same(through(value), np.asarray(value))

    def test_tables(self):
        pandas = pytest.importorskip("pandas")
        assert_same(through(pandas.Series([1.0, 2])), np.array([1.0, 2]))
        assert_same(through(pandas.DataFrame({"a": [1], "b": [2]})), np.array([[1, 2]]))

    def test_values_that_lie_about_themselves(self):
        class Rude:
            def __repr__(self):
                raise RuntimeError

            __array__ = __len__ = __getitem__ = __repr__

        assert repr(through(Rude())) == "<Rude>"

    def test_names_that_are_none(self):
        assert type(through(type("no name", (), {})())).__name__ == "object"


class TestLimits:
    def test_size(self):
        value = np.zeros(1000)
        data = pack(value, limit=LIMIT)
        assert_same(unpack(pack(value, limit=len(data)), limit=len(data)), value)
        with pytest.raises(PlainDataError, match="Is the array larger than it should be"):
            pack(value, limit=len(data) - 1)
        with pytest.raises(PlainDataError, match=f"has {len(data):,} bytes; at most"):
            unpack(data, limit=len(data) - 1)

    def test_depth(self):
        value = []
        for _ in range(MAX_DEPTH):
            value = [value]
        assert_same(through(value), value)
        with pytest.raises(PlainDataError, match=f"nested more than {MAX_DEPTH} deep"):
            pack([value], limit=LIMIT)

    @pytest.mark.parametrize("kind", [list, dict])
    def test_circles(self, kind):
        circle = kind()
        circle.append(circle) if kind is list else circle.update(a=circle)
        with pytest.raises(PlainDataError, match="nested"):
            pack(circle, limit=LIMIT)

    def test_items(self):
        value = [None] * (MAX_ITEMS - 1)
        assert through(value) == value
        with pytest.raises(PlainDataError, match=f"more than {MAX_ITEMS} parts"):
            pack([*value, None], limit=LIMIT)

    @pytest.mark.parametrize("kind", [set, dict.fromkeys])
    def test_keys(self, kind):
        value = kind(range(MAX_KEYS))
        assert through(value) == value
        with pytest.raises(PlainDataError, match=f"more than {MAX_KEYS:,} entries"):
            pack(kind(range(MAX_KEYS + 1)), limit=LIMIT)

    def test_text(self):
        value = "x" * (MAX_TREE - 100)
        assert unpack(pack(value, limit=2 * MAX_TREE), limit=2 * MAX_TREE) == value
        with pytest.raises(PlainDataError, match="beside its arrays"):
            pack(value + 100 * "x", limit=2 * MAX_TREE)

    def test_endless_ranges_are_refused_at_once(self):
        with pytest.raises(PlainDataError, match="parts"):
            pack(range(10**15), limit=LIMIT)


def only_plain_data_error(data):
    with contextlib.suppress(PlainDataError):
        unpack(data, limit=LIMIT)


VALID = [
    pack(value, limit=LIMIT)
    for value in (
        [1, -2.5, None, True, "text", 3j, b"bytes", {"a": (1, 2)}, {3}, np.float32(1)],
        (np.arange(6.0).reshape(2, 3), np.array(["a", "bc"]), np.array([True]), np.empty((0, 2))),
        {"rng": np.random.default_rng(1), "o": np.array([None]), "f": len},
    )
]


class TestEnemies:
    @given(data=st.binary(max_size=300))
    def test_random_bytes(self, data):
        only_plain_data_error(data)

    @given(data=st.data())
    def test_changed_messages(self, data):
        changed = bytearray(data.draw(st.sampled_from(VALID)))
        for _ in range(data.draw(st.integers(1, 6))):
            at = data.draw(st.integers(0, len(changed) - 1))
            span = data.draw(st.sampled_from([0, 1, 1, 1, 2, 8]))
            digits = st.sampled_from([b"0", b"9", b'"', b"[", b"]", b"{", b"-", b"e", b"\xff"])
            changed[at : at + span] = data.draw(st.one_of(digits, st.binary(max_size=4)))
        only_plain_data_error(bytes(changed))

    @given(data=st.data())
    def test_shortened_and_lengthened_messages(self, data):
        valid = data.draw(st.sampled_from(VALID))
        only_plain_data_error(valid[: data.draw(st.integers(0, len(valid)))])
        only_plain_data_error(valid + data.draw(st.binary(max_size=20)))

    json_values = st.recursive(
        st.one_of(
            st.none(), st.booleans(), st.integers(-3, 3), st.integers(), st.floats(),
            st.sampled_from(["", "<f8", "|b1", "|O", "<U0", "PCG64", "MT19937", "state", "x"]),
        ),
        lambda parts: st.one_of(
            st.lists(parts, max_size=4),
            st.fixed_dictionaries(
                {
                    "t": st.sampled_from(
                        ["array", "bytes", "complex", "dict", "list", "objects", "other", "rng",
                         "scalar", "set", "tuple", "keyed", "__init__", ""]
                    )
                },
                optional=dict.fromkeys("vbdswnr", parts),
            ),
        ),
        max_leaves=12,
    )  # fmt: skip

    @given(tree=json_values, buffers=st.lists(st.binary(max_size=16), max_size=3))
    def test_trees_of_the_wrong_make(self, tree, buffers):
        only_plain_data_error(message(tree, *buffers))

    @pytest.mark.parametrize(
        ("tree", "buffers"),
        [
            (array_tree("|O"), [b"\0" * 8]),
            (array_tree("O"), [b"\0" * 8]),
            (array_tree("<M8"), [b"\0" * 8]),
            (array_tree("f8,f8"), [b"\0" * 16]),
            (array_tree("|V8"), [b"\0" * 8]),
            (array_tree(shape=(2,)), [b"\0" * 8]),
            (array_tree(shape=(-1,)), [b"\0" * 8]),
            (array_tree(shape=(True,)), [b"\0" * 8]),
            (array_tree(shape=(1.0,)), [b"\0" * 8]),
            (array_tree(shape=(1,) * 65), [b"\0" * 8]),
            (array_tree(buffer=1), [b"\0" * 8]),
            (array_tree(buffer="0"), [b"\0" * 8]),
            ([array_tree(), array_tree()], [b"\0" * 8]),
            ([array_tree(), array_tree(buffer=-1)], [b"\0" * 8]),
            ({"t": "set", "v": [[]]}, []),
            ({"t": "dict", "v": [[[], 1]]}, []),
            ({"t": "dict", "v": [[1]]}, []),
            ({"t": "complex", "v": [1, 2, 3]}, []),
            ({"t": "numbers"}, []),
            ({"t": ["array"]}, []),
            ({"v": 1}, []),
        ],
    )
    def test_what_cannot_be_is_refused(self, tree, buffers):
        with pytest.raises(PlainDataError):
            unpack(message(tree, *buffers), limit=LIMIT)

    @pytest.mark.parametrize("byte", [2, 255])
    def test_truth_values_are_zero_or_one(self, byte):
        came = unpack(message(array_tree("|b1"), bytes([byte])), limit=LIMIT)
        assert came.tobytes() == b"\x01"

    def test_names_are_names(self):
        for name in ("a b", "", 3, None, "x" * 10**6, "\0"):
            came = unpack(message({"t": "other", "n": name, "r": "words"}), limit=LIMIT)
            assert type(came).__name__.isidentifier()
            only_plain_data_error(message({"t": "tuple", "v": [], "n": name}))

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(message([[]] * 1_000_000), id="many lists"),
            pytest.param(b"\0\xff\xff\xff" + b"[" * 0xFFFFFF, id="deep lists"),
            pytest.param(b"\xff\xff\xff\xff{}", id="long head"),
            pytest.param(b"\0\0\x30\0" + b"9" * 0x3000, id="longer number"),
            pytest.param(
                message([array_tree("|u1", (10**6,))] * 10_000, b"x" * 10**6), id="bytes used again"
            ),
            pytest.param(
                message([{"t": "objects", "s": [MAX_ITEMS]}] * 10_000), id="objects from nothing"
            ),
            pytest.param(
                message([array_tree("<U0", (MAX_ITEMS,), i) for i in range(9999)], *[b""] * 9999),
                id="texts from nothing",
            ),
            pytest.param(
                message({"t": "set", "v": [n * (2**61 - 1) for n in range(100_000)]}),
                id="equal hashes",
            ),
            pytest.param(
                message([{"t": "tuple", "v": [], "n": f"a{n}"} for n in range(100_000)]),
                id="many classes",
            ),
            pytest.param(message(array_tree("<f8", (0, 2**70)), b""), id="shape from nothing"),
        ],
    )
    def test_small_messages_stay_small(self, data):
        tracemalloc.start()
        began = time.process_time()
        try:
            with pytest.raises(PlainDataError):
                unpack(data, limit=64 << 20)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 100e6 + 40 * len(data)
        # tracemalloc itself takes most of it.
        assert time.process_time() - began < 20
