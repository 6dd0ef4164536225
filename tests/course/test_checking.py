"""The helpers of the checks: what they let pass, and what they say of the rest."""

import numpy as np
import pytest

import checking


def said_by(call, *arguments, **options):
    with pytest.raises(AssertionError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_ask_returns_what_the_function_returns_and_is_quiet(capsys):
    def noisy(x, *, factor):
        import sys
        import warnings

        warnings.warn("careful", stacklevel=1)
        print("oh", file=sys.stderr)
        return factor * x / 0

    assert checking.ask(noisy, np.float64(2), factor=3) == np.inf
    assert capsys.readouterr().err == ""


def test_ask_names_the_function_and_the_error():
    def e_step(x):
        raise ValueError("operands could not be broadcast" + "!" * 1000)

    said = said_by(checking.ask, e_step, 1)
    assert said.startswith("e_step raised ValueError: operands could not be broadcast")
    assert len(said) < 350

    def centred(x):
        x -= 1
        return x

    x = np.ones(2)
    x.flags.writeable = False
    said = said_by(checking.ask, centred, x)
    assert said.startswith("centred raised ValueError: output array is read-only. It writes into")
    assert "work on a copy" in said

    def m_step(x):
        raise NotImplementedError

    assert "m_step" in said_by(checking.ask, m_step, 1)
    assert "not written yet" in said_by(checking.ask, m_step, 1)


def test_a_case_stands_in_front_of_what_is_said_and_touches_nothing_else():
    def fail():
        with checking.in_case("n = 1"):
            checking.as_numbers(None, (), "sum")

    said = said_by(fail)
    assert said.startswith("n = 1: sum: expected one number; came None")
    with pytest.raises(KeyError, match="cause"), checking.in_case("n = 1"):
        raise KeyError("cause")
    with checking.in_case("n = 1"):
        pass


@pytest.mark.parametrize("value", [[[1, 2]], ((1.0, 2.0),), np.array([[True, False]])])
def test_numbers_takes_what_is_like_an_array(value):
    assert checking.as_numbers(value, (1, 2), "x").shape == (1, 2)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "came None, as from a function without return"),
        ("three", "came 'three', of type str"),
        ([[1, 2], [3]], "came a list of length 2"),
        ({"a": 1}, "came a dict of length 1"),
        (np.array([1j, 2]), "came an array of shape (2,) and type complex128"),
        (np.zeros((2, 1)), "came shape (2, 1)"),
        (3.0, "came shape ()"),
        ([1.0, np.nan], "came nan at [1]"),
        ([-np.inf, 1.0], "came -inf at [0]"),
    ],
)
def test_numbers_says_what_came(value, words):
    said = said_by(checking.as_numbers, value, (2,), "row sums", "One a row?")
    assert said.startswith("row sums: expected ")
    assert words in said
    assert said.endswith("One a row?")


def test_one_number():
    assert checking.as_numbers(np.float32(2), (), "it") == 2
    assert checking.as_numbers(np.array(2), (), "it") == 2
    assert "expected one number; came shape (1,)" in said_by(checking.as_numbers, [2], (), "it")
    assert "came nan." in said_by(checking.as_numbers, np.nan, (), "it")
    assert np.isnan(checking.as_numbers(np.nan, (), "it", finite=False))


def test_whole_numbers():
    assert checking.as_whole_numbers(np.uint8([1, 2]), (2,), "labels").dtype == int
    assert "float64" in said_by(checking.as_whole_numbers, [1.0, 2.0], (2,), "labels")


def test_parts():
    assert checking.as_results([1, 2], "x, z") == [1, 2]
    for value, words in [
        (None, "None"),
        ((1, 2, 3), "length 3"),
        (np.ones(2), "array"),
        ("ab", "str"),
    ]:
        said = said_by(checking.as_results, value, "x, z")
        assert said.startswith("expected the 2 results (x, z); came")
        assert words in said


def test_same_names_the_first_entry_that_differs():
    checking.assert_same([1, 2 + 1e-9], [1, 2], "sums")
    said = said_by(checking.assert_same, [[1.0, 2.5]], [[1, 2]], "sums", "Which axis?")
    assert said == "sums: expected 2 at [0, 1]; came 2.5. Which axis?"
    assert said_by(checking.assert_same, 2.5, 2, "it") == "it: expected 2; came 2.5."
    said = said_by(checking.assert_same, 2 + 1e-7, 2.0, "it")
    assert said == "it: expected 2; came 2.0000001."
    checking.assert_same(1e-12, 0.0, "it", atol=1e-9)
    said_by(checking.assert_same, 1e-12, 0.0, "it")
    assert "shape" in said_by(checking.assert_same, [1.0], [1.0, 2.0], "it")


def test_unchanged_names_the_argument():
    x, y = np.ones(2), np.zeros(3)
    checking.assert_unchanged("x, y", (x, y), (x.copy(), y.copy()))
    assert "argument y" in said_by(checking.assert_unchanged, "x, y", (x, y), (x, y + 1))
