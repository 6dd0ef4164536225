"""EM for Gaussian mixtures: published figures, theorems, second opinions, bad input."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.mixture import GaussianMixture as SklearnMixture

from mixcore import (
    DegenerateFitError,
    GaussianMixture,
    fit_gaussian,
    fit_gaussian_mixture,
    gaussian_log_density,
)


def fit_to_the_end(x, k, covariance_type="full", n_init=20, seed=0):
    """Fit without a floor until nothing moves, from k-means starts and from random ones."""
    rng = np.random.default_rng(seed)
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    starts = [{"init": "kmeans", "n_init": 3}]
    if k > 2:
        # The clusters of k-means miss the best maximum for K = 3: look around it as well.
        coarse = fit_gaussian_mixture(
            scaled, k, covariance_type=covariance_type, init="random_from_data", n_init=n_init,
            max_iter=100, tol=1e-4, rng=rng,
        ).mixture  # fmt: skip
        scale = x.std(axis=0)
        rescaled = GaussianMixture(
            coarse.weights,
            coarse.means * scale + x.mean(axis=0),
            coarse.covariances * np.outer(scale, scale),
        )
        starts.append({"init": rescaled})
    options = {"covariance_type": covariance_type, "tol": 1e-13, "max_iter": 20_000}
    fits = [fit_gaussian_mixture(x, k, reg_covar=0, rng=rng, **options, **s) for s in starts]
    best = max(fits, key=lambda fit: fit.log_likelihood)
    assert best.converged
    return best


# Old Faithful, maximum likelihood, nats. Published by mclust (VVV and EEE) where there is a note,
# otherwise computed independently.
@pytest.mark.parametrize(
    ("covariance_type", "k", "log_likelihood"),
    [
        ("full", 1, -1289.796745),
        ("full", 2, -1130.263960),  # mclust VVV,2
        ("full", 3, -1114.439873),
        ("tied", 2, -1140.186759),
        ("tied", 3, -1126.315928),  # mclust EEE,3 prints -1126.326: it stops early
        ("diag", 2, -1147.806353),
        ("spherical", 2, -1709.529282),
    ],
)
def test_old_faithful_log_likelihood(faithful, covariance_type, k, log_likelihood):
    fit = fit_to_the_end(faithful, k, covariance_type)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1.5e-6)


def test_old_faithful_two_components_as_mclust_prints_them(faithful):
    fit = fit_to_the_end(faithful, 2)
    mixture = fit.mixture.reordered(np.argsort(fit.mixture.means[:, 0]))
    np.testing.assert_allclose(mixture.weights, [0.3558729, 0.6441271], atol=1e-7)
    np.testing.assert_allclose(
        mixture.means, [[2.036388, 54.478516], [4.289662, 79.968115]], atol=1e-6
    )
    expected = [
        [[0.0691677, 0.4351677], [0.4351677, 33.6972826]],
        [[0.1699684, 0.9406092], [0.9406092, 36.0462098]],
    ]
    np.testing.assert_allclose(mixture.covariances, expected, atol=2e-6)
    n_parameters = 11
    bic = n_parameters * np.log(272) - 2 * fit.log_likelihood
    assert bic == pytest.approx(2322.1917, abs=1e-4)
    assert 2 * n_parameters - 2 * fit.log_likelihood == pytest.approx(2282.5279, abs=1e-4)


@pytest.mark.parametrize(("k", "n_parameters", "bic"), [(1, 5, 2607.6225), (3, 17, 2324.1784)])
def test_old_faithful_bic_of_full_covariances(faithful, k, n_parameters, bic):
    found = n_parameters * np.log(272) - 2 * fit_to_the_end(faithful, k).log_likelihood
    assert found == pytest.approx(bic, abs=1e-4)


def test_old_faithful_three_tied_components_as_mclust_prints_them(faithful):
    fit = fit_to_the_end(faithful, 3, "tied")
    assert fit.log_likelihood == pytest.approx(-1126.326, abs=0.02)
    assert 11 * np.log(272) - 2 * fit.log_likelihood == pytest.approx(2314.2957, abs=1e-3)
    np.testing.assert_allclose(
        np.sort(fit.mixture.weights), [0.1686068, 0.3563781, 0.4750151], atol=1e-5
    )


def test_old_faithful_standardised(faithful):
    standardised = (faithful - faithful.mean(axis=0)) / faithful.std(axis=0)
    assert fit_to_the_end(standardised, 2).log_likelihood == pytest.approx(-385.460696, abs=1.5e-6)


def test_waiting_times_on_the_line(faithful):
    fit = fit_to_the_end(faithful[:, 1], 2)
    mixture = fit.mixture.reordered(np.argsort(fit.mixture.means[:, 0]))
    assert fit.log_likelihood == pytest.approx(-1034.001750, abs=1.5e-6)
    np.testing.assert_allclose(mixture.weights, [0.3608862, 0.6391138], atol=2e-7)
    np.testing.assert_allclose(mixture.means[:, 0], [54.614860, 80.091072], atol=2e-6)
    np.testing.assert_allclose(mixture.covariances.ravel(), [34.471261, 34.430275], atol=2e-5)


def test_eruption_times_on_the_line(faithful):
    fit = fit_to_the_end(faithful[:, 0], 2)
    assert fit.log_likelihood == pytest.approx(-276.360040, abs=1.5e-6)
    np.testing.assert_allclose(np.sort(fit.mixture.means[:, 0]), [2.018608, 4.273343], atol=1e-6)


@pytest.mark.parametrize(
    ("covariance_type", "k", "init", "log_likelihood"),
    [
        ("full", 2, "kmeans", -214.354704),
        ("full", 3, "kmeans", -180.185477),
        ("tied", 3, "kmeans", -256.354043),
        ("diag", 3, "random_from_data", -306.860461),  # k-means leads to a lower maximum here
        ("spherical", 3, "kmeans", -384.314095),
    ],
)
def test_iris_log_likelihood(covariance_type, k, init, log_likelihood):
    fit = fit_gaussian_mixture(
        load_iris().data, k, covariance_type=covariance_type, init=init, reg_covar=0, tol=1e-13,
        max_iter=20_000, n_init=10, rng=np.random.default_rng(0),
    )  # fmt: skip
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1.5e-6)


def test_one_component_is_the_gaussian_fit(faithful):
    fit = fit_gaussian_mixture(faithful, 1, reg_covar=0, rng=np.random.default_rng(0))
    mean, covariance = fit_gaussian(faithful)
    np.testing.assert_allclose(fit.mixture.means[0], mean, rtol=1e-12)
    np.testing.assert_allclose(fit.mixture.covariances[0], covariance, rtol=1e-12)
    expected = gaussian_log_density(faithful, mean, covariance).sum()
    assert fit.log_likelihood == pytest.approx(expected, rel=1e-12)


def random_start(rng, k, d):
    factors = rng.standard_normal((k, d, d))
    return GaussianMixture(
        rng.dirichlet(np.full(k, 2.0)),
        2 * rng.standard_normal((k, d)),
        factors @ factors.transpose(0, 2, 1) + 0.5 * np.eye(d),
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 4),
    d=st.integers(1, 3),
    covariance_type=st.sampled_from(["full", "tied", "diag", "spherical"]),
)
def test_em_never_lowers_the_log_likelihood(seed, k, d, covariance_type):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((60, d)) * rng.uniform(0.1, 10, size=d)
    x[:30] += rng.uniform(-5, 5, size=d)
    start = random_start(rng, k, d)
    if covariance_type != "full":
        # The theorem speaks of starts inside the family.
        start = GaussianMixture(
            start.weights, start.means, np.broadcast_to(2.0 * np.eye(d), (k, d, d))
        )
    try:
        fit = fit_gaussian_mixture(
            x, k, covariance_type=covariance_type, init=start, reg_covar=0, tol=0, max_iter=30
        )
    except DegenerateFitError:
        return  # a component shrank onto a point: the documented end of such a run
    rise = np.diff(fit.log_likelihoods)
    assert rise.min() >= -1e-9 * np.abs(fit.log_likelihoods).max()


def test_m_step_maximises_the_lower_bound(rng):
    """Brute force on a tiny case: no nearby parameters give a larger Q."""
    x = rng.standard_normal((6, 2))
    start = random_start(rng, 2, 2)
    resp = start.responsibilities(x)
    after = fit_gaussian_mixture(x, 2, init=start, reg_covar=0, max_iter=1).mixture
    best = (resp * after.log_joint(x)).sum()
    for _ in range(200):
        weights = after.weights * np.exp(0.05 * rng.standard_normal(2))
        stretch = np.eye(2) + 0.05 * rng.standard_normal((2, 2, 2))
        nearby = GaussianMixture(
            weights / weights.sum(),
            after.means + 0.05 * rng.standard_normal((2, 2)),
            stretch @ after.covariances @ stretch.transpose(0, 2, 1),
        )
        assert (resp * nearby.log_joint(x)).sum() < best


def test_one_iteration_equals_loops(rng):
    x = rng.standard_normal((5, 2))
    start = random_start(rng, 3, 2)
    after = fit_gaussian_mixture(x, 3, init=start, reg_covar=1e-3, max_iter=1).mixture
    resp = start.responsibilities(x)
    for k in range(3):
        count = sum(resp[i, k] for i in range(5))
        mean = sum(resp[i, k] * x[i] for i in range(5)) / count
        scatter = sum(resp[i, k] * np.outer(x[i] - mean, x[i] - mean) for i in range(5)) / count
        assert after.weights[k] == pytest.approx(count / 5)
        np.testing.assert_allclose(after.means[k], mean, rtol=1e-10)
        np.testing.assert_allclose(after.covariances[k], scatter + 1e-3 * np.eye(2), rtol=1e-9)


def test_likelihood_of_all_labellings_adds_up(rng):
    """Brute force: the likelihood is a sum over all k^n ways to label the points."""
    x = rng.standard_normal((4, 2))
    mixture = random_start(rng, 2, 2)
    joint = np.exp(mixture.log_joint(x))
    total = sum(
        np.prod([joint[i, z] for i, z in enumerate(labels)])
        for labels in itertools.product(range(2), repeat=4)
    )
    assert mixture.log_density(x).sum() == pytest.approx(np.log(total), rel=1e-10)


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_scikit_learn_takes_the_same_steps(faithful, covariance_type):
    x = (faithful - faithful.mean(axis=0)) / faithful.std(axis=0)
    means = np.array([[-1.0, 1.0], [1.0, -0.5]])
    identities = np.broadcast_to(np.eye(2), (2, 2, 2))
    start = GaussianMixture([0.5, 0.5], means, identities)
    precisions = {
        "full": identities, "tied": np.eye(2), "diag": np.ones((2, 2)), "spherical": np.ones(2),
    }[covariance_type]  # fmt: skip
    ours = fit_gaussian_mixture(
        x, 2, covariance_type=covariance_type, init=start, max_iter=12, tol=0
    ).mixture
    theirs = SklearnMixture(
        2, covariance_type=covariance_type, weights_init=[0.5, 0.5], means_init=means,
        precisions_init=precisions, max_iter=12, tol=0,
    )  # fmt: skip
    with pytest.warns(UserWarning, match="did not converge"):
        theirs.fit(x)
    np.testing.assert_allclose(ours.weights, theirs.weights_, rtol=1e-8)
    np.testing.assert_allclose(ours.means, theirs.means_, rtol=1e-8, atol=1e-10)
    expected = {
        "full": theirs.covariances_,
        "tied": np.broadcast_to(theirs.covariances_, (2, 2, 2)),
        "diag": theirs.covariances_[..., None] * np.eye(2),
        "spherical": np.multiply.outer(theirs.covariances_, np.eye(2)),
    }[covariance_type]
    np.testing.assert_allclose(ours.covariances, expected, rtol=1e-8, atol=1e-10)


def test_history_and_callback_belong_to_the_same_mixtures(faithful):
    seen = []
    fit = fit_gaussian_mixture(
        faithful,
        2,
        rng=np.random.default_rng(1),
        callback=lambda iteration, mixture: seen.append((iteration, mixture)),
    )
    assert [iteration for iteration, _ in seen] == list(range(fit.n_iter + 1))
    values = [mixture.log_density(faithful).sum() for _, mixture in seen]
    np.testing.assert_allclose(fit.log_likelihoods, values, rtol=1e-12)
    np.testing.assert_array_equal(seen[-1][1].means, fit.mixture.means)


def test_a_fit_that_did_not_converge_says_so(faithful):
    start = GaussianMixture([0.5, 0.5], [[2, 80], [4, 50]], [np.diag([1.0, 100.0])] * 2)
    fit = fit_gaussian_mixture(faithful, 2, init=start, max_iter=2)
    assert not fit.converged
    assert fit.n_iter == 2
    assert "stopped at max_iter without converging" in repr(fit)


def test_tol_is_per_point(faithful):
    start = GaussianMixture([0.5, 0.5], [[2, 80], [4, 50]], [np.diag([1.0, 100.0])] * 2)
    fit = fit_gaussian_mixture(faithful, 2, init=start, tol=1e-3)
    rises = np.diff(fit.log_likelihoods) / len(faithful)
    assert fit.converged
    assert rises[-1] < 1e-3
    assert (rises[:-1] >= 1e-3).all()


def test_same_seed_same_fit(faithful):
    fits = [
        fit_gaussian_mixture(faithful, 3, n_init=2, rng=np.random.default_rng(4)) for _ in range(2)
    ]
    np.testing.assert_array_equal(fits[0].mixture.means, fits[1].mixture.means)


def test_restarts_keep_the_best(faithful):
    alone = [
        fit_gaussian_mixture(faithful, 4, init="random_from_data", rng=rng)
        for rng in [np.random.default_rng(9)]
        for _ in range(5)
    ]
    together = fit_gaussian_mixture(
        faithful, 4, init="random_from_data", n_init=5, rng=np.random.default_rng(9)
    )
    assert together.log_likelihood == max(fit.log_likelihood for fit in alone)


def test_random_start_is_as_documented(faithful):
    seen = []
    fit_gaussian_mixture(
        faithful, 3, init="random_from_data", max_iter=1, rng=np.random.default_rng(0),
        callback=lambda _, mixture: seen.append(mixture),
    )  # fmt: skip
    start = seen[0]
    np.testing.assert_array_equal(start.weights, np.full(3, 1 / 3))
    np.testing.assert_array_equal(start.covariances, np.broadcast_to(np.eye(2), (3, 2, 2)))
    assert all((faithful == mean).all(axis=1).any() for mean in start.means)


def test_one_dimension_as_vector_and_as_column(faithful):
    waiting = faithful[:, 1]
    a = fit_gaussian_mixture(waiting, 2, rng=np.random.default_rng(0))
    b = fit_gaussian_mixture(waiting[:, None], 2, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(a.mixture.means, b.mixture.means)
    assert a.mixture.means.shape == (2, 1)


def test_the_data_are_left_alone(faithful):
    copy = faithful.copy()
    copy.setflags(write=False)
    fit_gaussian_mixture(copy, 2, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(copy, faithful)


def test_reg_covar_stops_a_singularity():
    x = np.array([0.0, 0.1, -0.1, 0.2, 10.0])
    start = GaussianMixture([0.8, 0.2], [0.0, 10.0], [1.0, 1.0])
    with pytest.raises(
        DegenerateFitError,
        match=r"not positive definite: component . has shrunk .* reg_covar is 0: raise it",
    ):
        fit_gaussian_mixture(x, 2, init=start, reg_covar=0)
    fit = fit_gaussian_mixture(x, 2, init=start, reg_covar=1e-4)
    assert fit.mixture.covariances.min() >= 1e-4


def test_constant_column_needs_a_floor(rng):
    x = np.column_stack([rng.standard_normal(50), np.full(50, 3.0)])
    with pytest.raises(
        DegenerateFitError, match=r"not positive definite: column . of x is constant"
    ):
        fit_gaussian_mixture(x, 2, reg_covar=0, rng=rng)
    fit = fit_gaussian_mixture(x, 2, rng=rng)
    np.testing.assert_allclose(fit.mixture.means[:, 1], 3)


def test_identical_points_carry_one_component_only(rng):
    fit = fit_gaussian_mixture(np.ones((10, 2)), 1, rng=rng)
    np.testing.assert_allclose(fit.mixture.means, 1)
    assert np.isfinite(fit.log_likelihoods).all()
    with pytest.raises(DegenerateFitError, match="ask for fewer components"):
        fit_gaussian_mixture(np.ones((10, 2)), 2, rng=rng)


def test_a_component_far_from_all_points_is_reported(rng):
    x = rng.standard_normal((20, 1))
    start = GaussianMixture([0.5, 0.5], [0.0, 1e6], [1.0, 1.0])
    with pytest.raises(DegenerateFitError, match="component 1 has lost all its points"):
        fit_gaussian_mixture(x, 2, init=start)


def test_an_error_in_the_callback_is_not_swallowed(faithful):
    def callback(iteration, mixture):
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fit_gaussian_mixture(faithful, 2, n_init=3, rng=np.random.default_rng(0), callback=callback)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": [[np.nan, 1.0], [0.0, 1.0]]}, "x holds nan"),
        ({"x": [[np.inf, 1.0], [0.0, 1.0]]}, "x holds inf"),
        ({"x": np.zeros((2, 2, 2))}, "must have shape"),
        ({"x": [[1.0, 2.0]]}, "x has 1 points but n_components is 2"),
        ({"n_components": 0}, "n_components is 0"),
        ({"n_components": 2.0}, r"n_components is 2\.0"),
        ({"covariance_type": "round"}, "covariance_type is 'round'; choose one of 'full'"),
        ({"init": "magic"}, "init is 'magic'"),
        ({"init": GaussianMixture([1.0], [0.0], [1.0])}, "init has 1 components in 1 dimensions"),
        ({"n_init": 0}, "n_init is 0"),
        ({"max_iter": 0}, "max_iter is 0"),
        ({"tol": -1}, "tol is -1"),
        ({"tol": np.nan}, "tol is nan"),
        ({"reg_covar": -1e-6}, "reg_covar is -1e-06"),
        ({"rng": 0}, "rng is 0; pass a numpy.random.Generator"),
        ({"rng": None}, "rng is None"),
    ],
)
def test_bad_input_is_named(changes, words):
    x = np.random.default_rng(0).standard_normal((20, 2))
    arguments = {"x": x, "n_components": 2, "rng": np.random.default_rng(0)} | changes
    with pytest.raises(ValueError, match=words):
        fit_gaussian_mixture(arguments.pop("x"), arguments.pop("n_components"), **arguments)
