import numpy as np
import pytest
from scipy import stats
from scipy.optimize import approx_fprime

from mixcore import GaussianMixture


@pytest.fixture
def mixture():
    return GaussianMixture(
        [0.2, 0.5, 0.3],
        [[0.0, 0.0], [2.0, -1.0], [-1.0, 3.0]],
        [[[1.0, 0.3], [0.3, 0.5]], [[2.0, -0.4], [-0.4, 1.0]], [[0.3, 0.0], [0.0, 3.0]]],
    )


def brute_force_parts(mixture, x):
    return np.array(
        [
            [
                w * stats.multivariate_normal(m, c).pdf(point)
                for w, m, c in zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
            ]
            for point in x
        ]
    )


def test_density_and_responsibilities_equal_brute_force(mixture, rng):
    x = 2 * rng.standard_normal((15, 2))
    parts = brute_force_parts(mixture, x)
    np.testing.assert_allclose(np.exp(mixture.log_density(x)), parts.sum(axis=1), rtol=1e-10)
    expected = parts / parts.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(mixture.responsibilities(x), expected, rtol=1e-9)


def test_far_points_stay_finite(mixture):
    x = np.array([[1e5, -1e5], [-1e8, 1e8]])
    assert np.isfinite(mixture.log_density(x)).all()
    np.testing.assert_allclose(mixture.responsibilities(x).sum(axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("point", [[0.5, 0.5], [-3.0, 4.0], [8.0, 8.0]])
def test_score_equals_finite_differences(mixture, point):
    numeric = approx_fprime(np.array(point), lambda y: mixture.log_density(y[None])[0], 1e-6)
    np.testing.assert_allclose(mixture.score([point])[0], numeric, rtol=1e-4, atol=1e-6)


def test_mean_gradient_equals_finite_differences(mixture, rng):
    x = rng.standard_normal((12, 2))

    def average(flat):
        moved = GaussianMixture(mixture.weights, flat.reshape(3, 2), mixture.covariances)
        return moved.log_density(x).mean()

    numeric = approx_fprime(mixture.means.ravel(), average, 1e-6).reshape(3, 2)
    np.testing.assert_allclose(mixture.mean_gradient(x), numeric, rtol=1e-3, atol=1e-6)


def test_one_dimension_is_a_column():
    line = GaussianMixture([0.4, 0.6], [-2.5, 3.5], [4.0, 4.0])
    x = np.array([-1.0, 0.0, 2.0])
    expected = 0.4 * stats.norm(-2.5, 2).pdf(x) + 0.6 * stats.norm(3.5, 2).pdf(x)
    np.testing.assert_allclose(np.exp(line.log_density(x)), expected, rtol=1e-12)
    assert line.score(x).shape == (3, 1)
    assert line.sample(7, np.random.default_rng(0))[0].shape == (7, 1)


def test_four_corner_mixture_has_the_known_second_moment():
    corners = GaussianMixture(
        np.full(4, 0.25), [[0, 0], [0, 3], [3, 0], [3, 3]], np.broadcast_to(np.eye(2), (4, 2, 2))
    )
    x, z = corners.sample(200_000, np.random.default_rng(3))
    squares = (x**2).sum(axis=1)
    # E ||x||^2 = 11; five standard errors: a false alarm in fewer than 1 of 1,000,000 seeds.
    assert abs(squares.mean() - 11) < 5 * squares.std() / np.sqrt(len(x))
    counts = np.bincount(z, minlength=4) / len(z)
    assert np.abs(counts - 0.25).max() < 5 * np.sqrt(0.25 * 0.75 / len(z))
    # Z = 8 pi: the density at a corner is the sum of four bumps over Z.
    bumps = 1 + 2 * np.exp(-4.5) + np.exp(-9)
    assert np.exp(corners.log_density([[0, 0]]))[0] == pytest.approx(bumps / (8 * np.pi))


def test_sample_repeats_with_the_seed_and_matches_each_component(mixture):
    x, z = mixture.sample(60_000, np.random.default_rng(5))
    again, _ = mixture.sample(60_000, np.random.default_rng(5))
    np.testing.assert_array_equal(x, again)
    for k in range(3):
        own = x[z == k]
        standard_error = np.sqrt(np.diag(mixture.covariances[k]) / len(own))
        assert (np.abs(own.mean(axis=0) - mixture.means[k]) < 5 * standard_error).all()
        np.testing.assert_allclose(np.cov(own.T), mixture.covariances[k], atol=0.12)


def test_a_weight_of_zero_is_allowed():
    mixture = GaussianMixture([1.0, 0.0], [0.0, 5.0], [1.0, 1.0])
    np.testing.assert_array_equal(mixture.responsibilities([5.0]), [[1.0, 0.0]])


def test_parameters_are_frozen_copies(mixture):
    means = np.zeros((1, 2))
    own = GaussianMixture([1.0], means, [np.eye(2)])
    means[:] = 9
    assert own.means.max() == 0
    with pytest.raises(ValueError, match="read-only"):
        own.means[0, 0] = 1


def test_reordering_changes_names_only(mixture, rng):
    x = rng.standard_normal((5, 2))
    other = mixture.reordered([2, 0, 1])
    np.testing.assert_allclose(other.log_density(x), mixture.log_density(x), rtol=1e-12)
    np.testing.assert_array_equal(other.means[0], mixture.means[2])
    with pytest.raises(ValueError, match=r"each of 0 \.\. 2 once"):
        mixture.reordered([0, 0, 1])


@pytest.mark.parametrize(
    ("weights", "means", "covariances", "words"),
    [
        ([0.5, 0.6], [0, 1], [1, 1], r"sum to 1\.1"),
        ([1.5, -0.5], [0, 1], [1, 1], r"weights\[1\] is -0\.5"),
        ([0.5, 0.5], [0, np.nan], [1, 1], "means holds nan"),
        ([0.5, 0.5], [0, 1], [1, np.inf], "covariances holds inf"),
        ([0.5, 0.5], [0, 1], [1, -1], r"covariances\[1\] is not positive definite"),
        ([0.5, 0.5], [0, 1, 2], [1, 1], r"they must be \(k,\), \(k, d\) and \(k, d, d\)"),
        ([[0.5, 0.5]], [0, 1], [1, 1], "weights must have shape"),
        ([1.0], [[0, 0]], [[[1, 2], [0, 1]]], "not symmetric"),
    ],
)
def test_bad_parameters_are_named(weights, means, covariances, words):
    with pytest.raises(ValueError, match=words):
        GaussianMixture(weights, means, covariances)


@pytest.mark.parametrize(
    "method", ["log_joint", "log_density", "responsibilities", "score", "mean_gradient"]
)
def test_bad_points_are_named(mixture, method):
    with pytest.raises(ValueError, match="x holds nan"):
        getattr(mixture, method)([[np.nan, 0.0]])
    with pytest.raises(ValueError, match="3 columns but the model has 2"):
        getattr(mixture, method)([[0.0, 0.0, 0.0]])


@pytest.mark.parametrize("n", [0, -1, 2.5, True, "3"])
def test_bad_sample_size_is_named(mixture, n, rng):
    with pytest.raises(ValueError, match="n is "):
        mixture.sample(n, rng)


def test_a_seed_is_not_a_generator(mixture):
    with pytest.raises(ValueError, match="default_rng"):
        mixture.sample(3, 0)
