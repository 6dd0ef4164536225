import numpy as np
import pytest
from scipy import stats
from scipy.optimize import approx_fprime

from mixcore import fit_gaussian, gaussian_log_density, gaussian_score


@pytest.mark.parametrize("d", [1, 2, 5])
def test_log_density_agrees_with_scipy(d, rng):
    factor = rng.standard_normal((d, d))
    covariance = factor @ factor.T + 0.1 * np.eye(d)
    mean, x = rng.standard_normal(d), 3 * rng.standard_normal((20, d))
    expected = stats.multivariate_normal(mean, covariance).logpdf(x)
    np.testing.assert_allclose(gaussian_log_density(x, mean, covariance), expected, rtol=1e-10)


def test_log_density_is_right_in_the_far_tail():
    # 1e6 standard deviations away the density itself is 0 in floating point.
    np.testing.assert_allclose(
        gaussian_log_density([1e6], 0.0, 1.0), [-0.5e12 - 0.5 * np.log(2 * np.pi)], rtol=1e-14
    )


def test_density_integrates_to_one():
    grid = np.linspace(-30, 30, 20001)
    total = np.trapezoid(np.exp(gaussian_log_density(grid, 1.5, 4.0)), grid)
    assert total == pytest.approx(1, abs=1e-10)


def test_score_equals_finite_differences(rng):
    mean, covariance = np.array([1.0, -2.0]), np.array([[2.0, 0.7], [0.7, 0.5]])
    x = rng.standard_normal(2)
    numeric = approx_fprime(x, lambda y: gaussian_log_density(y[None], mean, covariance)[0], 1e-6)
    np.testing.assert_allclose(gaussian_score(x[None], mean, covariance)[0], numeric, rtol=1e-4)


def test_fit_is_the_maximum(rng):
    x = rng.standard_normal((30, 2)) @ np.array([[2.0, 0.0], [1.0, 0.5]])
    mean, covariance = fit_gaussian(x)
    best = gaussian_log_density(x, mean, covariance).sum()
    for _ in range(50):
        other_mean = mean + 0.05 * rng.standard_normal(2)
        other = covariance * np.exp(0.1 * rng.standard_normal())
        assert gaussian_log_density(x, other_mean, covariance).sum() < best
        assert gaussian_log_density(x, mean, other).sum() < best


def test_fit_divides_by_n():
    _, covariance = fit_gaussian([0.0, 2.0])
    assert covariance == pytest.approx(np.array([[1.0]]))


@pytest.mark.parametrize(
    ("x", "mean", "covariance", "words"),
    [
        ([[np.nan, 0]], [0, 0], np.eye(2), "x holds nan at index"),
        ([[0, np.inf]], [0, 0], np.eye(2), "x holds inf at index"),
        ([[0, 0, 0]], [0, 0], np.eye(2), "3 columns but the model has 2"),
        ([[[0.0]]], [0], [[1]], "must have shape"),
        (np.empty((0, 2)), [0, 0], np.eye(2), "empty"),
        ([["a", "b"]], [0, 0], np.eye(2), "real numbers"),
        ([[0, 0]], [0, 0], np.eye(3), "they must be"),
        ([[0, 0]], [0, 0], [[1, 2], [2, 1]], "smallest eigenvalue is -1"),
        ([[0, 0]], [0, 0], [[1, 0.5], [0, 1]], "not symmetric"),
    ],
)
@pytest.mark.parametrize("function", [gaussian_log_density, gaussian_score])
def test_bad_input_is_named(function, x, mean, covariance, words):
    with pytest.raises(ValueError, match=words):
        function(x, mean, covariance)
