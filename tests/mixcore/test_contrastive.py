import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mixcore import GaussianMixture, fit_means, mala, matched_error, ula

METHODS = ["direct", "mcmc", "cd", "pcd"]
CORNERS = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
BROAD = GaussianMixture.isotropic([[1.5, 1.5]], sigma=2**0.5)  # the course's start of the chains

repeatable = settings(deadline=None, max_examples=25, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def sample(means, n, seed, sigma=1.0):
    return GaussianMixture.isotropic(means, sigma).sample(n, np.random.default_rng(seed))[0]


def maximum_likelihood(x, means, n_iter=500):
    """EM in which only the means are free."""
    for _ in range(n_iter):
        resp = GaussianMixture.isotropic(means).responsibilities(x)
        means = resp.T @ x / resp.sum(axis=0)[:, None]
    return means


def fisher_information(means, n=100_000):
    """Information of one point about all means, flattened: the average of f f'."""
    x = sample(means, n, seed=99)
    resp = GaussianMixture.isotropic(means).responsibilities(x)
    f = (resp[:, :, None] * (x[:, None] - means)).reshape(n, -1)
    return f.T @ f / n


def average_log_density(x, means, sigma):
    return GaussianMixture.isotropic(means, sigma).log_density(x).mean()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("k", "d", "sigma"), [(1, 1, 1.0), (3, 2, 0.7), (5, 3, 2.0)])
def test_a_step_follows_the_difference_of_the_two_gradients(method, k, d, sigma, rng):
    x, start = rng.normal(size=(30, d)), rng.normal(size=(k, d))
    result = fit_means(
        x, k, method=method, start=start, sigma=sigma, n_steps=1, n_synthetic=30,
        learning_rate=0.3, n_langevin=3, step=0.1, rng=rng,
    )  # fmt: skip
    expected = np.zeros((k, d))
    for entry in np.ndindex(k, d):  # central differences
        nudge = np.zeros((k, d))
        nudge[entry] = 1e-5
        for points, sign in ((x, 1), (result.samples, -1)):
            rise = average_log_density(points, start + nudge, sigma) - average_log_density(
                points, start - nudge, sigma
            )
            expected[entry] += sign * rise / 2e-5
    np.testing.assert_allclose(result.means - start, 0.3 * expected, atol=1e-8)


def frozen(method, n_steps=1, **options):
    """Fit with chains that hardly move, so that the synthetic points show where they started."""
    x = sample(CORNERS, 500, seed=1)
    return x, fit_means(
        x, 4, method=method, start=CORNERS, n_steps=n_steps, step=1e-24,
        rng=np.random.default_rng(5), **options,
    )  # fmt: skip


def distance_to_data(samples, x):
    return np.abs(samples[:, None] - x).max(axis=2).min(axis=1)


def test_cd_takes_the_data_average_over_the_starts_of_its_chains():
    x, cd = frozen("cd")
    assert distance_to_data(cd.samples, x).max() < 1e-9
    assert len(np.unique(cd.samples.round(6), axis=0)) == 100  # without replacement
    assert cd.step_norms[0] < 1e-9  # the two averages cancel
    _, pcd = frozen("pcd", learning_rate=1.0)
    assert pcd.step_norms[0] > 1e-3  # all points against 100 of them


def test_pcd_continues_its_chains_and_cd_starts_anew():
    x, once = frozen("pcd", n_steps=1)
    assert distance_to_data(once.samples, x).max() < 1e-9
    np.testing.assert_allclose(frozen("pcd", n_steps=3)[1].samples, once.samples, atol=1e-8)
    assert np.abs(frozen("cd", n_steps=3)[1].samples - frozen("cd")[1].samples).max() > 1


def test_mcmc_starts_its_chains_from_a_broad_gaussian():
    _, given_start = frozen("mcmc", n_langevin=1, n_synthetic=20_000, chain_start=BROAD)
    x, default = frozen("mcmc", n_langevin=1, n_synthetic=20_000)
    # Standard errors are about 0.015 for the means and 0.04 for the variances.
    np.testing.assert_allclose(given_start.samples.mean(axis=0), [1.5, 1.5], atol=0.1)
    np.testing.assert_allclose(np.cov(given_start.samples.T), 2 * np.eye(2), atol=0.25)
    np.testing.assert_allclose(default.samples.mean(axis=0), x.mean(axis=0), atol=0.1)
    np.testing.assert_allclose(np.cov(default.samples.T), np.cov(x.T) + np.eye(2), atol=0.35)


# --- the expected step at the true means -------------------------------------------------------

REPEATS = 48
# Student's t for each of at most 8 coordinates, two-sided: a false alarm once in a million runs.
T_LIMIT = stats.t.isf(1e-6 / 16, REPEATS - 1)
PAIR = np.array([[0.0], [1.0]])  # so close that the bias of unadjusted chains reaches the means


def largest_t(truth, *, n_synthetic=1000, **options):
    """Return the largest t-statistic of the average first step from the true means."""
    steps = []
    for seed in range(REPEATS):
        x = sample(truth, 1000, seed)
        result = fit_means(
            x, len(truth), start=truth, n_steps=1, n_synthetic=n_synthetic,
            rng=np.random.default_rng(1000 + seed), **options,
        )  # fmt: skip
        steps.append(result.means - truth)
    standard_error = np.std(steps, axis=0, ddof=1) / REPEATS**0.5
    return (np.abs(np.mean(steps, axis=0)) / standard_error).max()


@pytest.mark.parametrize(
    ("truth", "options"),
    [
        (CORNERS, {"method": "direct"}),
        (CORNERS, {"method": "cd", "n_langevin": 10}),
        (CORNERS, {"method": "cd", "n_langevin": 5, "step": 0.5}),
        (PAIR, {"method": "cd", "n_langevin": 1, "step": 0.8}),
        (PAIR, {"method": "cd", "n_langevin": 10, "step": 0.8}),
        (PAIR, {"method": "pcd", "n_langevin": 10, "step": 0.8}),
        (PAIR, {"method": "mcmc", "n_langevin": 50, "step": 0.5, "n_synthetic": 200}),
    ],
    ids=str,
)
def test_the_expected_step_is_zero_at_the_true_means(truth, options):
    assert largest_t(truth, **options) < T_LIMIT


@pytest.mark.parametrize(
    ("truth", "options"),
    [
        # Short chains that start from noise instead of data have not reached the model.
        (CORNERS, {"method": "mcmc", "n_langevin": 10, "chain_start": BROAD}),
        # Unadjusted chains with a coarse step head for another distribution.
        (PAIR, {"method": "cd", "n_langevin": 1, "step": 0.8, "sampler": "ula"}),
        (PAIR, {"method": "cd", "n_langevin": 10, "step": 0.8, "sampler": "ula"}),
        (PAIR, {"method": "mcmc", "n_langevin": 20, "step": 0.8, "sampler": "ula"}),
    ],
    ids=["noise", "cd-1-ula", "cd-10-ula", "mcmc-ula"],
)
def test_the_expected_step_is_not_zero_with_wrong_chains(truth, options):
    assert largest_t(truth, **options) > 2 * T_LIMIT


@pytest.mark.parametrize("n_steps", [1, 3])
def test_contrastive_divergence_of_a_variance_is_biased_with_unadjusted_chains(n_steps):
    # Model N(0, 1/l), data variance 1.  CD rests where E[x_k^2] = E[x_0^2].  A step of ULA is
    # x (1 - e l) + sqrt(2 e) noise, so the variance 1 is kept, by one step and by any number, only
    # where 1 = (1 - e l)^2 + 2 e, that is l (1 - e l / 2) = 1: not at the true l = 1.
    step, n = 0.4, 100_000
    ula_rest = (1 - np.sqrt(1 - 2 * step)) / step
    assert ula_rest == pytest.approx(1.382, abs=1e-3)

    def z_score(sampler, precision):
        rng = np.random.default_rng(3)
        x = rng.standard_normal((n, 1))
        target = GaussianMixture([1.0], [0.0], [1 / precision])
        end = sampler(target, x, step=step, n_steps=n_steps, rng=rng).x
        change = end**2 - x**2
        return abs(change.mean()) / (change.std() / n**0.5)

    # Normal beyond 5.5: a false alarm once in ten million.
    assert z_score(ula, ula_rest) < 5.5
    assert z_score(ula, 1.0) > 20
    assert z_score(mala, 1.0) < 5.5
    assert z_score(mala, ula_rest) > 20


# --- whole fits --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "options"),
    [("direct", {}), ("cd", {"step": 0.1}), ("pcd", {"step": 0.1})],
)
def test_the_error_is_that_of_maximum_likelihood_plus_noise(method, options):
    # In any direction the squared error is at most 1 / (n lambda) from the data, with the smallest
    # eigenvalue lambda of the information.  The noise of the m synthetic points adds
    # eta / (m (2 - eta lambda)) < eta / m with direct sampling.  For cd it is about twice as much:
    # the covariance of f(start) - f(end) is twice the slope of the expected step; for pcd, whose
    # chains are correlated over about two iterations with this step, it is no more than that.
    # The sum over 8 directions exceeds the quantile below once in a million.
    n, m, eta = 1000, 100, 1.0
    x = sample(CORNERS, n, seed=8)
    smallest = np.linalg.eigvalsh(fisher_information(CORNERS))[0]
    variance = 1 / (n * smallest) + (1 if method == "direct" else 2) * eta / m
    limit = variance * stats.chi2.isf(1e-6, 8)
    assert limit < 1.5
    rng = np.random.default_rng(0)
    start = rng.uniform(0, 3, (4, 2))
    assert matched_error(start, CORNERS) > 3
    result = fit_means(x, 4, method=method, start=start, n_steps=300, rng=rng, **options)
    assert matched_error(result.means, CORNERS) < limit
    # The average has the data's error and little else.
    averaged_limit = 2 / (n * smallest) * stats.chi2.isf(1e-6, 8)
    assert matched_error(result.averaged_means, CORNERS) < averaged_limit
    assert (result.acceptance > 0.9).all()


def test_iterates_hover_around_maximum_likelihood_with_the_stated_variance():
    truth, m, eta = np.array([[-1.5], [1.5]]), 50, 1.0
    x = sample(truth, 100, seed=2)
    best = maximum_likelihood(x, truth)
    result = fit_means(
        x, 2, start=best, n_steps=2500, n_synthetic=m, learning_rate=eta, average_from=1,
        rng=np.random.default_rng(2),
    )  # fmt: skip
    hover = (result.means_history[1:] - best)[..., 0]  # (2500, 2)
    eigenvalues, vectors = np.linalg.eigh(fisher_information(best))
    # The iterates forget within 2 / (eta lambda) < 8 steps: each variance is an average over some
    # 300 free squares, with a standard error of 8%.  The seed is fixed; 30% leaves room.
    measured = ((hover @ vectors) ** 2).mean(axis=0)
    np.testing.assert_allclose(measured, eta / (m * (2 - eta * eigenvalues)), rtol=0.3)
    # Averaging: expected variance 1 / (lambda m T), hundreds of times smaller.
    assert ((result.averaged_means - best) ** 2).sum() < (hover**2).sum(axis=1).mean() / 20


def test_averaging_and_a_falling_rate_each_bring_the_means_closer_to_maximum_likelihood():
    # Squared distances, expected: 0.044 while hovering; 0.001 for the average of 500 iterates and
    # at most 0.01 with the falling rate.  Half of 0.044 is exceeded with odds below 1e-6.
    x = sample(CORNERS, 1000, seed=4)
    best = maximum_likelihood(x, CORNERS)
    options = {"start": best, "n_steps": 600, "average_from": 101}
    plain = fit_means(x, 4, rng=np.random.default_rng(4), **options)
    falling = fit_means(x, 4, step_decay=0.1, rng=np.random.default_rng(4), **options)
    hovering = ((plain.means_history[101:] - best) ** 2).sum(axis=(1, 2)).mean()
    assert hovering > 0.03
    assert ((plain.averaged_means - best) ** 2).sum() < hovering / 2
    assert ((falling.means - best) ** 2).sum() < hovering / 2


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("k", "d", "sigma"), [(1, 1, 1.0), (1, 3, 0.1), (5, 2, 0.5), (5, 1, 3.0)])
def test_other_sizes_dimensions_and_scales(method, k, d, sigma):
    truth = 8 * sigma * np.arange(k)[:, None] * np.ones(d)  # far apart: lambda = 1 / (k sigma^2)
    n, m, eta = 500, 100, 0.5 * k * sigma**2
    x = sample(truth, n, seed=k + d, sigma=sigma)
    result = fit_means(
        x, k, method=method, start=truth + sigma, sigma=sigma, n_steps=60, n_synthetic=m,
        learning_rate=eta, step=0.2 * sigma**2, n_langevin=20, rng=np.random.default_rng(6),
    )  # fmt: skip
    assert result.means.shape == (k, d)
    # As above, with 1.2 for the unequal numbers of points; a false alarm once in a million.
    variance = 1.2 * k * sigma**2 / n + 2 * eta / m
    assert ((result.means - truth) ** 2).sum() < variance * stats.chi2.isf(1e-6, k * d)
    assert ((truth + sigma - truth) ** 2).sum() > ((result.means - truth) ** 2).sum()


# --- symmetries ------------------------------------------------------------------------------


@repeatable
@given(seed=seeds, k=st.integers(1, 4), d=st.integers(1, 3), method=st.sampled_from(METHODS))
def test_moving_and_scaling_the_data_moves_and_scales_the_means(seed, k, d, method):
    x = np.random.default_rng(seed).normal(size=(20, d))
    options = {"method": method, "n_steps": 4, "n_synthetic": 10, "n_langevin": 3}
    plain = fit_means(x, k, step=0.1, **options, rng=np.random.default_rng(seed))
    moved = fit_means(x + 2.5, k, step=0.1, **options, rng=np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    scaled = fit_means(3 * x, k, sigma=3.0, step=0.9, **options, rng=rng)
    np.testing.assert_allclose(moved.means_history, plain.means_history + 2.5, atol=1e-9)
    np.testing.assert_allclose(scaled.means_history, 3 * plain.means_history, atol=1e-9)
    np.testing.assert_allclose(scaled.samples, 3 * plain.samples, atol=1e-9)


@repeatable
@given(seed=seeds, k=st.integers(2, 4), method=st.sampled_from(["mcmc", "cd", "pcd"]))
def test_permuting_the_start_permutes_the_means(seed, k, method):
    # Not so for direct sampling, where the draws name a component: only its law is symmetric.
    rng = np.random.default_rng(seed)
    x, start, permutation = rng.normal(size=(20, 2)), rng.normal(size=(k, 2)), rng.permutation(k)
    options = {"method": method, "n_steps": 4, "n_synthetic": 10, "n_langevin": 3, "step": 0.1}
    plain = fit_means(x, k, start=start, **options, rng=np.random.default_rng(1))
    other = fit_means(x, k, start=start[permutation], **options, rng=np.random.default_rng(1))
    np.testing.assert_allclose(other.means_history, plain.means_history[:, permutation], atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_equal_means_stay_equal(method, rng):
    x = sample(CORNERS, 50, seed=0)
    result = fit_means(
        x, 2, method=method, start=[[1.0, 1.0], [1.0, 1.0]], n_steps=5, n_synthetic=20,
        n_langevin=3, rng=rng,
    )  # fmt: skip
    np.testing.assert_allclose(result.means[0], result.means[1], atol=1e-12)
    assert np.abs(result.means[0] - 1).max() > 0.01


# --- the result and the options ----------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_a_fit_repeats_and_describes_itself(method):
    x = sample(CORNERS, 60, seed=0)
    kept, start = x.copy(), CORNERS + 0.5
    seen = []

    def callback(iteration, means):
        seen.append((iteration, means.copy()))
        means[:] = np.nan  # what a callback does to its copy is its own affair

    def fit(seed):
        return fit_means(
            x, 4, method=method, start=start, n_steps=7, n_synthetic=20, n_langevin=4, step=0.3,
            rng=np.random.default_rng(seed), callback=callback,
        )  # fmt: skip

    result, again, other = fit(1), fit(1), fit(2)
    for name in ("means_history", "averaged_means", "step_norms", "acceptance", "samples"):
        assert np.array_equal(getattr(result, name), getattr(again, name))
    assert not np.array_equal(result.means, other.means)
    assert np.array_equal(x, kept)
    assert np.array_equal(start, CORNERS + 0.5)
    assert np.array_equal(result.means_history[0], start)
    assert np.array_equal(result.means_history[-1], result.means)
    assert [iteration for iteration, _ in seen[:8]] == list(range(8))
    assert np.array_equal([means for _, means in seen[:8]], result.means_history)
    assert (result.n_iter, result.converged) == (7, False)
    changes = np.diff(result.means_history, axis=0)
    np.testing.assert_allclose(result.step_norms, np.linalg.norm(changes, axis=(1, 2)), rtol=1e-9)
    np.testing.assert_allclose(result.averaged_means, result.means_history[4:].mean(axis=0))
    assert result.samples.shape == (20, 2)
    assert result.n_langevin_steps == (0 if method == "direct" else 7 * 4 * 20)
    assert result.acceptance.shape == (7,)
    if method == "direct":
        assert (result.acceptance == 1).all()
    else:
        assert 0.5 < result.acceptance.mean() < 1
    assert np.array_equal(result.mixture.means, result.means)
    assert (result.mixture.weights == 0.25).all()
    assert "not converged after 7 iterations" in repr(result)


def test_usual_lengths_of_the_chains():
    x = sample(CORNERS, 20, seed=0)
    for method, length in {"direct": 0, "mcmc": 1000, "cd": 10, "pcd": 10}.items():
        result = fit_means(
            x, 2, method=method, n_steps=2, n_synthetic=3, rng=np.random.default_rng(0)
        )
        assert result.n_langevin_steps == 2 * length * 3


def test_means_start_at_different_points_of_the_data(rng):
    x = np.repeat([[0.0], [1.0], [2.0]], [50, 1, 1], axis=0)
    result = fit_means(x, 3, n_steps=1, n_synthetic=5, rng=rng)
    assert sorted(result.means_history[0].ravel()) == [0.0, 1.0, 2.0]
    with pytest.raises(ValueError, match="x has 3 distinct points but n_components is 4"):
        fit_means(x, 4, rng=rng)
    assert fit_means(x, 4, start=np.arange(4.0), n_steps=1, rng=rng).means.shape == (4, 1)


@pytest.mark.parametrize("method", METHODS)
def test_a_single_point_is_enough(method, rng):
    result = fit_means([[2.0, 3.0]], 1, method=method, n_steps=2, n_synthetic=1, rng=rng)
    assert np.isfinite(result.means_history).all()


def test_step_decay_divides_the_rate():
    x = sample(CORNERS, 50, seed=0)
    options = {"start": CORNERS, "n_steps": 2, "learning_rate": 0.5}
    plain = fit_means(x, 4, **options, rng=np.random.default_rng(0))
    falling = fit_means(x, 4, step_decay=3.0, **options, rng=np.random.default_rng(0))
    assert falling.step_norms[0] == plain.step_norms[0]
    assert falling.step_norms[1] == pytest.approx(plain.step_norms[1] / 4, rel=1e-12)


def test_tol_ends_the_fit_and_average_from_chooses_the_iterates():
    x = sample(CORNERS, 50, seed=0)
    options = {"start": CORNERS, "n_steps": 20}
    early = fit_means(x, 4, tol=100.0, **options, rng=np.random.default_rng(0))
    assert (early.converged, early.n_iter) == (True, 1)
    assert "MeansResult(converged after 1 iterations" in repr(early)
    assert np.array_equal(early.averaged_means, early.means)
    late = fit_means(x, 4, average_from=5, **options, rng=np.random.default_rng(0))
    np.testing.assert_allclose(late.averaged_means, late.means_history[5:].mean(axis=0))


def test_noise_forbids_a_small_tol():
    # The bound on the usual length of a step that the docstring gives: eta sqrt(d / m) / sigma.
    x = sample(CORNERS, 300, seed=0)
    options = {"start": maximum_likelihood(x, CORNERS), "tol": 1e-3}
    result = fit_means(x, 4, **options, rng=np.random.default_rng(0))
    assert not result.converged
    assert 0.03 < np.median(result.step_norms) < (2 / 100) ** 0.5


def test_means_that_diverge_are_reported(rng):
    x = sample(CORNERS, 100, seed=0)
    with pytest.raises(ValueError, match=r"diverged.*learning_rate is 5, lower it well below 2$"):
        fit_means(x, 1, learning_rate=5.0, rng=rng)
    with pytest.raises(ValueError, match=r"diverged.*learning_rate is 1e\+300"):
        fit_means(x, 4, learning_rate=1e300, rng=rng)
    # The limit of pcd is k L epsilon.
    with pytest.raises(ValueError, match=r"diverged.*lower it well below 0\.2$"):
        fit_means(x, 4, method="pcd", learning_rate=1e6, rng=rng)


def test_means_that_learn_fast_run_away_from_slow_persistent_chains():
    # The limit of direct sampling is 8, that of pcd 0.2.
    x = sample(CORNERS, 100, seed=0)
    for method, learning_rate, far in (
        ("direct", 5.0, False),
        ("pcd", 5.0, True),
        ("pcd", None, False),
    ):
        rng = np.random.default_rng(0)
        result = fit_means(x, 4, method=method, learning_rate=learning_rate, rng=rng)
        assert (np.abs(result.means).max() > 10) == far


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "ml"}, "method is 'ml'; choose one of 'direct', 'mcmc', 'cd', 'pcd'"),
        ({"sampler": "hmc"}, "sampler is 'hmc'; choose one of 'mala', 'ula'"),
        ({"start": [[0.0, 0.0]]}, r"start has 1 means but n_components is 2.*\(2, 2\)"),
        ({"start": [[0.0], [1.0]]}, "start has 1 columns"),
        ({"start": [[0.0, np.nan], [1.0, 1.0]]}, "start holds nan"),
        ({"method": "cd", "n_synthetic": 6}, "6 but x has 5 points.* 'cd' .*without replacement"),
        ({"method": "pcd", "n_synthetic": 6}, "6 but x has 5 points.* 'pcd' "),
        ({"x": [[0.0, np.nan]]}, "x holds nan"),
        ({"x": np.zeros((0, 2))}, "x is empty"),
        ({"n_components": 0}, "n_components is 0"),
        ({"n_components": 6}, "5 distinct points but n_components is 6"),
        ({"learning_rate": -1.0}, r"learning_rate is -1\.0"),
        ({"learning_rate": 0.0}, "learning_rate is 0"),
        ({"step_decay": -0.1}, "step_decay is -0.1"),
        ({"sigma": 0.0}, "sigma is 0"),
        ({"step": 0.0}, "step is 0"),
        ({"n_steps": 0}, "n_steps is 0"),
        ({"n_synthetic": 0}, "n_synthetic is 0"),
        ({"method": "cd", "n_langevin": 0}, "n_langevin is 0"),
        ({"average_from": 0}, "average_from is 0"),
        ({"tol": -1.0}, r"tol is -1\.0"),
        ({"rng": 0}, "rng is 0; pass a numpy.random.Generator"),
        ({"method": "mcmc", "chain_start": "broad"}, "chain_start is 'broad'; give a Gaussian"),
        ({"method": "mcmc", "chain_start": GaussianMixture.isotropic([0.0])}, "in 2 dimensions"),
    ],
)
def test_bad_input_is_named(changes, words, rng):
    arguments = {
        "x": np.arange(10.0).reshape(5, 2), "n_components": 2, "n_synthetic": 3, "n_steps": 1,
        "rng": rng,
    }  # fmt: skip
    with pytest.raises(ValueError, match=words):
        fit_means(**(arguments | changes))
