import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import approx_fprime

from mixcore import GaussianMixture
from mixcore._gaussian_mixture_kernels import (
    BLOCK,
    MixtureKernel,
    SharedCovarianceKernel,
    mixture_kernel,
)


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


def random_covariances(rng, k, d):
    shapes = rng.standard_normal((k, d, d + 2))
    return shapes @ shapes.transpose(0, 2, 1) / (d + 2)


def hard_cases():
    rng = np.random.default_rng(77)
    corners = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
    directions = rng.standard_normal((60, 2))
    cases = {
        "corners": (GaussianMixture.isotropic(corners), rng.uniform(-3, 6, (60, 2))),
        "1e6 apart": (
            GaussianMixture.isotropic([[0.0, 0.0], [1e6, 0.0], [0.0, -1e6]]),
            np.vstack([directions, directions + np.array([1e6, 0]), directions + 5e5]),
        ),
        "sigma 1e-6": (
            GaussianMixture.isotropic([[0.0, 0.0], [3e-6, 0.0], [1.0, 1.0]], sigma=1e-6),
            np.vstack([1e-6 * directions, directions, 1 + 1e-6 * directions]),
        ),
        "close, sigma 1e-6": (
            GaussianMixture.isotropic(1e-6 * corners, sigma=1e-6),
            np.vstack([3e-6 * directions, 1e-3 * directions]),
        ),
        "offset 1e8": (
            GaussianMixture.isotropic(1e8 + corners, sigma=0.5),
            1e8 + np.vstack([3 * directions, corners]),
        ),
        "offset 1e8, different covariances": (
            GaussianMixture([0.3, 0.7], 1e8 + corners[:2], random_covariances(rng, 2, 2)),
            1e8 + 3 * directions,
        ),
        "tails at 1e3 sigma": (GaussianMixture.isotropic(corners), 1e3 * directions),
        "tails, different covariances": (
            GaussianMixture(np.full(4, 0.25), corners, random_covariances(rng, 4, 2)),
            1e3 * directions,
        ),
        "spread of nearly 30 sigma": (
            GaussianMixture.isotropic([[0.0], [14.0], [29.9]], weights=[0.1, 0.8, 0.1]),
            rng.uniform(-60, 60, (80, 1)),
        ),
        "zero weights": (
            GaussianMixture.isotropic(corners, weights=[0.0, 0.4, 0.6, 0.0]),
            np.vstack([directions, corners]),
        ),
        "zero weight, different covariances": (
            GaussianMixture([0.0, 1.0], corners[:2], random_covariances(rng, 2, 2)),
            np.vstack([directions, corners]),
        ),
        "tiny weight": (
            GaussianMixture.isotropic([[0.0], [20.0]], weights=[1 - 1e-12, 1e-12]),
            rng.uniform(-10, 40, (80, 1)),
        ),
        "one component": (GaussianMixture([1.0], [[1.0, 2.0]], [[[2, 1], [1, 2]]]), directions),
        "one dimension": (GaussianMixture([0.4, 0.6], [-2.5, 3.5], [4.0, 0.1]), directions[:, :1]),
        "one point": (GaussianMixture.isotropic(corners), directions[:1]),
        "ill-conditioned": (
            GaussianMixture(
                [0.5, 0.5], [[0.0, 0.0], [0.0, 1e-5]], [[[1.0, 1e-6], [1e-6, 1e-11]]] * 2
            ),
            directions * [1.0, 1e-5],
        ),
        "more than a block": (
            GaussianMixture.isotropic(corners), rng.uniform(-3, 6, (BLOCK + 5, 2)),
        ),
        "more than a block, different covariances": (
            GaussianMixture(np.full(4, 0.25), corners, random_covariances(rng, 4, 2)),
            rng.uniform(-3, 6, (BLOCK + 5, 2)),
        ),
    }  # fmt: skip
    means = rng.standard_normal((3, 200))
    shared = random_covariances(rng, 1, 200).repeat(3, axis=0)
    x = 1.5 * rng.standard_normal((40, 200))
    thirds = np.full(3, 1 / 3)
    cases["200 dimensions"] = (GaussianMixture(thirds, means, random_covariances(rng, 3, 200)), x)
    cases["200 dimensions, shared"] = (GaussianMixture(thirds, means / 9, shared), x)
    return cases


def assert_same_evaluation(mixture, x, tolerance=1e-11):
    """Compare the fused with the plain evaluation; what is near 0 is compared with its terms."""
    log_density, score = mixture.log_density_and_score(x)
    assert log_density.shape == (len(x),)
    assert score.shape == x.shape
    assert np.isfinite(score).all()
    np.testing.assert_allclose(log_density, mixture.log_density(x), rtol=tolerance, atol=tolerance)
    plain = mixture.score(x)
    # One standard deviation away, a component pulls with 1 / sigma: an error far below this is 0.
    widths = np.sqrt([np.linalg.eigvalsh(c)[0] for c in mixture.covariances])
    scale = np.abs(plain).max(axis=1, keepdims=True) + 1 / widths.min()
    np.testing.assert_array_less(np.abs(score - plain) / scale, tolerance)


@pytest.mark.parametrize("case", hard_cases())
def test_fused_evaluation_equals_the_plain_form(case):
    assert_same_evaluation(*hard_cases()[case])


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1), k=st.integers(1, 6), d=st.integers(1, 5),
    shared=st.booleans(), scale=st.sampled_from([1e-6, 1.0, 1e6]), reach=st.floats(0.1, 100),
)  # fmt: skip
def test_fused_evaluation_equals_the_plain_form_anywhere(seed, k, d, shared, scale, reach):
    rng = np.random.default_rng(seed)
    covariances = random_covariances(rng, 1 if shared else k, d) + 0.01 * np.eye(d)
    means = scale * reach * rng.standard_normal((k, d))
    mixture = GaussianMixture(
        rng.dirichlet(np.ones(k)), means, scale**2 * covariances.repeat(k if shared else 1, axis=0)
    )
    assert_same_evaluation(mixture, 2 * scale * reach * rng.standard_normal((20, d)), 1e-10)


def test_each_kernel_serves_its_mixtures():
    def kernel(means, variances):
        return type(mixture_kernel(GaussianMixture([0.5, 0.5], means, variances)))

    assert kernel([0.0, 3.0], [1.0, 1.0]) is SharedCovarianceKernel
    assert kernel([0.0, 3.0], [1.0, 1.1]) is MixtureKernel
    assert kernel([0.0, 31.0], [1.0, 1.0]) is MixtureKernel
    assert kernel([-1e300, 1e300], [1e-9, 1e-9]) is MixtureKernel


@pytest.mark.parametrize("second_variance", [1.0, 2.0])
def test_where_the_density_underflows_the_score_points_at_the_nearest_component(second_variance):
    mixture = GaussianMixture([0.5, 0.5, 0.0], [-1e160, 1e160, 1.5e160], [1, second_variance, 1])
    log_density, score = mixture.log_density_and_score([-4e160, 4e160])
    np.testing.assert_array_equal(log_density, [-np.inf, -np.inf])
    np.testing.assert_allclose(score[:, 0], [3e160, -3e160 / second_variance])
    with pytest.raises(ValueError, match=r"the score overflows: x reaches 1e\+305"):
        GaussianMixture.isotropic([0.0], sigma=1e-6).log_density_and_score([1e305])


def test_copies_of_an_evaluated_mixture_evaluate_alike(mixture, rng):
    x = rng.standard_normal((5, 2))
    expected = mixture.log_density_and_score(x)
    for twin in (pickle.loads(pickle.dumps(mixture)), copy.deepcopy(mixture)):
        np.testing.assert_array_equal(twin.log_density_and_score(x)[1], expected[1])


def test_evaluation_leaves_its_points_alone(mixture, rng):
    x = rng.standard_normal((5, 2))
    before = x.copy()
    mixture.log_density_and_score(x)
    np.testing.assert_array_equal(x, before)


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
    "method",
    [
        "log_joint", "log_density", "responsibilities", "score", "log_density_and_score",
        "mean_gradient",
    ],
)  # fmt: skip
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
