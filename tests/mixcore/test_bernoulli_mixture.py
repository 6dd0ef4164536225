"""Mixtures of Bernoullis: brute force over all points and assignments, theorems, MNIST figures."""

import gzip
import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logsumexp, softmax, xlog1py, xlogy

from mixcore import BernoulliMixture, DegenerateFitError, bernoulli_mixture
from mixcore.bernoulli_mixture_em import bernoulli_m_step, fit_bernoulli_mixture
from mixcore.em import expectation_maximisation

properties = settings(deadline=None, max_examples=60, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sizes = st.tuples(st.integers(1, 25), st.integers(1, 6), st.integers(1, 4)).filter(
    lambda s: s[2] <= s[0]
)


def plain_log_joint(mixture, x):
    """Return the formula as it is written: a sum over pixels for each pair (n, k)."""
    x, p = np.asarray(x, dtype=float)[:, None, :], mixture.probabilities
    with np.errstate(divide="ignore"):
        return np.log(mixture.weights) + (xlogy(x, p) + xlog1py(1 - x, -p)).sum(axis=2)


def plain_log_prior(mixture, smoothing):
    p = mixture.probabilities
    return (xlogy(smoothing, p) + xlog1py(smoothing, -p)).sum()


def random_mixture(k, d, rng, edges=False):
    probabilities = rng.uniform(0.05, 0.95, (k, d))
    if edges:
        chosen = rng.random((k, d)) < 0.3
        probabilities[chosen] = rng.choice([0.0, 1.0, 1e-300, 5e-324, 1 - 1e-16], chosen.sum())
    return BernoulliMixture(rng.dirichlet(np.ones(k)), probabilities)


def draw(size, seed):
    """Return points with duplicated rows and constant columns now and then, and a start."""
    n, d, k = size
    rng = np.random.default_rng(seed)
    x = (rng.random((n, d)) < rng.random(d)).astype(np.uint8)
    if rng.random() < 0.3:
        x[:, rng.integers(d)] = rng.integers(2)
    if rng.random() < 0.3:
        x = x[rng.integers(0, n, n)]
    return x, random_mixture(k, d, rng), rng


@pytest.fixture
def small_blocks(monkeypatch):
    """Make a few points fill many blocks, the last one shorter."""
    monkeypatch.setattr(bernoulli_mixture, "_BLOCK", 30)


# The mixture


def test_density_sums_to_one_over_all_points(rng):
    points = np.array(list(itertools.product([0, 1], repeat=7)))
    for edges in (False, True):
        density = np.exp(random_mixture(3, 7, rng, edges).log_density(points))
        assert density.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("edges", [False, True])
@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32, np.float64])
def test_log_joint_is_the_plain_formula(small_blocks, rng, edges, dtype):
    mixture = random_mixture(4, 6, rng, edges)
    x = rng.integers(0, 2, (53, 6)).astype(dtype)
    expected = plain_log_joint(mixture, x)
    assert np.isneginf(expected).any() == edges
    np.testing.assert_allclose(mixture.log_joint(x), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(mixture.log_density(x), logsumexp(expected, axis=1), atol=1e-12)


def test_many_pixels_keep_nine_digits(rng):
    mixture = random_mixture(5, 784, rng, edges=False)
    x, _ = mixture.sample(300, rng)
    np.testing.assert_allclose(mixture.log_joint(x), plain_log_joint(mixture, x), rtol=1e-12)


def test_a_point_that_contradicts_a_certain_pixel():
    mixture = BernoulliMixture([0.5, 0.5], [[0.0, 0.5], [1.0, 0.5]])
    log_quarter = np.log(0.25)
    np.testing.assert_allclose(
        mixture.log_joint([[0, 1], [1, 1]]), [[log_quarter, -np.inf], [-np.inf, log_quarter]]
    )
    np.testing.assert_array_equal(mixture.responsibilities([[0, 1], [1, 1]]), np.eye(2))


def test_an_impossible_point_has_density_zero_and_no_responsibilities():
    mixture = BernoulliMixture([0.5, 0.5], [[0.0, 0.5], [0.0, 0.1]])
    assert mixture.log_density([[1, 0]]) == -np.inf
    with pytest.raises(ValueError, match=r"x\[1\] has probability 0 under every component"):
        mixture.responsibilities([[0, 0], [1, 0]])


def test_a_component_of_weight_zero_takes_no_point():
    mixture = BernoulliMixture([0.0, 1.0], [[0.9], [0.2]])
    np.testing.assert_array_equal(mixture.responsibilities([1, 0]), [[0, 1], [0, 1]])


def test_samples_have_the_joint_frequencies_of_the_model(rng):
    mixture = BernoulliMixture([0.2, 0.3, 0.5], rng.uniform(0.2, 0.8, (3, 3)))
    n = 40_000
    x, z = mixture.sample(n, rng)
    assert x.dtype == np.uint8
    assert z.shape == (n,)
    points = np.array(list(itertools.product([0, 1], repeat=3)))
    for j in range(3):
        for point, expected in zip(points, np.exp(mixture.log_joint(points))[:, j], strict=True):
            observed = ((z == j) & (x == point).all(axis=1)).mean()
            # 24 comparisons at 6 standard errors: a false alarm in fewer than 1 of 100,000 seeds
            assert abs(observed - expected) < 6 * np.sqrt(expected / n)


def test_certain_pixels_are_sampled_as_such(rng):
    x, _ = BernoulliMixture([1.0], [[0.0, 1.0]]).sample(1000, rng)
    np.testing.assert_array_equal(x, np.tile([0, 1], (1000, 1)))


def test_reordering_moves_components_only(rng):
    mixture = random_mixture(3, 5, rng)
    other = mixture.reordered([2, 0, 1])
    x = rng.integers(0, 2, (20, 5))
    np.testing.assert_array_equal(other.log_joint(x), mixture.log_joint(x)[:, [2, 0, 1]])
    with pytest.raises(ValueError, match=r"permutation is \[0, 0, 1\]"):
        mixture.reordered([0, 0, 1])


def test_parameters_cannot_be_changed(rng):
    mixture = random_mixture(2, 2, rng)
    with pytest.raises(ValueError, match="read-only"):
        mixture.probabilities[0, 0] = 0.5


@pytest.mark.parametrize(
    ("weights", "probabilities", "words"),
    [
        ([0.5, 0.6], [[0.1], [0.2]], "weights sum to 1.1"),
        ([1.0], [[0.1], [0.2]], r"weights has shape \(1,\) and probabilities \(2, 1\)"),
        ([1.0], [[0.1, 1.5]], r"probabilities holds 1.5 at index \(0, 1\)"),
        ([1.0], [[-0.1]], r"must lie in \[0, 1\]"),
        ([1.0], [[np.nan]], "probabilities holds nan"),
    ],
)
def test_bad_parameters_are_named(weights, probabilities, words):
    with pytest.raises(ValueError, match=words):
        BernoulliMixture(weights, probabilities)


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ([[0, 1], [0, 7]], r"x holds 7 at index \(1, 1\) .* binarise it at 0.5"),
        ([[0.0, 0.5]], r"x holds 0.5 at index \(0, 1\)"),
        ([[0.0, np.nan]], r"x holds nan at index \(0, 1\)"),
        ([[0, 1, 1]], "x has 3 columns but the model has 2 dimensions"),
        (np.zeros((2, 2, 2)), r"has \(2, 2, 2\)"),
        (np.zeros((0, 2)), "x is empty"),
        ([["0", "1"]], "dtype is <U1"),
    ],
)
def test_bad_points_are_named(x, words):
    with pytest.raises(ValueError, match=words):
        BernoulliMixture([1.0], [[0.1, 0.2]]).log_joint(x)


# The M-step


def test_one_component_has_a_closed_form(rng):
    x = rng.integers(0, 2, (40, 6))
    fit = fit_bernoulli_mixture(x, 1, rng=rng)
    assert fit.converged
    np.testing.assert_allclose(fit.mixture.probabilities, [(x.sum(axis=0) + 1) / 42], rtol=1e-12)
    assert fit.log_likelihood == pytest.approx(plain_log_joint(fit.mixture, x).sum())


@given(sizes, seeds, st.sampled_from([0.0, 0.3, 1.0]))
@properties
def test_m_step_maximises_the_bound_plus_the_prior(size, seed, smoothing):
    x, _, rng = draw(size, seed)
    k = size[2]
    resp = rng.dirichlet(np.ones(k), len(x))
    best = bernoulli_m_step(x, resp, smoothing=smoothing)

    def bound(mixture):
        terms = np.where(resp > 0, resp * plain_log_joint(mixture, x), 0)
        return terms.sum() + plain_log_prior(mixture, smoothing)

    for _ in range(5):
        logits = np.log(best.weights) + 0.1 * rng.standard_normal(k)
        moved = best.probabilities + 0.1 * rng.standard_normal(best.probabilities.shape)
        other = BernoulliMixture(softmax(logits), np.clip(moved, 0.001, 0.999))
        assert bound(other) <= bound(best) + 1e-9


def test_m_step_of_labels_counts_as_laplace_did():
    x = np.array([[1, 1], [1, 0], [1, 0], [0, 1]])
    mixture = bernoulli_m_step(x, np.eye(3)[[0, 0, 0, 1]])
    np.testing.assert_allclose(
        mixture.probabilities, [[4 / 5, 2 / 5], [1 / 3, 2 / 3], [1 / 2, 1 / 2]]
    )
    np.testing.assert_allclose(mixture.weights, [3 / 4, 1 / 4, 0])


def test_m_step_names_bad_input():
    with pytest.raises(ValueError, match="resp has 3 rows but x has 2 points"):
        bernoulli_m_step([[0, 1], [1, 1]], np.eye(3))
    with pytest.raises(ValueError, match="smoothing is -1"):
        bernoulli_m_step([[0, 1]], [[1.0]], smoothing=-1)


# The fit against its plain twin


def assert_same_path(x, start, smoothing=1.0, sample_weight=None, iterations=6):
    """Compare every iteration of the blocked fit with the plain loop."""
    fast, plain = [], []
    fit = fit_bernoulli_mixture(
        x, start.n_components, init=start, smoothing=smoothing, max_iter=iterations, tol=0,
        sample_weight=sample_weight, callback=lambda i, mixture: fast.append(mixture),
    )  # fmt: skip
    twin = expectation_maximisation(
        x, start, lambda x, resp: bernoulli_m_step(x, resp, smoothing=smoothing),
        max_iter=iterations, tol=0, sample_weight=sample_weight,
        callback=lambda i, mixture: plain.append(mixture),
    )  # fmt: skip
    for one, other in zip(fast, plain, strict=False):
        np.testing.assert_allclose(one.weights, other.weights, atol=1e-9)
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-9)
    shared = min(len(fit.log_likelihoods), len(twin.log_likelihoods))
    assert shared >= 2
    np.testing.assert_allclose(
        fit.log_likelihoods[:shared], twin.log_likelihoods[:shared], rtol=1e-9, atol=1e-9
    )
    weight = np.ones(len(x)) if sample_weight is None else sample_weight
    log_density = logsumexp(plain_log_joint(fit.mixture, x), axis=1)
    assert fit.log_likelihood == pytest.approx(weight @ log_density, rel=1e-9, abs=1e-9)
    assert fit.objectives[-1] - fit.log_likelihood == pytest.approx(
        plain_log_prior(fit.mixture, smoothing), abs=1e-9
    )


HARD = {
    "constant pixels": ([[0, 1, 1, 0], [0, 1, 0, 1], [0, 1, 0, 0], [0, 1, 1, 1]], 2),
    "duplicated rows": ([[0, 1, 1, 0]] * 5 + [[1, 0, 0, 0]] * 4, 3),
    "as many components as points": (np.eye(4), 4),
    "a single point": ([[1, 0, 1, 1]], 1),
    "all-zero images": (np.zeros((6, 4)), 2),
    "all-one images": (np.ones((6, 4)), 2),
    "an empty image among others": ([[0, 0, 0, 0], [1, 1, 0, 1], [1, 0, 1, 1]], 2),
}


@pytest.mark.parametrize("smoothing", [0.0, 1e-300, 1.0])
@pytest.mark.parametrize("name", HARD)
def test_blocks_give_the_plain_result_on_hard_input(small_blocks, rng, name, smoothing):
    x, k = HARD[name]
    assert_same_path(np.asarray(x), random_mixture(k, 4, rng), smoothing)


@given(sizes, seeds, st.sampled_from([0.2, 1.0]))
@properties
def test_blocks_give_the_plain_result(size, seed, smoothing):
    x, start, rng = draw(size, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bernoulli_mixture, "_BLOCK", 30)
        assert_same_path(x, start, smoothing, rng.integers(1, 4, len(x)))


def test_an_unused_component_and_points_of_weight_zero(small_blocks, rng):
    start = BernoulliMixture([0.0, 0.4, 0.6], rng.uniform(0.1, 0.9, (3, 5)))
    x = rng.integers(0, 2, (30, 5))
    assert_same_path(x, start, sample_weight=np.r_[np.zeros(10), np.ones(20)])


def test_memory_stays_near_one_byte_a_value(rng):
    x = rng.integers(0, 2, (20_000, 784), dtype=np.uint8)
    start = random_mixture(5, 784, rng)

    def peak(call):
        tracemalloc.start()
        call()
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest / x.nbytes

    # The points themselves are not counted; a copy in float64 would be 8 times their size.
    assert peak(lambda: fit_bernoulli_mixture(x, 5, init=start, max_iter=1)) < 4
    assert peak(lambda: bernoulli_m_step(x, np.ones((len(x), 1)))) > 7


# What the fits find


def test_hard_em_finds_the_best_of_all_assignments(rng):
    x = rng.integers(0, 2, (8, 4))

    def objective(labels):
        mixture = bernoulli_m_step(x, np.eye(2)[list(labels)])
        equal = BernoulliMixture([0.5, 0.5], mixture.probabilities)
        return plain_log_joint(equal, x)[np.arange(8), labels].sum() + plain_log_prior(equal, 1)

    best = max(objective(labels) for labels in itertools.product([0, 1], repeat=8))
    fit = fit_bernoulli_mixture(x, 2, hard=True, n_init=40, rng=rng)
    assert fit.objectives[-1] == pytest.approx(best, abs=1e-10)


def test_soft_em_finds_what_a_general_optimiser_finds(rng):
    x, _ = BernoulliMixture([0.3, 0.7], [[0.9] * 4, [0.2] * 4]).sample(40, rng)

    def unpack(theta):
        return BernoulliMixture(softmax([theta[0], 0]), expit(theta[1:]).reshape(2, 4))

    def loss(theta):
        mixture = unpack(theta)
        log_likelihood = logsumexp(plain_log_joint(mixture, x), axis=1).sum()
        return -log_likelihood - plain_log_prior(mixture, 1)

    best = min(minimize(loss, rng.standard_normal(9)).fun for _ in range(4))
    fit = fit_bernoulli_mixture(x, 2, n_init=8, max_iter=2000, tol=1e-12, rng=rng)
    assert fit.converged
    assert -fit.objectives[-1] == pytest.approx(best, abs=1e-6)


def test_fit_recovers_the_mixture_that_was_sampled():
    rng = np.random.default_rng(3)
    n, truth = 4000, BernoulliMixture([0.2, 0.3, 0.5], rng.uniform(0.05, 0.95, (3, 40)))
    x, z = truth.sample(n, rng)
    for hard in (False, True):
        mixture = fit_bernoulli_mixture(x, 3, hard=hard, n_init=5, rng=rng).mixture
        distances = [
            np.abs(mixture.probabilities - p).sum(axis=1).argmin() for p in truth.probabilities
        ]
        mixture = mixture.reordered(distances)
        errors = np.sqrt(0.25 / (n * truth.weights))[:, None]
        # 240 probabilities at 6 of their largest standard errors: under 1 false alarm in 100,000
        assert (np.abs(mixture.probabilities - truth.probabilities) < 6 * errors).all()
        assert (mixture.log_joint(x).argmax(axis=1) == z).mean() > 0.97
        if hard:
            np.testing.assert_allclose(mixture.weights, 1 / 3)
        else:
            np.testing.assert_allclose(mixture.weights, truth.weights, atol=6 * 0.5 / np.sqrt(n))


# Theorems


@given(sizes, seeds, st.booleans(), st.sampled_from([0.1, 1.0]))
@properties
def test_the_objective_never_falls(size, seed, hard, smoothing):
    x, _, rng = draw(size, seed)
    fit = fit_bernoulli_mixture(x, size[2], hard=hard, smoothing=smoothing, rng=rng)
    assert np.isfinite(fit.objectives).all()
    assert (np.diff(fit.objectives) >= -1e-10 * np.abs(fit.objectives[0])).all()


def test_the_log_likelihood_alone_may_fall(rng):
    """With smoothing it is the objective that rises: the maximum likelihood is left behind."""
    x = rng.integers(0, 2, (12, 5))
    start = bernoulli_m_step(x, np.ones((12, 1)), smoothing=1e-6)
    fit = fit_bernoulli_mixture(x, 1, init=start)
    assert fit.log_likelihoods[1] < fit.log_likelihoods[0]
    assert fit.objectives[1] > fit.objectives[0]


@given(sizes, seeds)
@properties
def test_maximum_likelihood_never_falls_either(size, seed):
    x, start, _ = draw(size, seed)
    fit = fit_bernoulli_mixture(x, size[2], smoothing=0, init=start)
    assert (np.diff(fit.log_likelihoods) >= -1e-10 * len(x)).all()
    np.testing.assert_array_equal(fit.log_likelihoods, fit.objectives)


@given(sizes, seeds)
@properties
def test_hard_em_ends_where_no_assignment_changes(size, seed):
    x, _, rng = draw(size, seed)
    k = size[2]
    fit = fit_bernoulli_mixture(x, k, hard=True, rng=rng)
    assert fit.converged
    np.testing.assert_array_equal(fit.mixture.weights, np.full(k, 1 / k))
    log_joint = fit.mixture.log_joint(x)
    again = bernoulli_m_step(x, np.eye(k)[log_joint.argmax(axis=1)])
    np.testing.assert_allclose(again.probabilities, fit.mixture.probabilities, rtol=1e-12)
    # its history is the classification log-likelihood, which is at most the log-likelihood
    assert fit.log_likelihood == pytest.approx(log_joint.max(axis=1).sum())
    assert fit.log_likelihood <= fit.mixture.log_density(x).sum() + 1e-9


def test_hard_em_has_equal_weights_from_the_start(rng):
    x = rng.integers(0, 2, (30, 6))
    start = BernoulliMixture([0.1, 0.9], rng.uniform(0.1, 0.9, (2, 6)))
    fit = fit_bernoulli_mixture(x, 2, hard=True, init=start)
    equal = BernoulliMixture([0.5, 0.5], start.probabilities)
    assert fit.log_likelihoods[0] == pytest.approx(plain_log_joint(equal, x).max(axis=1).sum())


def test_hard_em_has_no_use_for_tol(rng):
    x = rng.integers(0, 2, (300, 20))
    start = random_mixture(4, 20, rng)
    fits = [fit_bernoulli_mixture(x, 4, hard=True, init=start, tol=tol) for tol in (1e3, 0)]
    assert fits[0].n_iter == fits[1].n_iter > 2
    assert fit_bernoulli_mixture(x, 4, init=start, tol=1e3).n_iter == 1


@given(sizes, seeds, st.booleans())
@properties
def test_weights_count_like_repeated_points(size, seed, hard):
    x, start, rng = draw(size, seed)
    counts = rng.integers(0, 4, len(x))
    counts[rng.integers(0, len(x), size[2])] += 1
    repeated = np.repeat(x, counts, axis=0)
    if np.count_nonzero(counts) < size[2]:
        counts += 1
        repeated = np.repeat(x, counts, axis=0)
    options = {"hard": hard, "init": start, "max_iter": 4, "tol": 0}
    weighted = fit_bernoulli_mixture(x, size[2], sample_weight=counts, **options)
    plain = fit_bernoulli_mixture(repeated, size[2], **options)
    np.testing.assert_allclose(
        weighted.mixture.probabilities, plain.mixture.probabilities, atol=1e-9
    )
    assert weighted.objectives[-1] == pytest.approx(plain.objectives[-1], abs=1e-9)


def test_tol_is_per_unit_of_weight(rng):
    x = rng.integers(0, 2, (60, 8))
    start = random_mixture(3, 8, rng)
    options = {"init": start, "smoothing": 0, "tol": 1e-3}
    thousandfold = fit_bernoulli_mixture(x, 3, sample_weight=np.full(60, 1e3), **options)
    assert thousandfold.n_iter == fit_bernoulli_mixture(x, 3, **options).n_iter


@pytest.mark.parametrize("hard", [False, True])
def test_points_of_weight_zero_do_not_matter(rng, hard):
    x = rng.integers(0, 2, (50, 6))
    weight = np.repeat([1.0, 0.0], 25)
    fits = [
        fit_bernoulli_mixture(
            points, 3, hard=hard, sample_weight=w, max_iter=20, rng=np.random.default_rng(1)
        )
        for points, w in ((x, weight), (x[:25], None))
    ]
    np.testing.assert_array_equal(fits[0].objectives, fits[1].objectives)


@pytest.mark.parametrize("hard", [False, True])
def test_the_order_of_the_components_does_not_matter(rng, hard):
    x = rng.integers(0, 2, (60, 8))
    start = random_mixture(3, 8, rng)
    order = [2, 0, 1]
    one = fit_bernoulli_mixture(x, 3, hard=hard, init=start, max_iter=10)
    other = fit_bernoulli_mixture(x, 3, hard=hard, init=start.reordered(order), max_iter=10)
    np.testing.assert_allclose(
        one.mixture.reordered(order).probabilities, other.mixture.probabilities, atol=1e-9
    )


# Empty components, options, errors


def test_an_empty_cluster_of_hard_em_has_probabilities_one_half(rng):
    fit = fit_bernoulli_mixture(np.ones((6, 3)), 2, hard=True, rng=rng)
    probabilities = np.sort(fit.mixture.probabilities, axis=0)
    np.testing.assert_allclose(probabilities, [[1 / 2] * 3, [7 / 8] * 3])
    with pytest.raises(DegenerateFitError, match=r"lost all its points .* set smoothing above 0"):
        fit_bernoulli_mixture(np.ones((6, 3)), 2, hard=True, smoothing=0, rng=rng)


def test_without_smoothing_probabilities_reach_the_edges(rng):
    x = np.repeat([[0, 0, 1], [1, 1, 1]], 5, axis=0)
    fit = fit_bernoulli_mixture(x, 2, smoothing=0, n_init=5, rng=rng)
    probabilities = fit.mixture.probabilities[np.argsort(fit.mixture.probabilities[:, 0])]
    np.testing.assert_allclose(probabilities, [[0, 0, 1], [1, 1, 1]], atol=1e-6)
    assert fit.log_likelihood == pytest.approx(10 * np.log(0.5), abs=1e-6)


def test_a_start_that_excludes_a_point_is_refused():
    start = BernoulliMixture([1.0], [[0.0, 0.5]])
    with pytest.raises(ValueError, match=r"x\[2\] has probability 0 under every component of init"):
        fit_bernoulli_mixture(
            [[0, 1], [1, 1], [1, 0]], 1, init=start, sample_weight=[1.0, 0.0, 1.0]
        )


def test_a_certain_start_is_only_a_start():
    start = BernoulliMixture([0.5, 0.5], [[0.0, 1.0], [1.0, 0.5]])
    fit = fit_bernoulli_mixture([[0, 1], [1, 1], [1, 0]], 2, init=start, max_iter=5)
    assert fit.objectives[0] == -np.inf  # impossible under the prior
    assert np.isfinite(fit.objectives[1:]).all()


def test_the_best_start_is_kept_and_runs_repeat(rng):
    x, _ = random_mixture(4, 15, rng).sample(300, rng)

    def fit(n_init):
        return fit_bernoulli_mixture(x, 4, n_init=n_init, rng=np.random.default_rng(2))

    singles = np.random.default_rng(2)
    ends = [fit_bernoulli_mixture(x, 4, rng=singles).objectives[-1] for _ in range(6)]
    assert np.ptp(ends) > 0.1
    assert fit(6).objectives[-1] == max(ends)
    np.testing.assert_array_equal(fit(6).mixture.probabilities, fit(6).mixture.probabilities)


def test_callback_sees_every_mixture(rng):
    x = rng.integers(0, 2, (30, 5))
    seen = []
    fit = fit_bernoulli_mixture(
        x, 2, max_iter=3, tol=0, rng=rng, callback=lambda *state: seen.append(state)
    )
    assert [iteration for iteration, _ in seen] == [0, 1, 2, 3]
    assert seen[-1][1] is fit.mixture
    assert not fit.converged
    assert "without converging" in repr(fit)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": [[0, 2]]}, "x holds 2"),
        ({"n_components": 4}, "x has 3 points of positive weight but n_components is 4"),
        ({"n_components": 2, "sample_weight": [1, 0, 0]}, "1 points of positive weight"),
        ({"sample_weight": [1, -1, 1]}, r"sample_weight\[1\] is -1"),
        ({"smoothing": -1.0}, "smoothing is -1.0"),
        ({"n_init": 0}, "n_init is 0"),
        ({"max_iter": 0}, "max_iter is 0"),
        ({"tol": np.nan}, "tol is nan"),
        ({"init": "kmeans"}, "init is 'kmeans'"),
        ({"init": BernoulliMixture([1.0], [[0.5, 0.5, 0.5]])}, "init has 1 components in 3 dim"),
        ({"rng": None}, "rng is None"),
    ],
)
def test_bad_options_are_named(rng, changes, words):
    arguments = {"x": [[0, 1], [1, 1], [0, 0]], "n_components": 1, "rng": rng} | changes
    with pytest.raises(ValueError, match=words):
        fit_bernoulli_mixture(**arguments)


# MNIST


@pytest.fixture
def mnist(shared):
    """Return 8,000 images to fit and 2,000 to test on, binarised and shuffled."""
    path = shared / "data" / "mnist" / "t10k-images-idx3-ubyte.gz"
    if not path.is_file():
        pytest.skip("the MNIST images are not beside the project")
    values = np.frombuffer(gzip.decompress(path.read_bytes())[16:], dtype=np.uint8)
    x = (values.reshape(-1, 784) / 255 > 0.5).astype(np.uint8)
    x = x[np.random.default_rng(0).permutation(len(x))]
    return x[:8000], x[8000:]


def test_mnist_agrees_with_published_test_log_likelihoods(mnist):
    """Compare with fits to all 60,000 training images, tested on all 10,000 others.

    The mean over our 2,000 test images has a standard error of about 0.9 nats, and ten thousand
    parameters from 8,000 images instead of 60,000 cost another 1 or 2 nats: 2 % holds both, and is
    far less than the 10 nats and more from one K to the next.
    """
    train, test = mnist
    published = {1: -205.79, 10: -166.95, 20: -155.5, 50: -144.3}
    for k, expected in published.items():
        rng = np.random.default_rng(k)
        fit = fit_bernoulli_mixture(train, k, tol=1e-2, rng=rng)
        assert fit.converged
        assert fit.mixture.log_density(test).mean() == pytest.approx(expected, rel=0.02)


def test_hard_em_on_mnist_comes_close_to_soft_em(mnist):
    train, test = mnist
    hard = fit_bernoulli_mixture(train, 10, hard=True, rng=np.random.default_rng(0))
    assert hard.converged
    assert hard.mixture.log_density(test).mean() == pytest.approx(-166.95, rel=0.02)
