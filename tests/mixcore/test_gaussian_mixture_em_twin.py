"""The fast EM against its plain twin, over inputs that are hard for one or the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixcore import (
    DegenerateFitError,
    GaussianMixture,
    expectation_maximisation,
    fit_gaussian_mixture,
    gaussian_m_step,
)
from mixcore import _gaussian_em_steps as steps_module

TYPES = ["full", "tied", "diag", "spherical"]


def plain_fit(x, start, covariance_type="full", reg_covar=1e-6, sample_weight=None, **options):
    """EM written out: the general loop around the closed-form M-step."""
    return expectation_maximisation(
        x,
        start,
        lambda x, resp: gaussian_m_step(
            x, resp, covariance_type=covariance_type, reg_covar=reg_covar
        ),
        sample_weight=sample_weight,
        **options,
    )


def round_start(x, k, spread=1.0):
    """Means at rows of x, evenly spaced, with the variances of the columns."""
    means = x[np.linspace(0, len(x) - 1, k).astype(int)]
    variances = spread * np.maximum(x.var(axis=0), 1e-12)
    return GaussianMixture(np.full(k, 1 / k), means, np.array([np.diag(variances)] * k))


def blobs(rng, means, n, sigma=1.0):
    means = np.asarray(means, dtype=float)
    return np.concatenate([m + sigma * rng.standard_normal((n, means.shape[1])) for m in means])


def hard_cases():
    rng = np.random.default_rng(31)
    plane = blobs(rng, [[0, 0], [4, 1], [1, 5]], 80)
    yield "plain", plane, 3, {}
    yield "components 1e6 apart", blobs(rng, [[0, 0], [1e6, 0], [0, 1e6]], 50), 3, {}
    yield "components 1e9 apart", blobs(rng, [[0, 0], [1e9, 0]], 50), 2, {}
    yield "offset 1e8", plane + 1e8, 3, {}
    scaled = plane * [1e-6, 1e6]
    yield "scales 1e-6 and 1e6", scaled, 3, {"reg_covar": 0.0}
    yield "scales and offset", np.add(scaled, [1.0, 1e9]), 3, {"reg_covar": 0.0}
    yield "duplicated points", np.repeat(plane[::4], 5, axis=0), 3, {}
    yield "constant column", np.column_stack([plane, np.full(240, 7.0)]), 3, {}
    yield "constant column at 1e8", np.column_stack([plane, np.full(240, 1e8)]), 2, {}
    yield "k close to n", plane[::30], 6, {"reg_covar": 0.1}
    yield "single point", plane[:1], 1, {}
    yield "two columns alike", np.column_stack([plane[:, 0], plane[:, 0]]), 2, {}
    yield "20 dimensions", blobs(rng, rng.normal(scale=2, size=(3, 20)), 150), 3, {}
    yield "21 dimensions", blobs(rng, rng.normal(scale=2, size=(3, 21)), 150), 3, {}
    yield "200 dimensions", blobs(rng, rng.normal(size=(2, 200)), 300), 2, {"reg_covar": 1e-3}
    yield "far outlier", np.vstack([plane, [[1e5, -1e5]]]), 3, {}
    yield "narrow in wide", np.vstack([plane * 10, 1e-4 * plane]), 2, {"reg_covar": 1e-12}
    yield "integers", np.round(plane * 3), 3, {}


CASES = {name: (x, k, options) for name, x, k, options in hard_cases()}


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("name", CASES)
def test_fast_steps_equal_the_plain_ones(name, covariance_type):
    x, k, options = CASES[name]
    start = round_start(x, k)
    options = {"covariance_type": covariance_type, "reg_covar": 1e-6, **options}
    plain = plain_fit(x, start, tol=0, max_iter=15, **options)
    fast = fit_gaussian_mixture(x, k, init=start, tol=0, max_iter=15, **options)
    # With tol=0 a fit stops when rounding allows: one may go on where the other has arrived.
    both = min(plain.n_iter, fast.n_iter) + 1
    # Values as large as the offset carry that much more rounding error.
    rounding = 1e-14 * np.abs(x).max()
    n = len(x)
    np.testing.assert_allclose(
        fast.log_likelihoods[:both] / n,
        plain.log_likelihoods[:both] / n,
        rtol=1e-9,
        atol=1e-8 + rounding,
    )
    np.testing.assert_allclose(fast.mixture.weights, plain.mixture.weights, atol=1e-8 + rounding)
    spread = x.std(axis=0) + np.sqrt(options["reg_covar"])
    np.testing.assert_allclose(
        fast.mixture.means / spread, plain.mixture.means / spread, rtol=1e-8, atol=1e-8 + rounding
    )
    deviations = np.sqrt(np.diagonal(plain.mixture.covariances, axis1=1, axis2=2))
    unit = deviations[:, :, None] * deviations[:, None, :]
    np.testing.assert_allclose(
        fast.mixture.covariances / unit,
        plain.mixture.covariances / unit,
        atol=1e-7 + 10 * rounding / spread.min(),
    )


@pytest.mark.parametrize("name", CASES)
def test_hard_fits_are_right_or_refused(name):
    """From its own start: the values claimed are those of the mixture, and the fit has settled."""
    x, k, options = CASES[name]
    fit = fit_gaussian_mixture(x, k, rng=np.random.default_rng(3), max_iter=1000, **options)
    for value in (fit.mixture.weights, fit.mixture.means, fit.mixture.covariances):
        assert np.isfinite(value).all()
    claimed = fit.log_likelihood
    offset = np.abs(x).max() / (x.std(axis=0).max() + 1)
    assert claimed == pytest.approx(
        fit.mixture.log_density(x).sum(), rel=1e-8 * max(1, 1e-6 * offset)
    )
    assert np.isfinite(fit.log_likelihoods).all()
    if fit.converged:
        further = plain_fit(x, fit.mixture, tol=0, max_iter=1, **{"reg_covar": 1e-6, **options})
        assert abs(further.log_likelihood - claimed) / len(x) < 2e-6


def test_separated_components_are_found_exactly():
    x, k, _ = CASES["components 1e6 apart"]
    fit = fit_gaussian_mixture(x, k, rng=np.random.default_rng(0), reg_covar=0)
    truth = np.array([x[50 * j : 50 * (j + 1)].mean(axis=0) for j in range(3)])
    order = np.lexsort(np.round(fit.mixture.means, -3).T)
    expected = np.lexsort(np.round(truth, -3).T)
    np.testing.assert_allclose(fit.mixture.means[order], truth[expected], atol=1e-6)
    scatter = [np.cov(x[50 * j : 50 * (j + 1)].T, bias=True) for j in range(3)]
    np.testing.assert_allclose(
        fit.mixture.covariances[order], np.array(scatter)[expected], rtol=1e-5, atol=1e-6
    )


def test_the_careful_sums_serve_what_the_fast_ones_cannot(monkeypatch):
    """Negative control: without the test of accuracy the narrow case goes wrong."""
    x, k, _ = CASES["components 1e6 apart"]
    start = round_start(x, k)
    plain = plain_fit(x, start, tol=0, max_iter=15, reg_covar=0.0)
    monkeypatch.setattr(steps_module, "_LARGEST_CONDITION", np.inf)
    try:
        rash = fit_gaussian_mixture(x, k, init=start, tol=0, max_iter=15, reg_covar=0.0)
    except DegenerateFitError:
        return
    gap = np.abs(rash.mixture.covariances - plain.mixture.covariances).max()
    assert gap > 1e-6


@pytest.mark.parametrize("covariance_type", TYPES)
def test_a_start_outside_the_family_is_taken_as_it_is(covariance_type, rng):
    x = blobs(rng, [[0, 0], [3, 1]], 60)
    covariances = [[[2.0, 0.7], [0.7, 1.0]], [[0.5, -0.2], [-0.2, 0.8]]]
    start = GaussianMixture([0.3, 0.7], [[0.0, 1.0], [2.0, 0.0]], covariances)
    plain = plain_fit(x, start, covariance_type, max_iter=3, tol=0)
    fast = fit_gaussian_mixture(
        x, 2, covariance_type=covariance_type, init=start, max_iter=3, tol=0
    )
    np.testing.assert_allclose(fast.log_likelihoods, plain.log_likelihoods, rtol=1e-12)
    np.testing.assert_allclose(fast.mixture.covariances, plain.mixture.covariances, rtol=1e-9)


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("sample_weight", [None, "uneven"])
def test_chunks_do_not_show(covariance_type, sample_weight, rng, monkeypatch):
    x = blobs(rng, [[0, 0], [3, 1]], 100)
    weight = None if sample_weight is None else rng.uniform(0.1, 3, size=200)
    start = round_start(x, 2)
    options = {"covariance_type": covariance_type, "sample_weight": weight}
    plain = plain_fit(x, start, max_iter=5, tol=0, **options)
    monkeypatch.setattr("mixcore._gaussian_features._CHUNK", 64)  # 200 = 3 * 64 + 8
    monkeypatch.setattr("mixcore._gaussian_em_steps._CHUNK", 64)
    for limit in (0.0, 1e6):  # both ways to take the sums
        monkeypatch.setattr(steps_module, "_LARGEST_CONDITION", limit)
        fit = fit_gaussian_mixture(x, 2, init=start, max_iter=5, tol=0, **options)
        np.testing.assert_allclose(fit.log_likelihoods, plain.log_likelihoods, rtol=1e-12)
        np.testing.assert_allclose(fit.mixture.covariances, plain.mixture.covariances, rtol=1e-9)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), covariance_type=st.sampled_from(TYPES))
def test_weights_equal_duplication(seed, covariance_type):
    rng = np.random.default_rng(seed)
    x = blobs(rng, [[0, 0], [3, 1]], 25)
    counts = rng.integers(0, 4, size=50)
    counts[:2] = 1
    start = round_start(x, 2)
    options = {"covariance_type": covariance_type, "init": start, "max_iter": 6, "tol": 0}
    weighted = fit_gaussian_mixture(x, 2, sample_weight=counts, **options)
    repeated = fit_gaussian_mixture(np.repeat(x, counts, axis=0), 2, **options)
    np.testing.assert_allclose(weighted.log_likelihoods, repeated.log_likelihoods, rtol=1e-11)
    np.testing.assert_allclose(weighted.mixture.means, repeated.mixture.means, atol=1e-9)
    np.testing.assert_allclose(
        weighted.mixture.covariances, repeated.mixture.covariances, atol=1e-9
    )
    plain = plain_fit(
        x, start, covariance_type, sample_weight=counts.astype(float), max_iter=6, tol=0
    )
    np.testing.assert_allclose(weighted.mixture.means, plain.mixture.means, atol=1e-9)


def test_rows_of_weight_zero_do_not_matter(rng):
    x = blobs(rng, [[0, 0], [6, 1]], 50)
    stray = np.vstack([x, [[1e9, -1e9]], [[4.0, 4.0]]])
    weight = np.r_[np.ones(100), 0, 0]
    for init in ("kmeans", "random_from_data"):
        with_stray = fit_gaussian_mixture(
            stray, 2, init=init, sample_weight=weight, rng=np.random.default_rng(5)
        )
        without = fit_gaussian_mixture(x, 2, init=init, rng=np.random.default_rng(5))
        np.testing.assert_array_equal(with_stray.mixture.means, without.mixture.means)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), covariance_type=st.sampled_from(TYPES))
def test_permuting_the_start_permutes_the_fit(seed, covariance_type):
    rng = np.random.default_rng(seed)
    x = blobs(rng, [[0, 0], [3, 1], [0, 4]], 20)
    start = round_start(x, 3)
    permutation = rng.permutation(3)
    options = {"covariance_type": covariance_type, "max_iter": 8, "tol": 0}
    fit = fit_gaussian_mixture(x, 3, init=start, **options)
    permuted = fit_gaussian_mixture(x, 3, init=start.reordered(permutation), **options)
    expected = fit.mixture.reordered(permutation)
    np.testing.assert_allclose(permuted.mixture.weights, expected.weights, atol=1e-9)
    np.testing.assert_allclose(permuted.mixture.means, expected.means, atol=1e-8)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), covariance_type=st.sampled_from(TYPES))
def test_translation_and_scaling_carry_through(seed, covariance_type):
    rng = np.random.default_rng(seed)
    x = blobs(rng, [[0, 0], [4, 1]], 40)
    shift = rng.uniform(-100, 100, size=2)
    scale = rng.uniform(0.1, 10, size=2)
    if covariance_type == "spherical":
        scale[:] = scale[0]  # round components stay round only so
    options = {"covariance_type": covariance_type, "reg_covar": 0, "max_iter": 10, "tol": 0}
    fit = fit_gaussian_mixture(x, 2, rng=np.random.default_rng(seed), **options)
    moved = fit_gaussian_mixture(shift + scale * x, 2, rng=np.random.default_rng(seed), **options)
    np.testing.assert_allclose(moved.mixture.weights, fit.mixture.weights, atol=1e-8)
    np.testing.assert_allclose(
        moved.mixture.means, shift + scale * fit.mixture.means, rtol=1e-8, atol=1e-8
    )
    np.testing.assert_allclose(
        moved.log_likelihood, fit.log_likelihood - len(x) * np.log(scale).sum(), rtol=1e-9
    )


def test_a_ridge_that_drowns_a_column_is_refused(rng):
    x = blobs(rng, [[0, 0], [4, 1]], 40) * [1e-6, 1.0]
    with pytest.raises(ValueError, match=r"reg_covar is 1e-06 but column 0 .* standardise"):
        fit_gaussian_mixture(x, 2, rng=rng)
    assert fit_gaussian_mixture(x, 2, rng=rng, reg_covar=0).converged


def test_a_collapse_is_refused_without_a_floor(rng):
    x = np.vstack([blobs(rng, [[0, 0]], 40), [[50.0, 50.0]]])
    means = [[0.0, 0.0], [50.0, 50.0]]
    for covariance_type in ("full", "diag", "spherical"):
        with pytest.raises(DegenerateFitError, match="raise it"):
            fit_gaussian_mixture(
                x, 2, covariance_type=covariance_type, init=GaussianMixture.isotropic(means),
                reg_covar=0,
            )  # fmt: skip
    tied = fit_gaussian_mixture(
        x, 2, covariance_type="tied", init=GaussianMixture.isotropic(means), reg_covar=0
    )
    assert tied.converged


@pytest.mark.parametrize(
    ("sample_weight", "words"),
    [
        ([1.0, 2.0], r"shape \(2,\) but there are 4 points"),
        ([1.0, -1.0, 1.0, 1.0], r"sample_weight\[1\] is -1"),
        ([0.0, 0.0, 0.0, 0.0], "every sample_weight is 0"),
        ([1.0, np.nan, 1.0, 1.0], "holds nan"),
        ([1.0, 0.0, 0.0, 0.0], "1 points but n_components is 2"),
    ],
)
def test_bad_weights_are_named(sample_weight, words, rng):
    with pytest.raises(ValueError, match=words):
        fit_gaussian_mixture(np.eye(4), 2, sample_weight=sample_weight, rng=rng)


def test_a_singular_covariance_is_refused_even_where_rounding_hides_it(rng):
    for _ in range(20):
        # Two of the four points make a component: its covariance lies on a line, at an angle.
        corners = np.repeat([[0.0, 0.0], [50.0, 30.0]], 2, axis=0)
        corners += rng.standard_normal((4, 2))
        x = np.repeat(corners, 20, axis=0)
        start = GaussianMixture.isotropic([corners[:2].mean(axis=0), corners[2:].mean(axis=0)])
        with pytest.raises(DegenerateFitError, match="not positive definite"):
            fit_gaussian_mixture(x, 2, init=start, reg_covar=0)
        # Two lines at an angle span the plane.
        tied = fit_gaussian_mixture(x, 2, covariance_type="tied", init=start, reg_covar=0)
        assert tied.converged
