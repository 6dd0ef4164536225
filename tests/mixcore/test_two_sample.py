import itertools
import math

import numpy as np
import pytest
from scipy.stats import energy_distance, kstest

from mixcore import energy_test


def test_the_statistic_is_the_energy_distance_of_scipy_in_one_dimension():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal(30), rng.exponential(size=20)
    expected = 30 * 20 / 50 * energy_distance(x, y) ** 2
    assert energy_test(x, y, n_permutations=1, rng=rng).statistic == pytest.approx(expected)


def test_the_statistic_by_loops():
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((7, 3)), rng.standard_normal((5, 3))

    def mean_distance(a, b):
        return sum(math.dist(p, q) for p in a for q in b) / (len(a) * len(b))

    energy = 2 * mean_distance(x, y) - mean_distance(x, x) - mean_distance(y, y)
    result = energy_test(x, y, n_permutations=1, rng=rng)
    assert result.statistic == pytest.approx(35 / 12 * energy, rel=1e-12)


def test_the_random_divisions_are_divisions_of_the_pooled_points():
    points = np.array([0.0, 1.0, 3.0, 7.0, 12.0])
    every = {
        round(energy_test(points[list(i)], np.delete(points, i), rng=np.random.default_rng(0),
                          n_permutations=1).statistic, 10)
        for i in itertools.combinations(range(5), 2)
    }  # fmt: skip
    result = energy_test(points[:2], points[2:], n_permutations=500, rng=np.random.default_rng(0))
    assert set(result.null_statistics.round(10)) == every


def test_p_values_are_uniform_when_nothing_differs():
    rng = np.random.default_rng(2)
    p_values = [
        energy_test(*rng.standard_normal((2, 20, 2)), n_permutations=99, rng=rng).p_value
        for _ in range(400)
    ]
    # A p-value is a multiple of 1/100: compared with the continuous law, that adds 0.01.
    assert kstest(p_values, "uniform").statistic < 0.01 + 2.2 / math.sqrt(400)
    assert min(p_values) >= 0.01


@pytest.mark.parametrize(
    "change", [lambda y: y + np.array([0.5, 0]), lambda y: 1.5 * y, lambda y: np.abs(y)]
)
def test_differences_of_place_width_and_shape_are_seen(change):
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((2, 300, 2))
    result = energy_test(x, change(y), n_permutations=199, rng=rng)
    assert result.p_value == 1 / 200
    assert result.ratio > 3


def test_it_is_symmetric_and_does_not_see_a_shift_or_rotation_of_both():
    rng = np.random.default_rng(4)
    x, y = rng.standard_normal((40, 2)), rng.standard_normal((60, 2))
    rotation = np.array([[0.6, -0.8], [0.8, 0.6]])
    values = [
        energy_test(a, b, n_permutations=1, rng=rng).statistic
        for a, b in [(x, y), (y, x), (x @ rotation + 5, y @ rotation + 5)]
    ]
    np.testing.assert_allclose(values, values[0], rtol=1e-9)


def test_the_same_seed_gives_the_same_result():
    x, y = np.random.default_rng(5).standard_normal((2, 30, 2))
    first, second = (energy_test(x, y, rng=np.random.default_rng(6)) for _ in range(2))
    np.testing.assert_array_equal(first.null_statistics, second.null_statistics)
    assert len(first.null_statistics) == 999


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((3, 2)), np.zeros((3, 1)), "y has 1"),
        (np.ones(3), np.ones(4), "all points of x and y equal"),
        ([[np.nan, 0]], [[0, 0]], "nan"),
    ],
)
def test_bad_samples_are_named(x, y, message):
    with pytest.raises(ValueError, match=message):
        energy_test(x, y, rng=np.random.default_rng(0))
