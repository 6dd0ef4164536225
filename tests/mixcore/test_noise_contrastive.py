import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import chi2, multivariate_normal

from mixcore import GaussianMixture, fit_nce, nce_asymptotic_covariance, nce_loss
from mixcore._nce_information import estimator_covariance, grid, moments
from mixcore._nce_objective import Objective
from mixcore.noise_contrastive import ml_asymptotic_covariance

CORNERS = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
NOISE = GaussianMixture.isotropic([[1.0, 1.0]], sigma=2.0)

problems = {"d": st.integers(1, 3), "k": st.integers(1, 5), "seed": st.integers(0, 2**32 - 1)}


def draw(d, k, seed):
    rng = np.random.default_rng(seed)
    noise = GaussianMixture.isotropic(rng.standard_normal((1, d)), sigma=rng.uniform(1, 3))
    x = 2 * rng.standard_normal((rng.integers(1, 9), d))
    y, _ = noise.sample(int(rng.integers(1, 9)), rng)
    means = 2 * rng.standard_normal((k, d))
    options = {"log_z": rng.normal(2, 1), "sigma": rng.uniform(0.5, 2)}
    return means, x, noise, y, options


def corners(n, seed):
    return GaussianMixture.isotropic(CORNERS).sample(n, np.random.default_rng(seed))[0]


@settings(deadline=None, max_examples=50, derandomize=True)
@given(**problems)
def test_the_loss_is_that_of_the_ratio_of_densities(d, k, seed):
    means, x, noise, y, options = draw(d, k, seed)

    def h(u):
        squares = ((u[:, None] - means) ** 2).sum(axis=2)
        p_m = np.exp(-squares / (2 * options["sigma"] ** 2)).sum(axis=1) / np.exp(options["log_z"])
        p_n = multivariate_normal(noise.means[0], noise.covariances[0]).pdf(u)
        return p_m / (p_m + len(y) / len(x) * p_n)

    loss, _, _ = nce_loss(means, x, noise, y, **options)
    assert loss == pytest.approx(-np.log(h(x)).sum() - np.log1p(-h(y)).sum(), rel=1e-8)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(**problems)
def test_the_gradient_is_the_slope_of_the_loss(d, k, seed):
    means, x, noise, y, options = draw(d, k, seed)
    _, means_gradient, log_z_gradient = nce_loss(means, x, noise, y, **options)
    step = 1e-5
    for index in np.ndindex(k, d):
        shift = np.zeros((k, d))
        shift[index] = step
        up, down = (nce_loss(means + s * shift, x, noise, y, **options)[0] for s in (1, -1))
        assert means_gradient[index] == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=1e-6)
    up, down = (
        nce_loss(means, x, noise, y, **options | {"log_z": options["log_z"] + s * step})[0]
        for s in (1, -1)
    )
    assert log_z_gradient == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=1e-6)


@settings(deadline=None, max_examples=80, derandomize=True)
@given(**problems, unknown_z=st.booleans())
def test_the_fast_objective_is_the_plain_loss(d, k, seed, unknown_z):
    means, x, noise, y, options = draw(d, k, seed)
    log_z, sigma = options["log_z"], options["sigma"]
    objective = Objective.build(x, y, noise, k=k, sigma=sigma, log_z=None if unknown_z else log_z)
    vector = objective.pack(means, log_z)
    loss, gradient = objective(vector)
    plain, means_gradient, log_z_gradient = nce_loss(means, x, noise, y, **options)
    expected = means_gradient.ravel() * sigma  # with the means in units of sigma
    if unknown_z:
        expected = np.append(expected, log_z_gradient)
    assert loss * len(x) == pytest.approx(plain, rel=1e-10)
    np.testing.assert_allclose(gradient * len(x), expected, rtol=1e-8, atol=1e-10)
    back = objective.unpack(vector)
    np.testing.assert_allclose(back[0], means, atol=1e-12)
    assert back[1] == log_z


def test_far_points_have_a_finite_loss():
    sigma, far = 0.5, 500.0  # a thousand sigma
    noise = GaussianMixture([1.0], [0.0], [4.0])
    loss, gradient, log_z_gradient = nce_loss([0.0], [far], noise, [0.0], log_z=1.0, sigma=sigma)
    log_ratio = -(far**2) / (2 * sigma**2) - 1 + far**2 / 8 + math.log(2 * math.sqrt(2 * math.pi))
    at_noise = math.exp(-1) * 2 * math.sqrt(2 * math.pi)
    assert loss == pytest.approx(-log_ratio + math.log1p(at_noise), rel=1e-12)
    assert np.isfinite(gradient).all()
    assert math.isfinite(log_z_gradient)
    fast = Objective.build(
        np.array([[far]]), np.array([[0.0]]), noise, k=1, sigma=sigma, log_z=None
    )
    assert fast(fast.pack(np.array([[0.0]]), 1.0))[0] == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize("means", [[[0.5]], [[-1.0], [1.5]], [[0.0, 0.0], [1.0, 2.0]]])
def test_the_expected_loss_is_least_at_the_truth(means):
    truth = GaussianMixture.isotropic(means)
    noise = GaussianMixture.isotropic(np.full((1, truth.n_features), 0.3), sigma=2.0)
    axis = np.linspace(-13, 13, 31 if truth.n_features == 2 else 201)
    u = np.stack(np.meshgrid(*[axis] * truth.n_features), axis=-1).reshape(-1, truth.n_features)
    u = u[np.maximum(truth.log_density(u), noise.log_density(u)) > -18]
    cell = (axis[1] - axis[0]) ** truth.n_features
    p_d, p_n = np.exp(truth.log_density(u)) * cell, np.exp(noise.log_density(u)) * cell
    fixed = u[:1]

    def expected(means, log_z):
        """Average over the data and the noise, one point at a time against a fixed one."""

        def parts(x, y):
            loss, means_gradient, log_z_gradient = nce_loss(means, x, noise, y, log_z=log_z)
            return np.concatenate([[loss], means_gradient.ravel(), [log_z_gradient]])

        terms = [p * parts(v[None], fixed) for p, v in zip(p_d, u, strict=True)]
        terms += [p * parts(fixed, v[None]) for p, v in zip(p_n, u, strict=True)]
        return np.sum(terms, axis=0) - parts(fixed, fixed)

    true_log_z = np.log(len(means) * (2 * np.pi) ** (truth.n_features / 2))
    at_truth = expected(truth.means, true_log_z)
    np.testing.assert_allclose(at_truth[1:], 0, atol=1e-5)
    elsewhere = expected(truth.means + 0.2, true_log_z - 0.1)
    assert np.abs(elsewhere[1:]).max() > 0.01
    assert elsewhere[0] > at_truth[0] + 1e-3


@pytest.mark.parametrize("unknown_z", [False, True])
def test_the_fit_is_the_optimum_that_another_method_finds(unknown_z):
    rng = np.random.default_rng(3)
    x, _ = GaussianMixture.isotropic([[-1.0], [2.0]]).sample(300, rng)
    noise = GaussianMixture([1.0], [0.0], [9.0])
    y, _ = noise.sample(450, rng)
    result = fit_nce(
        x, noise, start=[-0.5, 1.0], noise_points=y, unknown_z=unknown_z,
        log_z=0.0 if unknown_z else None, tol=1e-9,
    )  # fmt: skip
    log_z = np.log(2 * np.sqrt(2 * np.pi))

    def plain(p):
        return nce_loss(p[:2], x, noise, y, log_z=p[2] if unknown_z else log_z)[0]

    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}
    start = [-0.5, 1.0, 0.0][: 2 + unknown_z]
    other = minimize(plain, start, method="Nelder-Mead", options=options)
    assert result.converged
    assert result.loss == pytest.approx(other.fun, rel=1e-10)
    np.testing.assert_allclose(result.means.ravel(), other.x[:2], atol=1e-5)
    assert result.log_z == pytest.approx(other.x[2] if unknown_z else log_z, abs=1e-5)


@pytest.mark.parametrize("unknown_z", [False, True])
def test_the_estimates_scatter_as_the_asymptotic_covariance_says(unknown_z):
    """Chi-squared of 40 fits, means and ln 8 pi alike; a false alarm has probability 1e-6."""
    n, runs = 2000, 40
    covariance = nce_asymptotic_covariance(CORNERS, NOISE, unknown_z=unknown_z)
    total = 0.0
    for seed in range(runs):
        rng = np.random.default_rng([seed, unknown_z])
        start = CORNERS + rng.normal(0, 0.3, CORNERS.shape)
        result = fit_nce(corners(n, rng), NOISE, start=start, unknown_z=unknown_z, rng=rng)
        assert result.converged
        error = (result.means - CORNERS).ravel()
        if unknown_z:
            error = np.append(error, result.log_z - np.log(8 * np.pi))
        total += n * error @ np.linalg.solve(covariance, error)
    low, high = chi2(runs * len(covariance)).ppf([5e-7, 1 - 5e-7])
    assert low < total < high
    assert not low < 2 * total < high  # half the covariance would be noticed


def test_the_normalising_constant_is_recovered():
    n = 5000
    rng = np.random.default_rng(8)
    result = fit_nce(corners(n, rng), NOISE, start=CORNERS, unknown_z=True, rng=rng)
    sd = np.sqrt(nce_asymptotic_covariance(CORNERS, NOISE, unknown_z=True)[-1, -1] / n)
    assert sd < 0.01
    assert abs(result.log_z - np.log(25.132741228718345)) < 4.5 * sd  # false alarm under 1e-5


@settings(deadline=None, max_examples=10, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), unknown_z=st.booleans())
def test_components_are_interchangeable_and_units_do_not_matter(seed, unknown_z):
    rng = np.random.default_rng(seed)
    x = corners(200, rng)
    y, _ = NOISE.sample(200, rng)
    start = rng.uniform(0, 3, (4, 2))
    options = {"unknown_z": unknown_z, "log_z": -1.0 if unknown_z else None, "tol": 1e-8}
    first = fit_nce(x, NOISE, start=start, noise_points=y, **options)

    order = rng.permutation(4)
    second = fit_nce(x, NOISE, start=start[order], noise_points=y, **options)
    np.testing.assert_allclose(second.means, first.means[order], atol=1e-4)
    assert second.log_z == pytest.approx(first.log_z, abs=1e-4)

    scale, shift = 100.0, -50.0
    noise = GaussianMixture.isotropic(NOISE.means * scale + shift, sigma=2 * scale)
    if unknown_z:  # Z is an integral over u, in units of area
        options["log_z"] += 2 * np.log(scale)
    third = fit_nce(
        x * scale + shift, noise, start=start * scale + shift, noise_points=y * scale + shift,
        sigma=scale, **options,
    )  # fmt: skip
    np.testing.assert_allclose((third.means - shift) / scale, first.means, atol=1e-4)
    assert third.log_z == pytest.approx(first.log_z + 2 * np.log(scale), abs=1e-4)


def test_the_history_runs_from_the_start_to_the_estimate():
    seen = []
    x, start = corners(300, 0), np.array([[0.5, 0.5], [1, 2], [2, 1], [2, 2]])
    y, _ = NOISE.sample(600, np.random.default_rng(1))
    for given_array in (x, y, start):
        given_array.setflags(write=False)
    result = fit_nce(
        x, NOISE, start=start, noise_points=y, unknown_z=True, log_z=0.5,
        callback=lambda iteration, state: seen.append((iteration, *state)),
    )  # fmt: skip
    assert result.converged
    assert result.message == "converged"
    assert len(result.losses) == len(result.means_history) == result.n_iter + 1
    assert (np.diff(result.losses) < 1e-9).all()
    np.testing.assert_allclose(result.means_history[0], start)
    assert result.log_z_history[0] == 0.5
    np.testing.assert_array_equal(result.means_history[-1], result.means)
    assert result.log_z_history[-1] == result.log_z
    assert result.loss == pytest.approx(
        nce_loss(result.means, x, NOISE, y, log_z=result.log_z)[0], rel=1e-10
    )
    assert [iteration for iteration, _, _ in seen] == list(range(result.n_iter + 1))
    np.testing.assert_array_equal(seen[-1][1], result.means)
    assert seen[-1][2] == result.log_z
    np.testing.assert_array_equal(result.mixture.means, result.means)
    assert repr(result).startswith("NCEResult(converged; ")


def test_what_is_left_out_is_drawn_from_rng():
    x = corners(400, 4)
    first, second = (fit_nce(x, n_components=4, ratio=2.5, rng=np.random.default_rng(5))
                     for _ in range(2))  # fmt: skip
    np.testing.assert_array_equal(first.means, second.means)
    assert first.noise_points.shape == (1000, 2)
    assert first.log_z == pytest.approx(np.log(8 * np.pi))
    # The start is points of the data; the noise is half as wide again as the data.
    assert all((np.abs(x - mean).max(axis=1) < 1e-12).any() for mean in first.means_history[0])
    noise = GaussianMixture([1.0], [x.mean(axis=0)], [1.5 * np.cov(x.T, bias=True)])
    loss, _, _ = nce_loss(first.means, x, noise, first.noise_points)
    assert first.loss == pytest.approx(loss)
    third = fit_nce(x, start=CORNERS, unknown_z=True, rng=np.random.default_rng(5))
    assert 0.1 < np.exp(third.log_z_history[0]) < 1


def test_noise_need_not_be_a_mixture():
    uniform = SimpleNamespace(
        log_density=lambda y: np.full(len(y), -np.log(20.0)),
        sample=lambda n, rng: rng.uniform(-10, 10, n),
    )
    rng = np.random.default_rng(0)
    result = fit_nce(rng.normal(1, 1, 2000), uniform, start=[0.0], unknown_z=True, rng=rng)
    assert result.converged
    assert abs(result.means[0, 0] - 1) < 0.2
    assert abs(result.log_z - np.log(np.sqrt(2 * np.pi))) < 0.3


def test_the_default_noise_is_wide_enough():
    centre, covariance = CORNERS.mean(axis=0), 3.25 * np.eye(2)

    def trace(width):
        noise = GaussianMixture([1.0], [centre], [width * covariance])
        return np.trace(nce_asymptotic_covariance(CORNERS, noise))

    assert trace(1.5) < min(trace(1.0), trace(3.0))


@pytest.mark.parametrize("unknown_z", [False, True])
def test_a_fit_that_escapes_says_so(unknown_z):
    rng = np.random.default_rng(0)
    options = {"unknown_z": unknown_z, "rng": rng}
    lost = fit_nce(corners(200, rng), NOISE, start=[[0.0, 0.0], [90.0, 90.0]], **options)
    assert not lost.converged
    assert lost.message.startswith("mean 1 has escaped: its component accounts for ")

    apart = fit_nce(
        rng.normal(50, 1, 100), GaussianMixture([1.0], [0.0], [1.0]), start=[50.0], **options
    )
    assert not apart.converged
    assert "hardly overlap" in apart.message

    short = fit_nce(
        corners(200, rng), NOISE, start=rng.uniform(0, 3, (4, 2)), max_iter=2, **options
    )
    assert not short.converged
    assert short.n_iter == 2
    assert short.message == "stopped at max_iter = 2 without converging"
    for result in (lost, apart, short):
        assert np.isfinite(result.means).all()
        assert np.isfinite(result.losses).all()
        assert math.isfinite(result.log_z)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), unknown_z=st.booleans())
def test_hostile_fits_never_end_in_nan_or_a_warning(seed, unknown_z):
    rng = np.random.default_rng(seed)
    d, k, n = rng.integers(1, 4), rng.integers(1, 6), rng.integers(1, 30)
    scale, width, reach = 10 ** rng.uniform([-3, -2, -2], [3, 2, 3])
    x = width * scale * rng.standard_normal((n, d))
    noise = GaussianMixture.isotropic(reach * scale * rng.standard_normal((1, d)), sigma=scale)
    start = reach * scale * rng.standard_normal((k, d))
    result = fit_nce(x, noise, start=start, unknown_z=unknown_z, sigma=scale, rng=rng, max_iter=60)
    assert np.isfinite(result.means).all()
    assert np.isfinite(result.losses).all()
    assert math.isfinite(result.log_z)
    assert result.loss <= result.losses[0]
    assert result.converged == (result.message == "converged")


def test_tol_zero_stops_at_rounding():
    x = corners(300, 2)
    result = fit_nce(x, NOISE, start=CORNERS, tol=0.0, rng=np.random.default_rng(2))
    assert result.converged
    assert result.n_iter < 100


@pytest.mark.parametrize(
    ("unknown_z", "expected"), [(False, [1.7444, 0.6983]), (True, [1.7513, 0.7585, 1.8878])]
)
def test_asymptotic_variances_of_a_gaussian(unknown_z, expected):
    """Mean and standard deviation of N(0.5, 1) against N(0, 4): figures from another program."""
    nodes, weights = grid(1, 0.05)
    z = nodes[:, 0]  # (x - mean) / sd
    log_ratio = -0.5 * z**2 + 0.5 * (z + 0.5) ** 2 / 4 + np.log(2)
    # Without its constant the model is exp(-z^2 / 2) / Z, and Z does not know sd.
    gradients = [z, z**2, np.full_like(z, -1)] if unknown_z else [z, z**2 - 1]
    information = moments(np.column_stack(gradients), log_ratio, weights)
    variances = np.diag(estimator_covariance(*information, ratio=1.0))
    np.testing.assert_allclose(variances, expected, atol=6e-5)


@pytest.mark.parametrize("ratio", [0.5, 4.0])
def test_known_and_unknown_z_belong_to_one_information(ratio):
    """The gradient in ln Z is -1, so m is minus the last column of I: only var(ln Z) is lowered."""
    known = nce_asymptotic_covariance(CORNERS, NOISE, ratio=ratio)
    unknown = nce_asymptotic_covariance(CORNERS, NOISE, ratio=ratio, unknown_z=True)
    inverse = unknown.copy()
    inverse[-1, -1] += 1 + 1 / ratio
    information = np.linalg.inv(inverse)
    direction = np.linalg.solve(information[:8, :8], -information[:8, 8])
    expected = np.linalg.inv(information[:8, :8])
    expected -= (1 + 1 / ratio) * np.outer(direction, direction)
    np.testing.assert_allclose(known, expected, atol=1e-6)
    gap = np.linalg.eigvalsh(unknown[:8, :8] - known)
    assert gap[0] > -1e-8  # knowing Z never hurts
    assert gap[-1] > 0.01  # and helps here
    assert np.trace(known) > np.trace(ml_asymptotic_covariance(CORNERS))


def test_much_noise_gives_maximum_likelihood():
    bound = ml_asymptotic_covariance(CORNERS)
    for unknown_z in (False, True):
        nce = nce_asymptotic_covariance(CORNERS, NOISE, ratio=1e6, unknown_z=unknown_z)
        np.testing.assert_allclose(nce[:8, :8], bound, rtol=1e-3, atol=1e-3)


def test_the_fisher_information_agrees_with_scipy():
    truth = GaussianMixture.isotropic([-1.0, 1.5], sigma=0.8)

    def entry(i, j):
        def integrand(u):
            resp = truth.responsibilities([u])[0]
            g = resp * (u - truth.means[:, 0]) / 0.64
            return np.exp(truth.log_density([u])[0]) * g[i] * g[j]

        return quad(integrand, -9, 9, epsabs=1e-10)[0]

    information = np.array([[entry(0, 0), entry(0, 1)], [entry(1, 0), entry(1, 1)]])
    covariance = ml_asymptotic_covariance(truth.means, sigma=0.8)
    np.testing.assert_allclose(covariance @ information, np.eye(2), atol=1e-7)


def test_quadrature_and_monte_carlo_agree():
    """The same two components in the plane, and in space with one idle direction."""
    plane = np.array([[0.0, 0.0], [3.0, 1.0]])
    space = np.column_stack([plane, np.zeros(2)])
    rng = np.random.default_rng(0)
    exact = ml_asymptotic_covariance(plane)
    sampled = ml_asymptotic_covariance(space, rng=rng)
    idle_free = sampled.reshape(2, 3, 2, 3)[:, :2, :, :2].reshape(4, 4)
    np.testing.assert_allclose(idle_free, exact, rtol=0.03, atol=0.03)
    # One component, noise equal to the model: P = 1/2 and m = 0 give twice the ML covariance.
    model = GaussianMixture.isotropic(np.zeros((1, 3)), sigma=2.0)
    nce = nce_asymptotic_covariance(np.zeros((1, 3)), model, sigma=2.0, rng=rng)
    np.testing.assert_allclose(nce, 8 * np.eye(3), atol=0.15)


X, Y = np.zeros((3, 2)), np.ones((3, 2))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"means": [[np.nan, 0.0]]}, "means holds nan"),
        ({"x": [[0.0]]}, "x has 1 columns"),
        ({"noise_points": [[0.0]]}, "noise_points has 1 columns"),
        ({"noise": None}, "log_density"),
        ({"sigma": 0.0}, "sigma"),
        ({"log_z": [1.0]}, "log_z has shape"),
        ({"log_z": np.inf}, "log_z holds inf"),
        (
            {"noise": SimpleNamespace(log_density=lambda y: np.zeros((len(y), 1)))},
            "one value a point",
        ),
        (
            {"noise": SimpleNamespace(log_density=lambda y: np.full(len(y), -np.inf))},
            r"-inf at x\[0\]",
        ),
    ],
)
def test_bad_input_of_the_loss_is_named(changes, words):
    arguments = {"means": [[0.0, 0.0]], "x": X, "noise": NOISE, "noise_points": Y} | changes
    with pytest.raises(ValueError, match=words):
        nce_loss(**arguments)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": [[np.inf, 0.0]]}, "x holds inf"),
        ({"start": [[0.0]]}, "start has 1 columns"),
        ({"start": [[1e200, 0.0]]}, "start nearer"),
        ({"start": None}, "n_components is None"),
        ({"start": None, "n_components": 4}, "x has 3 points"),
        ({"n_components": 2}, "start has 1 means"),
        ({"rng": None}, "rng is None"),
        ({"noise": None}, "covariance"),
        ({"noise": None, "noise_points": Y}, "noise is None"),
        ({"noise": SimpleNamespace(log_density=len)}, "sample"),
        ({"ratio": 0.0}, "ratio"),
        ({"max_iter": 0}, "max_iter"),
        ({"tol": -1.0}, "tol"),
        ({"log_z": "8"}, "log_z"),
    ],
)
def test_bad_input_of_the_fit_is_named(changes, words):
    arguments = {"x": X, "noise": NOISE, "start": [[0.0, 0.0]], "rng": np.random.default_rng(0)}
    with pytest.raises(ValueError, match=words):
        fit_nce(**arguments | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"means": [[0.0, 0.0], [0.0, 0.0]]}, "information is singular"),
        ({"noise": GaussianMixture.isotropic([[60.0, 0.0]])}, "information is singular"),
        ({"means": [0.0], "noise": GaussianMixture([1.0], [0.25], [1e-4])}, "varies too quickly"),
        ({"ratio": 0.0}, "ratio"),
        ({"means": np.zeros((1, 3))}, "rng is None"),
        ({"noise": 3.0}, "log_density"),
    ],
)
def test_bad_input_of_the_covariance_is_named(changes, words):
    with pytest.raises(ValueError, match=words):
        nce_asymptotic_covariance(**{"means": CORNERS, "noise": NOISE} | changes)
