import itertools

import numpy as np
import pytest

from mixcore import match_components, matched_error


@pytest.mark.parametrize(("k", "d"), [(1, 1), (2, 1), (3, 2), (5, 4)])
def test_matching_equals_all_permutations(k, d, rng):
    for _ in range(20):
        estimate, truth = rng.standard_normal((2, k, d))
        errors = {
            p: ((estimate[list(p)] - truth) ** 2).sum() for p in itertools.permutations(range(k))
        }
        best = min(errors.values())
        assert matched_error(estimate, truth) == pytest.approx(best)
        assert errors[tuple(match_components(estimate, truth))] == pytest.approx(best)


def test_a_permutation_is_undone_not_repeated():
    truth = np.array([[0.0], [10.0], [20.0]])
    estimate = truth[[1, 2, 0]]  # a cycle: its inverse is another permutation
    np.testing.assert_array_equal(estimate[match_components(estimate, truth)], truth)


@pytest.mark.parametrize("function", [match_components, matched_error])
def test_bad_input_is_named(function):
    with pytest.raises(ValueError, match="both must be"):
        function([[0.0], [1.0]], [[0.0]])
    with pytest.raises(ValueError, match="true_means holds nan"):
        function([[0.0]], [[np.nan]])
