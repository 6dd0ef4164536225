"""A check on this side and a student's function in a kernel do together what they do in one place.

Most tests here run a check twice: beside the function, in one namespace of this process, and as the
engine does.  Both must end alike, to the last word of the message.
"""

import contextlib
import io
import textwrap
import warnings

import numpy as np
import pytest

from mixgrade.checks import CheckCode, run_check

SECONDS = 20

# What the student handed in; the kernel runs it once.
SUBMITTED = '''
import array, collections, fractions, functools, math, random, sys, warnings
import numpy as np

def echo(*args, **kwargs):
    return (args, kwargs) if kwargs else args[0] if len(args) == 1 else args

def add_one(x):
    x += 1
    return x

def fill_first(first, second):
    first[...] = 7

def change(values):
    """Change whatever came, deep inside too."""
    if isinstance(values, dict):
        values.pop("gone", None)
        values["new"] = [1, np.arange(2)]
        for part in list(values.values()):
            change(part)
    elif isinstance(values, list):
        for part in values:
            change(part)
        values.append("more")
    elif isinstance(values, tuple):
        for part in values:
            change(part)
    elif isinstance(values, set):
        values.add("more")
        values.discard(1)
    elif isinstance(values, np.ndarray):
        values[...] = 7
    elif isinstance(values, np.random.Generator):
        values.integers(10, size=3, dtype=np.uint32)

def shorten(values):
    del values[0]
    values[0] = "other"

def replace_parts(values):
    values[0] = (5, values[0][1])
    values[1] = None

def reshape(x):
    x.shape = (-1,)

def draw(rng, n=3):
    return rng.normal(size=n)

def draw_globally(n=3):
    return np.random.normal(size=n)

def seed_globally():
    np.random.seed(1)

def fail(kind, *text):
    raise kinds[kind](*text)

class OwnError(ValueError):
    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")

class Silent(Exception):
    def __str__(self):
        raise RuntimeError

kinds = dict(
    (k.__name__, k) for k in (
        ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, Exception,
        FileNotFoundError, FloatingPointError, ImportError, IndexError, KeyError, LookupError,
        MemoryError, ModuleNotFoundError, NameError, NotImplementedError, OSError, OverflowError,
        RecursionError, ReferenceError, RuntimeError, SyntaxError, TimeoutError, TypeError,
        UnboundLocalError, ValueError, ZeroDivisionError, np.linalg.LinAlgError, OwnError,
        np.exceptions.AxisError,
    )
)

def warn(text):
    warnings.warn(text)
    return 1

def deprecate(text):
    warnings.warn(text, DeprecationWarning)

def overflow(x):
    return np.exp(x)

def talk(x):
    print("printed", x)
    print("to stderr", x, file=sys.stderr)
    sys.stdout.write("and written\\n")
    return x

def recurse(n):
    return recurse(n + 1)

def leave():
    sys.exit("bye")

Point = collections.namedtuple("Point", "x y")

class Callable:
    def __call__(self, x):
        return 2 * x

class Series:
    """As a column of a table."""
    def __array__(self, dtype=None, copy=None):
        return np.array([1.0, 2.0])

class Plain:
    pass

def value(name):
    return {
        "matrix": np.ones((1, 2)).view(np.matrix), "masked": np.ma.array([1.0, 2], mask=[0, 1]),
        "float32": np.float32(0.1), "array of float32": np.ones(2, np.float32) / 3,
        "no axes": np.array(1.5), "point": Point(1, [2, 3]), "tuple of lists": ([1, 2], [3.5]),
        "series": Series(), "deque": collections.deque([1, 2]), "buffer": array.array("d", [1, 2]),
        "range": range(3), "set": {1, 2}, "dict": {"a": 1, 2: (3,)}, "none": None, "bool": True,
        "np.bool": np.True_, "complex": 1 + 2j, "nan": float("nan"), "inf": -np.inf,
        "huge": 10**400, "text": "gr\\u00fc\\u00df", "bytes": b"ab", "ragged": [[1], [1, 2]],
        "objects": np.array([1, None]), "texts": np.array(["a", "bc"]), "empty": np.empty((0, 2)),
        "big-endian": np.arange(3, dtype=">i4"), "fortran": np.ones((2, 3), order="F"),
        "counter": collections.Counter("aab"), "ordered": collections.OrderedDict(a=1),
        "generator": (n for n in range(3)), "function": len, "object": Plain(), "class": Plain,
        "iterator": iter([1]), "keys": {1: 2}.keys(), "fraction": fractions.Fraction(1, 3),
        "date": np.datetime64("2020-01-01"), "module": math, "list of arrays": [np.ones(2)] * 2,
        "not implemented": NotImplemented, "ellipsis": ..., "integer": np.int8(-1),
    }[name]

doubled = Callable()
partial = functools.partial(echo, 1)
method = [3, 1, 2].count
square = lambda x: x * x
ufunc = np.exp
numbers = [1, 2, 3]
table = {"a": np.arange(3)}
calls = [0]

def count_calls():
    calls[0] += 1
    return calls[0]
'''
VALUES = [
    "matrix", "masked", "float32", "array of float32", "no axes", "point", "tuple of lists",
    "series", "deque", "buffer", "range", "set", "dict", "none", "bool", "np.bool", "complex",
    "nan", "inf", "huge", "text", "bytes", "ragged", "objects", "texts", "empty", "big-endian",
    "fortran", "counter", "ordered", "generator", "function", "object", "class", "iterator", "keys",
    "fraction", "date", "module", "list of arrays", "not implemented", "ellipsis", "integer",
]  # fmt: skip


@pytest.fixture(scope="module")
def kernel(grader):
    kernel = grader.sandbox.kernel()
    run = kernel.run_cell(SUBMITTED, SECONDS)
    assert not run.failed, run.outputs
    yield kernel
    kernel.close()


def engine(kernel, code, given=(), functions=(), submitted=(SUBMITTED,)):
    """Return what becomes of a check, as the engine runs it."""
    given = [CheckCode(f"given {n}", textwrap.dedent(cell)) for n, cell in enumerate(given)]
    check = CheckCode("test", textwrap.dedent(code))
    verdict = run_check(check, given, kernel, functions, list(submitted), SECONDS)
    assert (verdict.message == "") == (verdict.kind == "passed")
    return verdict


def beside(code, given=()):
    """Return the message of a check that runs beside the functions; empty if it passes."""
    namespace = {"__name__": "__main__"}
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")
        np.random.seed(0)  # noqa: NPY002
        try:
            for cell in (SUBMITTED, *given, code):
                exec(textwrap.dedent(cell), namespace)
        except AssertionError as error:
            return str(error) or "an assertion of this check does not hold"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return ""


@pytest.fixture
def alike(kernel):
    """Run a check in both ways; return its message, which must be the same."""

    def run(code, given=(), functions=()):
        message = engine(kernel, code, given, functions).message
        assert message == beside(code, given)
        return message

    return run


class TestNames:
    def names(self, code):
        check = CheckCode("test", textwrap.dedent(code))
        return check.defines, check.uses

    def test_functions_inside_functions(self):
        defines, uses = self.names("""
            def outer(a):
                b = first
                def inner():
                    return a, b, second
                return inner
            outer(third)
        """)
        assert defines == {"outer"}
        assert uses == {"first", "second", "third", "outer"}

    def test_comprehensions_and_lambdas(self):
        defines, uses = self.names("""
            squares = [n * f(n) for n in numbers if any(m for m in g(n))]
            later = lambda x: h(x)
        """)
        assert defines == {"squares", "later"}
        assert {"f", "g", "h", "numbers", "any"} <= uses
        assert not {"n", "m", "x"} & uses

    def test_classes(self):
        defines, uses = self.names("""
            class Case(Base):
                own = shared
                def run(self):
                    return own_name
        """)
        assert defines == {"Case"}
        assert uses >= {"Base", "shared", "own_name"}

    def test_imports_and_other_ways_to_define(self):
        defines, uses = self.names("""
            import numpy.linalg
            from scipy import stats as st
            with open_case() as case: pass
            for n in many: pass
            if (found := search()): pass
            try: pass
            except Oops as error: pass
            a, *b = c
        """)
        assert defines == {"numpy", "st", "case", "n", "found", "error", "a", "b"}
        assert uses >= {"open_case", "many", "search", "Oops", "c"}

    def test_global_statements(self):
        defines, uses = self.names("""
            def stand_in():
                global f
                f = other
        """)
        assert defines == {"stand_in"}
        assert uses >= {"f", "other"}

    def test_lines_for_the_notebook(self):
        check = CheckCode("test", "%matplotlib inline\n!ls\nx = 1")
        assert check.defines == {"x"}

    def test_lines_that_begin_with_an_operator(self):
        namespace = {}
        exec(CheckCode("test", "x = (\n    '%d'\n    % 3\n)").code, namespace)
        assert namespace["x"] == "3"


@pytest.mark.slow
class TestNamespace:
    def test_only_needed_given_cells_run(self, kernel):
        given = [
            "raise RuntimeError('not needed')\nunneeded = 1",
            "def first(x):\n    return second(x)",
            "raise RuntimeError('defines nothing')",
            "def second(x):\n    return echo(x) + offset",
            "offset = 10",
        ]
        assert engine(kernel, "assert first(1) == 11", given).kind == "passed"

    def test_given_cells_cannot_be_replaced_by_the_student(self, kernel):
        assert engine(kernel, "assert numbers == 'given'", ["numbers = 'given'"]).kind == "passed"

    def test_functions_looked_up_by_name(self, kernel):
        code = "assert globals().get('echo')(1) == 1 and globals().get('absent') is None"
        assert engine(kernel, code, functions=["echo", "absent"]).kind == "passed"

    def test_functions_replaced_for_a_while(self, alike):
        code = """
            def stand_in(x):
                return "other"
            before = echo
            echo = stand_in
            other = echo(1)
            echo = before
            assert other == "other" and echo(1) == 2, f"{other} {echo(1)}"
        """
        assert alike(code, functions=["echo"]) == "other 1"

    def test_missing_names(self, alike):
        assert alike("absent(1)") == "NameError: name 'absent' is not defined"
        assert alike("absent(1)", functions=["absent"]).startswith("NameError")

    def test_data_is_copied(self, alike):
        code = "numbers.append(4); table['a'][0] = 9; raise ValueError(f'{numbers} {table}')"
        first = alike(code)
        assert first == "ValueError: [1, 2, 3, 4] {'a': array([9, 1, 2])}"
        assert alike(code) == first

    def test_checks_leave_nothing_behind(self, kernel):
        assert engine(kernel, "left = 1; import builtins as b").kind == "passed"
        assert engine(kernel, "left").message.startswith("NameError")
        assert engine(kernel, "b").message.startswith("NameError")

    def test_submitted_cells_are_read(self, kernel):
        code = "assert [text for text in In if 'def echo' in text] == [In[1]]"
        assert engine(kernel, code).kind == "passed"

    def test_checks_begin_alike(self, kernel):
        code = """
            import random
            raise ValueError(f"{random.random()} {np.random.random()} {draw_globally(1)}")
        """
        here = np.random.get_state()[1].copy()  # noqa: NPY002
        messages = [engine(kernel, code, ["import numpy as np"]).message for _ in range(2)]
        assert messages[0].split()[:3] == messages[1].split()[:3]
        assert np.array_equal(np.random.get_state()[1], here)  # noqa: NPY002

    def test_what_checks_print_and_set_is_kept_apart(self, kernel, capfd):
        code = """
            import sys, warnings
            print("check"); print("check", file=sys.stderr)
            warnings.warn("check"); warnings.simplefilter("error"); np.seterr(all="raise")
        """
        assert engine(kernel, code, ["import numpy as np"]).kind == "passed"
        assert capfd.readouterr() == ("", "")
        assert np.geterr()["over"] == "warn"

    def test_checks_that_are_left(self, kernel):
        assert engine(kernel, "raise SystemExit(3)").message == (
            "the check was left with SystemExit 3"
        )
        assert engine(kernel, "assert False").message == "an assertion of this check does not hold"
        long = engine(kernel, "raise ValueError('x' * 10**6)")
        assert len(long.message) == 4000


@pytest.mark.slow
class TestValues:
    @pytest.mark.parametrize("name", VALUES)
    def test_as_an_array(self, alike, name):
        code = f"""
            came = value({name!r})
            try:
                array = np.asarray(came)
                words = array.dtype.kind in "biufcSU" and array.dtype.str, array.shape
                if array.dtype.kind in "biufcSU":
                    words += array.tolist(),
            except ValueError as error:
                words = str(error)
            raise ValueError(str(words))
        """
        alike(code, ["import numpy as np"])

    # An array-like has become its array by then.
    @pytest.mark.parametrize(
        "name",
        sorted({*VALUES} - {"matrix", "masked", "series", "deque", "buffer", "range", "date"}),
    )
    def test_in_words(self, alike, name):
        code = f"""
            came = value({name!r})
            words = type(came).__name__
            words += f" {{isinstance(came, (tuple, list, dict, set))}} {{isinstance(came, float)}}"
            if isinstance(came, (np.ndarray, np.generic)):
                words += f" {{came.dtype}} {{came.shape}}"
            elif isinstance(came, (int, float, str, bytes, dict)):
                words += f" {{came!r}}"
            raise ValueError(words)
        """
        if name in ("counter", "ordered"):
            code = code.replace("bytes, dict)", "bytes)")
        alike(code, ["import numpy as np"])

    def test_arguments_arrive_as_they_are(self, alike):
        code = """
            rng = np.random.default_rng(3)
            sent = [
                1, 2.5, "text", None, True, 3j, (1, [2]), {"a": {1: 2}}, np.float32(1), {1, 2},
                np.arange(6.0).reshape(2, 3).T, np.arange(6)[::2], np.broadcast_to(1.0, (2, 2)),
            ]
            came = [echo(part) for part in sent]
            raise ValueError(f"{came} {echo(*sent, key=sent[-1])} {echo(x=1)} {draw(rng, n=2)}")
        """
        assert "array([[0., 3.]" in alike(code, ["import numpy as np"])

    def test_what_cannot_be_handed_over(self, kernel):
        verdict = engine(kernel, "echo(object())")
        assert verdict.kind == "failed"
        assert "a value of type object cannot be handed to a student's function" in verdict.message


@pytest.mark.slow
class TestArguments:
    @pytest.mark.parametrize(
        "argument",
        [
            "np.arange(4.0)",
            "np.arange(6).reshape(2, 3).T",
            "np.arange(6)[::2]",
            "[1, 2]",
            "[np.zeros(2), [np.ones(2), (np.zeros(1),)], {'a': np.zeros(3)}]",
            "[float('nan'), (1, np.zeros(2)), np.zeros(2)]",
            "(1.5, np.zeros(2), float('nan'), range(2))",
            "{'a': 1, 'gone': 2, 'b': [np.zeros(1)], 3: {'c': np.ones(2)}}",
            "{1, 2}",
            "[{1, 2}, 'text', None, 4]",
        ],
    )
    def test_changes_of_arguments_are_seen(self, alike, argument):
        code = f"""
            sent = {argument}
            parts = sent if isinstance(sent, (list, tuple)) else [sent]
            change(sent)
            shown = [sorted(map(str, p)) if isinstance(p, set) else p for p in parts]
            raise ValueError(f"{{shown}}")
        """
        message = alike(code, ["import numpy as np"])
        assert "7" in message or "more" in message

    def test_changed_parts_are_the_parts_that_were_sent(self, alike):
        code = """
            part, rng = np.zeros(2), np.random.default_rng(1)
            change([1, (part, "text"), {"a": part[:1]}, rng])
            raise ValueError(f"{part} {rng.random()}")
        """
        assert alike(code, ["import numpy as np"]).startswith("ValueError: [7. 7.]")

    def test_arrays_that_are_sent_twice(self, alike):
        code = """
            x, rng = np.zeros(2), np.random.default_rng(1)
            fill_first(x, x)
            draw(rng, n=len(echo(x, rng, [rng, x])[0]))
            raise ValueError(f"{x} {rng.random()}")
        """
        assert alike(code, ["import numpy as np"]).startswith("ValueError: [7. 7.]")

    def test_parts_of_lists_that_are_replaced(self, alike):
        code = """
            first = np.zeros(2)
            sent = [(1, first), first, "same"]
            replace_parts(sent)
            other = ["gone", 1, 2]
            shorten(other)
            raise ValueError(f"{sent} {other}")
        """
        assert "[(5, array" in alike(code, ["import numpy as np"])

    def test_lists_that_were_not_changed_keep_their_parts(self, alike):
        code = """
            inner = [1]
            sent = [inner, np.zeros(1)]
            add_one(sent[1])
            echo(sent)
            raise ValueError(str(sent[0] is inner))
        """
        assert alike(code, ["import numpy as np"]) == "ValueError: True"

    def test_read_only_arrays(self, alike):
        code = """
            x = np.arange(3.0)
            x.flags.writeable = False
            try:
                add_one(x)
            except ValueError as error:
                raise ValueError(f"{error} {x} {x.flags.writeable}") from error
        """
        assert "read-only" in alike(code, ["import numpy as np"])

    def test_shapes_that_were_changed(self, kernel):
        code = "import numpy as np\nreshape(np.zeros((2, 2)))"
        assert engine(kernel, code).message == (
            "ValueError: the function changed the shape or the type of an array it was given"
        )

    @pytest.mark.parametrize("bits", ["PCG64", "PCG64DXSM", "SFC64"])
    def test_generators_advance_as_beside_the_function(self, alike, bits):
        code = f"""
            rng = np.random.Generator(np.random.{bits}(5))
            drawn = [draw(rng), rng.random(), draw(rng, n=1), change(rng), rng.normal()]
            drawn += [rng.integers(9, dtype=np.uint32), draw(rng=rng)]
            raise ValueError(str(drawn))
        """
        alike(code, ["import numpy as np"])

    def test_a_generator_that_was_not_used_stays(self, alike):
        code = """
            rng = np.random.default_rng(5)
            draw(rng, 0)
            raise ValueError(str(rng.random()))
        """
        alike(code, ["import numpy as np"])


@pytest.mark.slow
class TestGlobalGenerator:
    GIVEN = ("import numpy as np",)

    def test_a_function_that_uses_it_is_seen(self, alike):
        code = """
            def used(function, *arguments):
                before = np.random.get_state()
                function(*arguments)
                after = np.random.get_state()
                return any(not np.array_equal(*pair) for pair in zip(before, after))
            np.random.seed(3)
            raise ValueError(str([used(draw_globally), used(echo, 1), used(seed_globally)]))
        """
        assert alike(code, self.GIVEN) == "ValueError: [True, False, True]"

    def test_a_seed_of_the_check_counts_there(self, alike):
        code = """
            drawn = []
            for seed in (3, 3, 4):
                np.random.seed(seed)
                drawn += [draw_globally(2), draw_globally(2)]
            raise ValueError(str(drawn))
        """
        alike(code, self.GIVEN)


@pytest.mark.slow
class TestErrors:
    KINDS = (
        "ArithmeticError", "AssertionError", "AttributeError", "BufferError", "EOFError",
        "Exception", "FileNotFoundError", "FloatingPointError", "ImportError", "IndexError",
        "KeyError", "LinAlgError", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError",
        "NotImplementedError", "OSError", "OverflowError", "RecursionError", "ReferenceError",
        "RuntimeError", "SyntaxError", "TimeoutError", "TypeError", "UnboundLocalError",
        "ValueError", "ZeroDivisionError",
    )  # fmt: skip

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("text", ["", "'some text'", "('two', 3),"])
    def test_kind_and_text(self, alike, kind, text):
        assert alike(f"fail({kind!r}, {text})").startswith((f"{kind}: ", "some", "an assert", "("))
        # A check that knows what to expect catches it.
        base = "np.linalg.LinAlgError" if kind == "LinAlgError" else kind
        if kind in ("ReferenceError", "SyntaxError"):
            base = "Exception"  # of the rarer ones, the name is all that is kept
        code = f"""
            try:
                fail({kind!r}, {text})
            except {base} as error:
                raise ValueError(f"{{type(error).__name__}} {{error}}") from error
        """
        assert alike(code, ["import numpy as np"]).startswith(f"ValueError: {kind}")

    @pytest.mark.parametrize(
        "call",
        [
            "fail('OwnError', 1, 2)",
            "fail('AxisError', 3, 2)",
            "{}['absent']",
            "echo.absent",
            "draw(1)",
            "draw()",
            "draw(n=1, m=2)",
            "add_one(np.arange(3)[None] @ 1)",
            "numbers[10]",
        ],
    )
    def test_errors_that_come_by_themselves(self, kernel, call):
        code = f"import numpy as np\n{call}"
        message = engine(kernel, code).message
        assert message.split(":")[0] == beside(code).split(":")[0]

    def test_recursion(self, alike):
        assert alike("recurse(1)").startswith("RecursionError: maximum recursion depth exceeded")

    def test_no_text_can_be_had(self, kernel):
        kernel.run_cell("def silent():\n    raise Silent", SECONDS)
        assert engine(kernel, "silent()").message == "Silent: "

    def test_a_function_that_leaves(self, kernel):
        assert engine(kernel, "leave()").message == "SystemExit: bye"
        assert engine(kernel, "assert echo(1) == 1").kind == "passed"

    def test_a_stop_iteration_does_not_end_a_loop_of_the_check(self, kernel):
        kernel.run_cell("def stop():\n    raise StopIteration('early')", SECONDS)
        code = "assert list(stop() for _ in [1]) == []"
        assert engine(kernel, code).message == "StopIteration: early"

    def test_changes_before_an_error_are_seen(self, kernel):
        code = "def change_and_fail(x):\n    x[0] = 9\n    raise ValueError('late')"
        kernel.run_cell(code, SECONDS)
        code = """
            import numpy as np
            x = np.zeros(2)
            try:
                change_and_fail(x)
            except ValueError as error:
                raise ValueError(f"{error} {x}") from error
        """
        assert engine(kernel, code).message == "ValueError: late [9. 0.]"


@pytest.mark.slow
class TestOtherCalls:
    def test_callables_that_are_no_functions(self, alike):
        code = """
            results = [doubled(2), partial(2), method(1), square(3), ufunc(0), Callable.__name__]
            raise ValueError(f"{results} {[callable(f) for f in (doubled, partial, ufunc)]}")
        """
        assert alike(code) == (
            "ValueError: [4, (1, 2), 1, 9, 1.0, 'Callable'] [True, True, True]"
        ).replace("1.0,", f"{np.float64(1)!r},")

    def test_names_of_functions(self, alike):
        assert alike("raise ValueError(echo.__name__)") == "ValueError: echo"

    def test_warnings_are_forwarded(self, alike):
        code = """
            import warnings
            with warnings.catch_warnings(record=True) as seen:
                warnings.simplefilter("always")
                warn("one")
                deprecate("two")
                overflow(np.array([1e4]))
            raise ValueError(str([(w.category.__name__, str(w.message)) for w in seen]))
        """
        said = alike(code, ["import numpy as np"])
        assert "('DeprecationWarning', 'two')" in said
        assert "overflow encountered in exp" in said

    def test_warnings_and_prints_cost_nothing(self, kernel):
        code = "warn('careful'); assert talk(3) == 3; warn('careful')"
        assert engine(kernel, code).kind == "passed"

    def test_state_of_the_student_stays_between_checks(self, kernel):
        messages = [engine(kernel, "raise ValueError(count_calls())").message for _ in range(2)]
        assert messages == ["ValueError: 1", "ValueError: 2"]
