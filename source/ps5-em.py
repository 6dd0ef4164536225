# ---
# jupyter:
#   course:
#     notebook: em_gmm
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Expectation-maximisation for Gaussian mixtures
#
# You fit a mixture of Gaussians in any number of dimensions.
# You write the log-likelihood, the E-step, the M-step without a loop, the fit from a random start, and the matching of components to a known truth.
# At the end your functions recover three overlapping components from 900 points.
#
# ## How to work
#
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - After your submission further checks run on other inputs: other numbers of components and dimensions, extreme values, integer arrays.
# - A function never changes the arrays it is given.
# - Before you hand in, restart the kernel and run all cells.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $n$ | number of points | `n` | number |
# | $d$ | number of dimensions | `d` | number |
# | $K$ | number of components | `k` | number |
# | $x_i$ | point number $i$ | `samples[i]` | `samples` has `(n, d)` |
# | $\pi_k$ | mixing weight of component $k$, positive; the weights sum to 1 | `weights[k]` | `(k,)` |
# | $\mu_k$ | mean of component $k$ | `means[k]` | `(k, d)` |
# | $\Sigma_k$ | covariance of component $k$, symmetric and positive definite | `covariances[k]` | `(k, d, d)` |
# | $r_{ik}$ | responsibility: the probability that component $k$ produced $x_i$ | `resp[i, k]` | `(n, k)` |
#
# Logarithms are natural.

# %% given="imports"
import ast
import contextlib
import inspect
import io
import itertools
import warnings

import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg, optimize, special, stats


@contextlib.contextmanager
def quiet():
    """Keep warnings and stderr out of a check: they must not cost points."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


# %% [markdown]
# ## Given: the log-density of one Gaussian
#
# With the Cholesky factor $L$, a lower triangular matrix with $\Sigma = L L^\top$, the log-density is
#
# $$
# \log \mathcal N(x \mid \mu, \Sigma) = -\tfrac d2 \log 2\pi - \sum_{a=1}^d \log L_{aa} - \tfrac12 \, \lVert L^{-1}(x - \mu) \rVert^2 .
# $$
#
# You may use this function in every task.


# %% given="gaussian_log_density"
def gaussian_log_density(samples, mean, covariance):
    """Return the log-density of a Gaussian at the points.

    Parameters
    ----------
    samples : ndarray, shape (n, d)
        Points.
    mean : ndarray, shape (d,)
        Mean.
    covariance : ndarray, shape (d, d)
        Covariance, symmetric and positive definite.

    Returns
    -------
    ndarray, shape (n,)
        Logarithm of the density at each point.
    """
    factor = np.linalg.cholesky(covariance)  # (d, d), lower triangular
    scaled = linalg.solve_triangular(factor, (samples - mean).T, lower=True)  # (d, n)
    log_determinant = 2 * np.log(np.diag(factor)).sum()
    return -0.5 * (samples.shape[1] * np.log(2 * np.pi) + log_determinant + (scaled**2).sum(axis=0))


# %% [markdown]
# ## Task 1: the log-likelihood
#
# The log-likelihood sums the log-density of the mixture over all points:
#
# $$
# \ell(\pi, \mu, \Sigma) = \sum_{i=1}^n \log \sum_{k=1}^K \pi_k \, \mathcal N(x_i \mid \mu_k, \Sigma_k) .
# $$
#
# It is one number.
# The inner sum runs over the $K$ components, not over the $d$ dimensions.
#
# **Watch out.**
# The sum over the components stands inside the logarithm, with the mixing weights, not the responsibilities.
# Nothing is divided by $K$ or $n$.
# In many dimensions, and far from every mean, the densities are 0 in floating point.
# Your result must be right there too: stay with logarithms.


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    """Return the log-likelihood of a Gaussian mixture.

    Parameters
    ----------
    samples : ndarray, shape (n, d)
        Points.
    weights : ndarray, shape (k,)
        Mixing weights, positive, summing to 1.
    means : ndarray, shape (k, d)
        Means of the components.
    covariances : ndarray, shape (k, d, d)
        Covariances of the components.

    Returns
    -------
    float
        Summed over the points.
    """
    ### BEGIN SOLUTION
    log_joint = np.stack(
        [
            np.log(weight) + gaussian_log_density(samples, mean, covariance)
            for weight, mean, covariance in zip(weights, means, covariances, strict=True)
        ],
        axis=1,
    )  # (n, k)
    return float(special.logsumexp(log_joint, axis=1).sum())
    ### END SOLUTION


# %% check="test_gmm_log_likelihood" points=1
samples = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 0.5], [-3.0, 2.0]])
mean, covariance = np.array([0.5, 1.0]), np.array([[2.0, 0.6], [0.6, 1.0]])
expected = stats.multivariate_normal(mean, covariance).logpdf(samples).sum()
with quiet():
    value = gmm_log_likelihood(samples.copy(), np.array([1.0]), mean[None], covariance[None])
assert np.ndim(value) == 0, f"expected one number; came an array of shape {np.shape(value)}"
np.testing.assert_allclose(
    value,
    expected,
    rtol=1e-8,
    err_msg="one component: expected the sum of scipy.stats.multivariate_normal.logpdf. "
    "Sum or mean? Is a transpose missing?",
)

# Three equal components are one component, whatever the weights.
with quiet():
    value = gmm_log_likelihood(
        samples.copy(),
        np.array([0.2, 0.3, 0.5]),
        np.tile(mean, (3, 1)),
        np.tile(covariance, (3, 1, 1)),
    )
np.testing.assert_allclose(
    value,
    expected,
    rtol=1e-8,
    err_msg="three equal components: expected the same as with one. Does the inner sum run over "
    "all components, inside the logarithm, with the mixing weights, and nothing divided by K?",
)

# Components far apart: each point sees one of them, with its weight.
samples = np.array([[-100.0, 0.0], [100.0, 1.0], [101.0, 0.0]])
with quiet():
    value = gmm_log_likelihood(
        samples.copy(),
        np.array([0.25, 0.75]),
        np.array([[-100.0, 0.0], [100.0, 0.0]]),
        np.stack([np.eye(2), covariance]),
    )
np.testing.assert_allclose(
    value,
    np.log(0.25) + stats.multivariate_normal([-100, 0], np.eye(2)).logpdf(samples[0])
    + 2 * np.log(0.75) + stats.multivariate_normal([100, 0], covariance).logpdf(samples[1:]).sum(),
    rtol=1e-8,
    err_msg="components far apart: log weight plus log-density of the near component, summed",
)  # fmt: skip


# %% check="test_gmm_log_likelihood_other_inputs" points=2
# Hidden check: other inputs (d = 1, 2, 3 and 5, k = 1 to 6, n = 1, correlated and badly scaled
# covariances, integer arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def random_covariances(rng, k, d, scales):
    """Covariances with correlations and the given standard deviations."""
    factors = rng.normal(size=(k, d, d)) + 2 * np.eye(d)
    return np.einsum("kab,kcb->kac", factors, factors) * np.outer(scales, scales)


rng = np.random.default_rng(11)
cases = []
for name, n, d, k, scales in [
    ("d = 2, k = 4", 9, 2, 4, [1, 1]),
    ("d = 5, k = 3", 8, 5, 3, [1, 2, 0.5, 1, 3]),
    ("d = 3, k = 2", 7, 3, 2, [1, 1, 1]),
    ("d = 2, k = 2", 6, 2, 2, [1, 2]),
    ("d = 1, k = 6", 6, 1, 6, [2]),
    ("n = 1, k = 1", 1, 3, 1, [1, 1, 1]),
    ("n = 1, k = 3", 1, 2, 3, [1, 1]),
    ("badly scaled", 6, 2, 3, [1e-1, 1e2]),
]:
    scales = np.array(scales, dtype=float)
    weights = rng.dirichlet(np.ones(k))
    means = scales * rng.normal(0, 2, (k, d))
    covariances = random_covariances(rng, k, d, scales)
    cases.append((name, scales * rng.normal(0, 3, (n, d)), weights, means, covariances))
cases.append(
    (
        "integers",
        np.array([[0, 3], [-2, 1], [5, 5]]),
        np.array([0.2, 0.3, 0.5]),
        np.array([[0, 1], [-1, 0], [4, 4]]),
        np.array([[[2, 1], [1, 3]], [[1, 0], [0, 1]], [[4, -1], [-1, 2]]]),
    )
)
for name, samples, weights, means, covariances in cases:
    total = np.zeros(len(samples))
    for weight, mean, covariance in zip(weights, means, covariances, strict=True):
        centred = samples - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        total += weight * np.exp(-0.5 * squares) / np.sqrt(np.linalg.det(2 * np.pi * covariance))
    expected = np.log(total).sum()
    parameters = (samples, weights, means, covariances)
    arguments = [part.copy() for part in parameters]
    with quiet():
        value = gmm_log_likelihood(*arguments)
    assert np.ndim(value) == 0, f"{name}: expected one number; came shape {np.shape(value)}"
    np.testing.assert_allclose(
        value,
        expected,
        rtol=1e-8,
        atol=1e-9,
        err_msg=f"{name}: wrong log-likelihood. All K components inside the logarithm, with the "
        "mixing weights, then a sum over the points?",
    )
    for label, before, after in zip(
        ("samples", "weights", "means", "covariances"), parameters, arguments, strict=True
    ):
        assert np.array_equal(before, after), f"{name}: the function changed its argument {label}"
### END HIDDEN TESTS

# %% check="test_gmm_log_likelihood_far_tails" points=1
# Hidden check: points far from every mean, and 20 dimensions, where the density is 0 in floating
# point.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(12)
tilted = np.array([[2.0, 0.9], [0.9, 1.0]])
cases = [
    (
        np.array([[1e3, -1e3], [-60.0, 0.0], [0.0, 1e4], [1.0, 0.5]]),
        np.array([0.2, 0.3, 0.5]),
        np.array([[0.0, 0.0], [2.0, -1.0], [-3.0, 1.0]]),
        np.stack([np.eye(2), tilted, 0.1 * tilted]),
    ),
    (
        np.array([[500.0], [-1e5]]),
        np.array([0.9, 0.1]),
        np.array([[0.0], [1.0]]),
        np.ones((2, 1, 1)),
    ),
    (
        30 * rng.normal(size=(4, 20)),
        np.array([0.4, 0.6]),
        rng.normal(size=(2, 20)),
        np.stack([0.25 * np.eye(20), np.eye(20) + 0.5]),
    ),
]
for samples, weights, means, covariances in cases:
    logs = np.empty((len(samples), len(weights)))
    for j, (weight, mean, covariance) in enumerate(zip(weights, means, covariances, strict=True)):
        centred = samples - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        logs[:, j] = np.log(weight) - 0.5 * (
            squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi)
        )
    # All points together, and each point alone: one large term must not hide an error elsewhere.
    for rows in [slice(None), *(slice(i, i + 1) for i in range(len(samples)))]:
        with quiet():
            value = gmm_log_likelihood(
                samples[rows].copy(), weights.copy(), means.copy(), covariances.copy()
            )
        assert np.ndim(value) == 0, f"expected one number; came shape {np.shape(value)}"
        assert np.isfinite(value), (
            f"expected a finite number far from the means; came {value}. The logarithm of an "
            "underflown density is minus infinity: stay with logarithms"
        )
        np.testing.assert_allclose(
            value,
            np.logaddexp.reduce(logs[rows], axis=1).sum(),
            rtol=1e-8,
            err_msg="wrong log-likelihood far from the means",
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the E-step
#
# The E-step computes the responsibilities by Bayes' rule:
#
# $$
# r_{ik} = \frac{\pi_k \, \mathcal N(x_i \mid \mu_k, \Sigma_k)}{\sum_{j=1}^{K} \pi_j \, \mathcal N(x_i \mid \mu_j, \Sigma_j)} .
# $$
#
# The result has shape `(n, k)`: one row a point, one column a component.
# Each row sums to 1.
#
# **Watch out.**
# A responsibility is a ratio of weighted *densities*, not of their logarithms.
# Far from every mean both numerator and denominator are 0 in floating point.
# Your result must be finite and right there too.


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    """Return the responsibilities of the components for the points.

    Parameters
    ----------
    samples : ndarray, shape (n, d)
        Points.
    weights : ndarray, shape (k,)
        Mixing weights, positive, summing to 1.
    means : ndarray, shape (k, d)
        Means of the components.
    covariances : ndarray, shape (k, d, d)
        Covariances of the components.

    Returns
    -------
    ndarray, shape (n, k)
        Responsibilities; each row sums to 1.
    """
    ### BEGIN SOLUTION
    log_joint = np.stack(
        [
            np.log(weight) + gaussian_log_density(samples, mean, covariance)
            for weight, mean, covariance in zip(weights, means, covariances, strict=True)
        ],
        axis=1,
    )  # (n, k)
    return np.exp(log_joint - special.logsumexp(log_joint, axis=1, keepdims=True))
    ### END SOLUTION


# %% check="test_e_step" points=1
# Each case can be worked out by hand. When it is graded, an e_step that calls your
# gmm_log_likelihood is judged with that function: a mistake counts once.
cases = [
    (
        "three equal components: expected the weights in every row",
        np.array([[0.0, 1.0], [5.0, -2.0], [1.0, 1.0], [9.0, 9.0]]),
        np.array([0.2, 0.3, 0.5]),
        np.zeros((3, 2)),
        np.tile([[2.0, 0.6], [0.6, 1.0]], (3, 1, 1)),
        np.tile([0.2, 0.3, 0.5], (4, 1)),
    ),
    (
        "halfway between two mirrored components: expected one half each",
        np.array([[0.0, 7.0, 1.0]]),
        np.array([0.5, 0.5]),
        np.array([[-2.0, 7.0, 1.0], [2.0, 7.0, 1.0]]),
        np.stack([np.eye(3), np.eye(3)]),
        np.array([[0.5, 0.5]]),
    ),
    (
        "same means, covariances I and 4 I in two dimensions: at the mean the densities are 4 : 1",
        np.array([[3.0, 1.0]]),
        np.array([0.2, 0.8]),
        np.array([[3.0, 1.0], [3.0, 1.0]]),
        np.stack([np.eye(2), 4 * np.eye(2)]),
        np.array([[0.5, 0.5]]),
    ),
]
for name, samples, weights, means, covariances, expected in cases:
    with quiet():
        resp = e_step(samples.copy(), weights.copy(), means.copy(), covariances.copy())
    resp = np.asarray(resp, dtype=float)
    ### BEGIN HIDDEN TESTS
    if resp.shape == expected.shape and not np.allclose(resp, expected, rtol=1e-8):
        with contextlib.suppress(Exception), quiet():
            logs = [
                np.log(w) + gaussian_log_density(samples, m, c)
                for w, m, c in zip(weights, means, covariances, strict=True)
            ]
            parameters = (weights, means, covariances)
            totals = [gmm_log_likelihood(row[None], *parameters) for row in samples]
            carried = np.exp(np.transpose(logs) - np.array(totals)[:, None])
            if np.allclose(resp, carried, rtol=1e-8, equal_nan=True):
                continue
    ### END HIDDEN TESTS
    assert resp.shape == expected.shape, (
        f"expected shape {expected.shape}, a row for each point and a column for each component; "
        f"came {resp.shape}. Do you loop over the components, or over the dimensions?"
    )
    np.testing.assert_allclose(
        resp.sum(axis=1),
        1,
        rtol=1e-8,
        err_msg="each row must sum to 1. Over which axis do you sum?",
    )
    np.testing.assert_allclose(
        resp,
        expected,
        rtol=1e-8,
        err_msg=f"{name}. Do you normalise weighted densities, or their logarithms?",
    )


# %% check="test_e_step_other_inputs" points=2
# Hidden check: other inputs (d = 1, 2, 3 and 5, k = 1 to 6, n = 1, correlated and badly scaled
# covariances, integer arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def random_covariances(rng, k, d, scales):
    """Covariances with correlations and the given standard deviations."""
    factors = rng.normal(size=(k, d, d)) + 2 * np.eye(d)
    return np.einsum("kab,kcb->kac", factors, factors) * np.outer(scales, scales)


rng = np.random.default_rng(21)
cases = []
for name, n, d, k, scales in [
    ("d = 2, k = 4", 9, 2, 4, [1, 1]),
    ("d = 5, k = 3", 8, 5, 3, [1, 2, 0.5, 1, 3]),
    ("d = 3, k = 2", 7, 3, 2, [1, 1, 1]),
    ("d = k = n = 2", 2, 2, 2, [1, 2]),
    ("d = 1, k = 6", 6, 1, 6, [2]),
    ("n = 1, k = 1", 1, 3, 1, [1, 1, 1]),
    ("n = 1, k = 3", 1, 2, 3, [1, 1]),
    ("badly scaled", 6, 2, 3, [1e-1, 1e2]),
]:
    scales = np.array(scales, dtype=float)
    weights = rng.dirichlet(np.ones(k))
    means = scales * rng.normal(0, 2, (k, d))
    covariances = random_covariances(rng, k, d, scales)
    cases.append((name, scales * rng.normal(0, 3, (n, d)), weights, means, covariances))
cases.append(
    (
        "integers",
        np.array([[0, 3], [-2, 1], [5, 5]]),
        np.array([0.2, 0.3, 0.5]),
        np.array([[0, 1], [-1, 0], [4, 4]]),
        np.array([[[2, 1], [1, 3]], [[1, 0], [0, 1]], [[4, -1], [-1, 2]]]),
    )
)
for name, samples, weights, means, covariances in cases:
    densities = np.empty((len(samples), len(weights)))
    for j, (weight, mean, covariance) in enumerate(zip(weights, means, covariances, strict=True)):
        centred = samples - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        determinant = np.linalg.det(2 * np.pi * covariance)
        densities[:, j] = weight * np.exp(-0.5 * squares) / np.sqrt(determinant)
    expected = densities / densities.sum(axis=1, keepdims=True)
    parameters = (samples, weights, means, covariances)
    arguments = [part.copy() for part in parameters]
    with quiet():
        resp = np.asarray(e_step(*arguments), dtype=float)
    for label, before, after in zip(
        ("samples", "weights", "means", "covariances"), parameters, arguments, strict=True
    ):
        assert np.array_equal(before, after), f"{name}: the function changed its argument {label}"
    assert resp.shape == expected.shape, (
        f"{name}: expected shape {expected.shape}; came {resp.shape}"
    )
    if not np.allclose(resp, expected, rtol=1e-8, atol=1e-10):
        # An e_step written with gmm_log_likelihood: a mistake there counts there, not here.
        with contextlib.suppress(Exception), quiet():
            totals = [gmm_log_likelihood(row[None], weights, means, covariances) for row in samples]
            carried = np.exp(np.log(densities) - np.array(totals)[:, None])
            if np.allclose(resp, carried, rtol=1e-8, atol=1e-10, equal_nan=True):
                continue
    np.testing.assert_allclose(
        resp,
        expected,
        rtol=1e-8,
        atol=1e-10,
        err_msg=f"{name}: wrong responsibilities. Ratio of weighted densities, summed over the "
        "components?",
    )
### END HIDDEN TESTS

# %% check="test_e_step_far_tails" points=2
# Hidden check: points far from every mean, and 20 dimensions, where the density is 0 in floating
# point.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(22)
tilted = np.array([[2.0, 0.9], [0.9, 1.0]])
cases = [
    (
        np.array([[1e3, -1e3], [-60.0, 0.0], [0.0, 1e4], [1.0, 0.5]]),
        np.array([0.2, 0.3, 0.5]),
        np.array([[0.0, 0.0], [2.0, -1.0], [-3.0, 1.0]]),
        np.stack([np.eye(2), tilted, 0.1 * tilted]),
    ),
    (
        np.array([[1e3, 0.0], [-1e3, 0.0], [50.0, 50.0]]),
        np.array([0.3, 0.7]),
        np.array([[0.0, 0.0], [1e-3, 0.0]]),
        np.stack([np.eye(2), np.eye(2)]),
    ),
    (
        np.array([[500.0], [-1e3]]),
        np.array([0.9, 0.1]),
        np.array([[0.0], [1e-3]]),
        np.ones((2, 1, 1)),
    ),
    (
        30 * rng.normal(size=(4, 20)),
        np.array([0.4, 0.6]),
        rng.normal(size=(2, 20)),
        np.stack([0.25 * np.eye(20), np.eye(20) + 0.5]),
    ),
]
for samples, weights, means, covariances in cases:
    logs = np.empty((len(samples), len(weights)))
    for j, (weight, mean, covariance) in enumerate(zip(weights, means, covariances, strict=True)):
        centred = samples - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        logs[:, j] = np.log(weight) - 0.5 * (
            squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi)
        )
    expected = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
    with quiet():
        resp = e_step(samples.copy(), weights.copy(), means.copy(), covariances.copy())
    resp = np.asarray(resp, dtype=float)
    assert resp.shape == expected.shape, f"expected shape {expected.shape}; came {resp.shape}"
    if not np.allclose(resp, expected, rtol=1e-6, atol=1e-8):
        # An e_step written with gmm_log_likelihood: a mistake there counts there, not here.
        with contextlib.suppress(Exception), quiet():
            totals = [gmm_log_likelihood(row[None], weights, means, covariances) for row in samples]
            carried = np.exp(logs - np.array(totals)[:, None])
            if np.allclose(resp, carried, rtol=1e-6, atol=1e-8, equal_nan=True):
                continue
    assert np.all(np.isfinite(resp)), (
        f"expected finite responsibilities far from the means; came {resp[~np.isfinite(resp)][:3]}."
        " The densities are 0 there: compare logarithms before you take the exponential"
    )
    # Logs of order 1e6 are known to about 1e-9 only.
    np.testing.assert_allclose(
        resp, expected, rtol=1e-6, atol=1e-8, err_msg="wrong responsibilities far from the means"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the M-step, without loops
#
# The effective number of points of component $k$ is $N_k = \sum_{i=1}^n r_{ik}$.
# The new parameters are
#
# $$
# \pi_k = \frac{N_k}{n},
# \qquad
# \mu_k = \frac{1}{N_k} \sum_{i=1}^n r_{ik} \, x_i,
# \qquad
# \Sigma_k = \frac{1}{N_k} \sum_{i=1}^n r_{ik} \, (x_i - \mu_k)(x_i - \mu_k)^\top .
# $$
#
# Write this task **without loops**: no `for`, no `while`, no comprehension or generator expression, nor `map`, `np.vectorize` or `apply_along_axis` in their place.
# The rule holds for everything in the cell of `m_step`, helper functions included.
# Products of matrices, broadcasting and `np.einsum` do the work.
# Nothing is added to the covariances here.
#
# **Watch out.**
# The covariance is taken around the *new* mean of the *same* component, and divided by $N_k$.
# Try your function on data where $n$, $k$ and $d$ all differ: a forgotten transpose shows there.


# %% solution="m_step"
def m_step(samples, resp):
    """Return the parameters that maximise the expected log-likelihood.

    Parameters
    ----------
    samples : ndarray, shape (n, d)
        Points.
    resp : ndarray, shape (n, k)
        Responsibilities; each row sums to 1, and no column is all 0.

    Returns
    -------
    weights : ndarray, shape (k,)
        Mixing weights.
    means : ndarray, shape (k, d)
        Means of the components.
    covariances : ndarray, shape (k, d, d)
        Covariances of the components.
    """
    ### BEGIN SOLUTION
    counts = resp.sum(axis=0)  # (k,)
    means = resp.T @ samples / counts[:, None]  # (k, d)
    centred = samples - means[:, None]  # (k, n, d)
    scatter = np.einsum("nk,kni,knj->kij", resp, centred, centred)  # (k, d, d)
    return counts / len(samples), means, scatter / counts[:, None, None]
    ### END SOLUTION


# %% check="test_m_step" points=1
# Whole points: the first two belong to the first component, the last four to the second.
samples = np.array([[0.0, 1.0], [2.0, 1.0], [4.0, 0.0], [6.0, 0.0], [4.0, 2.0], [6.0, 2.0]])
resp = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])
with quiet():
    result = m_step(samples.copy(), resp.copy())
assert result is not None, "expected weights, means and covariances; came None. Is there a return?"
assert len(result) == 3, f"expected three results: weights, means, covariances; came {len(result)}"
weights, means, covariances = (np.asarray(part, dtype=float) for part in result)
assert (weights.shape, means.shape, covariances.shape) == ((2,), (2, 2), (2, 2, 2)), (
    f"expected shapes (2,), (2, 2) and (2, 2, 2); came {weights.shape}, {means.shape} and "
    f"{covariances.shape}"
)
np.testing.assert_allclose(
    weights, [1 / 3, 2 / 3], rtol=1e-8, err_msg="weights: 2 and 4 of 6 points"
)
np.testing.assert_allclose(
    means,
    [[1.0, 1.0], [5.0, 1.0]],
    rtol=1e-8,
    err_msg="means: one row a component, the average of its points. Is a transpose missing?",
)
np.testing.assert_allclose(
    covariances,
    [[[1.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]],
    rtol=1e-8,
    atol=1e-12,
    err_msg="covariances: every coordinate that varies is 1 away from its mean. "
    "Around the new mean of the same component, divided by N_k, and nothing added?",
)

# One component owns everything: the mean and covariance of the whole sample.
samples = np.array([[1.0, 0.0, 2.0], [3.0, 1.0, -1.0], [0.0, 5.0, 2.0], [4.0, 2.0, 2.0], [1, 1, 1]])
with quiet():
    weights, means, covariances = m_step(samples.copy(), np.ones((5, 1)))
assert (np.shape(weights), np.shape(means), np.shape(covariances)) == ((1,), (1, 3), (1, 3, 3)), (
    f"n = 5, k = 1, d = 3: expected shapes (1,), (1, 3) and (1, 3, 3); came {np.shape(weights)}, "
    f"{np.shape(means)} and {np.shape(covariances)}"
)
np.testing.assert_allclose(
    means[0], samples.mean(axis=0), rtol=1e-8, err_msg="k = 1: expected samples.mean(axis=0)"
)
np.testing.assert_allclose(
    covariances[0],
    np.cov(samples.T, bias=True),
    rtol=1e-8,
    atol=1e-12,
    err_msg="k = 1: expected np.cov(samples.T, bias=True), which divides by n",
)

# %% check="test_m_step_other_inputs" points=3
# Hidden check: other inputs (shared points with d = 1, 2, 3 and 5, k = 1 to 6, n = 1, badly scaled
# data, integer arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(31)
cases = [
    ("d = 2, k = 3", rng.normal(1, 2, (15, 2)), rng.dirichlet(np.ones(3), 15)),
    ("d = 5, k = 4", rng.normal(-1, 2, (40, 5)), rng.dirichlet([0.3, 1.0, 2.0, 5.0], 40)),
    ("d = 3, k = 3", rng.normal(3, 2, (12, 3)), rng.dirichlet(np.ones(3), 12)),
    ("d = k = n = 2", rng.normal(0, 2, (2, 2)), rng.dirichlet(np.ones(2), 2)),
    ("d = 1, k = 6", rng.normal(0, 2, (20, 1)), rng.dirichlet(np.ones(6), 20)),
    ("d = 4, k = 2", rng.normal(0, 2, (9, 4)) + 20, rng.dirichlet(np.ones(2), 9)),
    (
        "badly scaled",
        rng.normal(1, 2, (15, 2)) * np.array([1e-3, 1e3]),
        rng.dirichlet(np.ones(3), 15),
    ),
    (
        "integers",
        np.array([[0, 3], [-2, 1], [5, 5], [7, -4], [1, 2]]),
        np.array([[0, 1], [1, 0], [1, 0], [1, 0], [0, 1]]),
    ),
    ("n = 1, k = 1", np.array([[3.0, -2.0, 1.0]]), np.ones((1, 1))),
    ("n = 1, k = 2", np.array([[4.0, -2.0]]), np.array([[0.25, 0.75]])),
]
for name, samples, resp in cases:
    (n, d), k = samples.shape, resp.shape[1]
    weights, means, covariances = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
    for j in range(k):
        weights[j] = resp[:, j].sum() / n
        means[j] = np.average(samples, axis=0, weights=resp[:, j])
        for i in range(n):
            centred = samples[i] - means[j]
            covariances[j] += resp[i, j] * np.outer(centred, centred) / resp[:, j].sum()
    expected = (weights, means, covariances)
    arguments = [samples.copy(), resp.copy()]
    with quiet():
        result = m_step(*arguments)
    size = np.abs(samples).max(axis=0)  # (d,)
    tolerances = (1e-12, 1e-11 * size, 1e-10 * np.outer(size, size))
    for label, part, value, tolerance in zip(
        ("weights", "means", "covariances"), result, expected, tolerances, strict=True
    ):
        part = np.asarray(part, dtype=float)
        assert part.shape == value.shape, (
            f"{name}: expected {label} of shape {value.shape}; came {part.shape}"
        )
        assert np.all(np.abs(part - value) <= tolerance + 1e-8 * np.abs(value)), (
            f"{name}: wrong {label}. Expected {np.round(value, 6).tolist()}; came "
            f"{np.round(part, 6).tolist()}. Weighted sums over the points divided by N_k, the "
            "covariance around the new mean of the same component, nothing added?"
        )
    for label, before, after in zip(("samples", "resp"), (samples, resp), arguments, strict=True):
        assert np.array_equal(before, after), f"{name}: the function changed its argument {label}"
### END HIDDEN TESTS

# %% check="test_m_step_without_loops" points=2
# The rule: no loop, comprehension or generator expression in the cell that defines m_step, nor
# map, np.vectorize or apply_along_axis. The last such cell that was run counts.
submitted = None
for text in globals().get("In") or [inspect.getsource(m_step)]:
    with contextlib.suppress(SyntaxError):
        tree = ast.parse(text)
        if any(isinstance(node, ast.FunctionDef) and node.name == "m_step" for node in tree.body):
            submitted = tree
assert submitted is not None, "found no cell that defines m_step with def, outside of everything"
loops = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)
for node in ast.walk(submitted):
    assert not isinstance(node, loops), (
        "the cell of m_step holds a loop, a comprehension or a generator expression. "
        "Use products of matrices, broadcasting or np.einsum"
    )
    used = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
    assert used not in ("map", "vectorize", "apply_along_axis"), (
        f"{used} is a loop in disguise: the cell of m_step must do without it"
    )

# The rule is about a function that computes something: shapes and weights are looked at here.
with quiet():
    result = m_step(np.arange(8.0).reshape(4, 2) ** 2, np.full((4, 3), [0.5, 0.25, 0.25]))
shapes = [np.shape(part) for part in result]
assert shapes == [(3,), (3, 2), (3, 2, 2)], (
    f"n = 4, k = 3, d = 2: expected shapes (3,), (3, 2) and (3, 2, 2); came {shapes}"
)
np.testing.assert_allclose(
    np.asarray(result[0], dtype=float),
    [0.5, 0.25, 0.25],
    rtol=1e-8,
    err_msg="equal rows of resp: expected the weights 0.5, 0.25 and 0.25",
)

# %% [markdown]
# ## Task 4: the fit
#
# Start at random, then alternate E-step and M-step exactly `num_iters` times.
# After iteration $t$ record the log-likelihood of the parameters that this iteration produced.
# The start's own value does not belong to the history.
#
# The start is yours to choose, as long as it is drawn with `rng`.
# A simple one: `num_components` different points of the data as means, unit covariances and equal weights.
#
# A component that shrinks onto a single point has a singular covariance.
# You may add at most $10^{-6}$ to the diagonal of the covariances in this function.
#
# **Watch out.**
# The same generator state must give the same fit, and another seed another start.
# So use nothing but `rng`: neither `np.random.seed` nor a generator of your own.


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    """Fit a Gaussian mixture by expectation-maximisation from a random start.

    Parameters
    ----------
    samples : ndarray, shape (n, d)
        Points.
    num_components : int
        Number of components k.
    num_iters : int
        Number of iterations, at least 1.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    weights : ndarray, shape (k,)
        Mixing weights after the last iteration.
    means : ndarray, shape (k, d)
        Means after the last iteration.
    covariances : ndarray, shape (k, d, d)
        Covariances after the last iteration.
    log_likelihoods : ndarray, shape (num_iters,)
        Entry t belongs to the parameters after iteration t.
    """
    ### BEGIN SOLUTION
    n, d = samples.shape
    weights = np.full(num_components, 1 / num_components)
    means = samples[rng.choice(n, size=num_components, replace=False)].astype(float)
    covariances = np.tile(np.eye(d), (num_components, 1, 1))
    log_likelihoods = []
    for _ in range(num_iters):
        resp = e_step(samples, weights, means, covariances)
        weights, means, covariances = m_step(samples, resp)
        log_likelihoods.append(gmm_log_likelihood(samples, weights, means, covariances))
    return weights, means, covariances, np.array(log_likelihoods)
    ### END SOLUTION


# %% check="test_fit_gaussian_mixture" points=1
# Shapes, seeds and the history.
noise = np.random.default_rng(0).normal(size=(80, 2))
samples = noise + np.where(np.arange(80)[:, None] < 40, [-2.0, 1.0], [2.0, 0.0])
with quiet():
    result = fit_gaussian_mixture(samples.copy(), 2, 5, np.random.default_rng(3))
    again = fit_gaussian_mixture(samples.copy(), 2, 5, np.random.default_rng(3))
    shorter = fit_gaussian_mixture(samples.copy(), 2, 3, np.random.default_rng(3))
assert result is not None, "expected four results; came None. Is there a return?"
assert len(result) == 4, (
    f"expected four results: weights, means, covariances, log_likelihoods; came {len(result)}"
)
shapes = [np.shape(part) for part in result]
assert shapes == [(2,), (2, 2), (2, 2, 2), (5,)], (
    "k = 2, d = 2, num_iters = 5: expected shapes (2,), (2, 2), (2, 2, 2) and (5,), one value of "
    f"the log-likelihood an iteration; came {shapes}"
)
for label, one, two in zip(
    ("weights", "means", "covariances", "log_likelihoods"), result, again, strict=True
):
    np.testing.assert_allclose(
        one, two, rtol=1e-8, err_msg=f"the same seed gave other {label}. Draw everything from rng"
    )
np.testing.assert_allclose(
    shorter[3],
    np.asarray(result[3])[:3],
    rtol=1e-8,
    err_msg="from the same seed, a shorter run must have the same first values in its history",
)


# One component on the line: from any start, one iteration gives the data's mean and variance.
def agree(parts, expected):
    """Tell whether two lists of arrays agree; a ridge of 1e-6 is allowed."""
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=1e-5, equal_nan=True)
        for a, b in zip(parts, expected, strict=True)
    )


x = samples[:, :1]
with quiet():
    *fitted, history = fit_gaussian_mixture(x.copy(), 1, 1, np.random.default_rng(4))
right = agree(fitted, ([1.0], [[x.mean()]], [[[x.var()]]]))
if not right:  # A mistake in an earlier function counts there, not here.
    with contextlib.suppress(Exception), quiet():
        *later, _ = fit_gaussian_mixture(x.copy(), 1, 2, np.random.default_rng(4))
        right = agree(later, m_step(x.copy(), e_step(x.copy(), *fitted)))
assert right, (
    f"k = 1, d = 1, one iteration: expected weight 1, mean {x.mean():.6f} and variance "
    f"{x.var():.6f}; came {[np.round(part, 6).tolist() for part in fitted]}"
)
expected = stats.norm.logpdf(x, fitted[1], np.sqrt(fitted[2][0])).sum()
right = np.allclose(history, expected, rtol=0, atol=1e-3)
if not right:
    with contextlib.suppress(Exception), quiet():
        value = gmm_log_likelihood(x.copy(), *fitted)
        right = np.allclose(history, value, rtol=0, atol=1e-3, equal_nan=True)
assert right, (
    f"k = 1: expected the log-likelihood {expected:.4f} after the iteration; came {history}. "
    "Record it after the M-step, for the new parameters"
)


# %% check="test_fit_gaussian_mixture_iterations" points=2
# Hidden check: one more iteration is one more step of EM, for k = 2 and 3 and d = 1 and 2; the
# history belongs to the parameters; the arguments stay as they are.
### BEGIN HIDDEN TESTS
def reference_logs(samples, weights, means, covariances):
    """Weighted log-densities (n, k)."""
    logs = []
    for weight, mean, covariance in zip(weights, means, covariances, strict=True):
        centred = samples - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        constant = np.linalg.slogdet(2 * np.pi * covariance)[1]
        logs.append(np.log(weight) - 0.5 * (squares + constant))
    return np.array(logs).T


def reference_e(samples, weights, means, covariances):
    """Responsibilities."""
    logs = reference_logs(samples, weights, means, covariances)
    return np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))


def reference_m(samples, resp):
    """Parameters."""
    counts = resp.sum(axis=0)
    means = np.array([np.average(samples, axis=0, weights=r) for r in resp.T])
    covariances = np.array(
        [(r[:, None] * (samples - m)).T @ (samples - m) for r, m in zip(resp.T, means, strict=True)]
    )
    return counts / len(samples), means, covariances / counts[:, None, None]


def reference_l(samples, weights, means, covariances):
    """Log-likelihood."""
    return np.logaddexp.reduce(reference_logs(samples, weights, means, covariances), axis=1).sum()


def agree(parts, expected, atol):
    """Tell whether two lists of arrays agree; atol leaves room for a ridge of 1e-6."""
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=atol, equal_nan=True)
        for a, b in zip(parts, expected, strict=True)
    )


def follows(path, samples, expectation, maximisation):
    """Tell whether each fit of the path is one step of EM after the fit before."""
    for before, after in itertools.pairwise(path):
        step = maximisation(samples.copy(), expectation(samples.copy(), *before[:3]))
        if not agree(after[:3], step, 3e-5):
            return False
    return True


def recorded(path, samples, likelihood):
    """Tell whether entry t of the history is the log-likelihood after iteration t."""
    values = [likelihood(samples.copy(), *fit[:3]) for fit in path]
    return np.allclose(path[-1][3], values, rtol=0, atol=2e-3, equal_nan=True)


rng = np.random.default_rng(41)
component = rng.choice(3, size=240, p=[0.3, 0.5, 0.2])
noise = np.einsum(
    "nab,nb->na",
    np.array([[[1.2, 0.0], [0.6, 1.0]], [[1.0, 0.0], [0.0, 1.3]], [[1.1, 0.0], [-0.5, 0.9]]])[
        component
    ],
    rng.normal(size=(240, 2)),
)
plane = np.array([[-2.5, 0.0], [0.0, 2.5], [3.0, -0.5]])[component] + noise
line = np.where(rng.random(160) < 0.4, -2.5, 2.5)[:, None] + 1.5 * rng.normal(size=(160, 1))
cases = [("k = 3, d = 2", plane, 3, 1), ("k = 3, d = 2", plane, 3, 2), ("k = 2, d = 1", line, 2, 3)]
for name, samples, k, seed in cases:
    path = []
    for num_iters in range(1, 5):
        argument = samples.copy()
        with quiet():
            result = fit_gaussian_mixture(argument, k, num_iters, np.random.default_rng(seed))
        fit = [np.asarray(part, dtype=float) for part in result]
        assert len(fit) == 4, f"{name}: expected four results; came {len(fit)}"
        assert fit[3].shape == (num_iters,), (
            f"{name}: expected {num_iters} values in the history; came shape {fit[3].shape}. "
            "Exactly num_iters iterations, without the start's value"
        )
        assert np.array_equal(argument, samples), f"{name}: the function changed samples"
        if path:
            np.testing.assert_allclose(
                fit[3][:-1],
                path[-1][3],
                rtol=1e-8,
                err_msg=f"{name}: one iteration more must not change the history before it",
            )
        path.append(fit)

    # Reference steps first; then the student's own, since a mistake there counts there.
    pairs = [(reference_e, globals().get("e_step")), (reference_m, globals().get("m_step"))]
    found = None
    for steps in itertools.product(*pairs):
        with contextlib.suppress(Exception), quiet():
            if follows(path, samples, *steps):
                found = steps
                break
    expected = "unknown"
    with contextlib.suppress(Exception), quiet():
        expected = reference_m(samples, reference_e(samples, *path[0][:3]))[1].tolist()
    assert found, (
        f"{name}: num_iters = t + 1 does not give one step of EM (E-step, then M-step) more than "
        f"num_iters = t. After 1 iteration the means are {path[0][1].tolist()}; after 2 expected "
        f"{expected}, came {path[1][1].tolist()}"
    )
    right = False
    for likelihood in (reference_l, globals().get("gmm_log_likelihood")):
        with contextlib.suppress(Exception), quiet():
            right = recorded(path, samples, likelihood)
        if right:
            break
    expected = "unknown"
    with contextlib.suppress(Exception), quiet():
        expected = [round(float(reference_l(samples, *fit[:3])), 4) for fit in path]
    assert right, (
        f"{name}: expected the log-likelihoods {expected} for the parameters after iterations "
        f"1 to 4; came {np.round(path[-1][3], 4).tolist()}. Entry t belongs to the "
        "parameters after iteration t"
    )
    if found == (reference_e, reference_m):
        # What comes out of an M-step has the mean and the second moments of the data.
        weights, means, covariances, _ = path[0]
        second = np.einsum("k,kab->ab", weights, covariances + means[:, :, None] * means[:, None])
        assert agree(
            (weights @ means, second),
            (samples.mean(axis=0), samples.T @ samples / len(samples)),
            3e-5,
        ), (
            f"{name}: with num_iters = 1 expected the parameters after one M-step; came parameters "
            "that no M-step gives. Does the loop return the start, or one iteration too few?"
        )
### END HIDDEN TESTS

# %% check="test_fit_gaussian_mixture_random_start" points=2
# Hidden check: other seeds give other starts, NumPy's global generator takes no part, and integer
# data are welcome.
### BEGIN HIDDEN TESTS
samples = np.random.default_rng(51).normal(size=(180, 2))
fits = []
for seed in range(6):
    with quiet():
        result = fit_gaussian_mixture(samples.copy(), 6, 1, np.random.default_rng(seed))
    fits.append([np.asarray(part, dtype=float) for part in result])
assert not all(np.allclose(fit[1], fits[0][1], rtol=1e-9, atol=0) for fit in fits[1:]), (
    "six seeds gave six times the same means after one iteration. The start must be drawn with "
    "rng; set no seed and make no generator inside the function"
)
for fit in fits:
    assert len(fit) == 4, f"expected four results; came {len(fit)}"
    assert fit[3].shape == (1,), f"num_iters = 1: expected one value; came shape {fit[3].shape}"
    distinct = len(np.unique(np.round(fit[1], 9), axis=0))
    assert distinct == len(fit[1]), (
        f"expected different components after a random start; came only {distinct} different means"
    )

# Integer data give the fit of the same numbers as floats.
whole = np.round(3 * samples)
with quiet():
    one = fit_gaussian_mixture(whole.astype(int), 2, 2, np.random.default_rng(9))
    two = fit_gaussian_mixture(whole.copy(), 2, 2, np.random.default_rng(9))
for label, a, b in zip(
    ("weights", "means", "covariances", "log_likelihoods"), one, two, strict=True
):
    np.testing.assert_allclose(
        a, b, rtol=1e-8, atol=1e-8, err_msg=f"integer data gave other {label} than floats"
    )

runs = []
for global_seed in (1, 2):
    np.random.seed(global_seed)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    with quiet():
        result = fit_gaussian_mixture(samples.copy(), 3, 3, np.random.default_rng(7))
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "the function used or seeded NumPy's global generator (np.random.something). Use rng only"
    )
    runs.append([np.asarray(part, dtype=float) for part in result])
for label, one, two in zip(
    ("weights", "means", "covariances", "log_likelihoods"), *runs, strict=True
):
    np.testing.assert_allclose(
        one, two, rtol=1e-8, err_msg=f"the same seed gave other {label}. Draw everything from rng"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: match the components to the truth
#
# A fit returns its components in any order.
# Before you compare it with a truth $\mu_1, \dots, \mu_K$, find the order of the estimates $\hat\mu_1, \dots, \hat\mu_K$ that fits best.
# You look for the permutation $s$ of the components with the smallest total squared distance
#
# $$
# \sum_{k=1}^K \lVert \hat\mu_{s(k)} - \mu_k \rVert^2 .
# $$
#
# The result has shape `(k,)` and holds each of $0, \dots, K - 1$ once, so that row $k$ of `estimated_means[permutation]` belongs to row $k$ of `true_means`.
# Here $K$ is at most 8.
# `itertools.permutations` or `scipy.optimize.linear_sum_assignment` may help.
#
# **Watch out.**
# Taking the closest free estimate for one true mean after the other is not enough.
# The inverse of the right permutation is another permutation as soon as three components change places.


# %% solution="match_components"
def match_components(estimated_means, true_means):
    """Return the order of the estimated means that fits the true means best.

    Parameters
    ----------
    estimated_means : ndarray, shape (k, d)
        Estimates, in any order.
    true_means : ndarray, shape (k, d)
        The truth.

    Returns
    -------
    ndarray of int, shape (k,)
        Permutation such that ``estimated_means[permutation]`` is closest to ``true_means`` in total
        squared distance.
    """
    ### BEGIN SOLUTION
    differences = true_means[:, None] - estimated_means  # (k, k, d), truth first
    return optimize.linear_sum_assignment((differences**2).sum(axis=2))[1]
    ### END SOLUTION


# %% check="test_match_components" points=1
# The estimates are the true means, rolled by one place.
true_means = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 9.0]])
estimated_means = np.array([[0.0, 9.0], [0.0, 0.0], [5.0, 0.0]])
with quiet():
    permutation = match_components(estimated_means.copy(), true_means.copy())
permutation = np.asarray(permutation)
assert permutation.shape == (3,), f"expected shape (3,); came {permutation.shape}"
assert permutation.dtype.kind in "iu", f"expected integers; came dtype {permutation.dtype}"
assert sorted(permutation.tolist()) == [0, 1, 2], (
    f"expected each of 0, 1, 2 once; came {permutation}. Two true means may not share an estimate"
)
np.testing.assert_allclose(
    estimated_means[permutation],
    true_means,
    err_msg="expected estimated_means[permutation] equal to true_means. Is it the inverse, "
    "so that true_means[permutation] fits the estimates?",
)

# Only the total counts: both true means are closest to the estimate 4.
with quiet():
    permutation = match_components(np.array([[4.0], [-6.0]]), np.array([[0.0], [10.0]]))
assert np.asarray(permutation).tolist() == [1, 0], (
    "estimates 4 and -6, truth 0 and 10: expected [1, 0], with total 36 + 36, not [0, 1], with "
    f"total 16 + 256; came {permutation}. Is one true mean served after the other?"
)

# %% check="test_match_components_other_inputs" points=3
# Hidden check: other inputs (k = 1 to 8, d = 1, 2 and 5, cycles, ties, integer arrays, distances
# against directions and against squared distances), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(61)
cases = [
    ("k = 1", np.array([[3.0, 1.0]]), np.array([[0.0, 0.0]])),
    ("k = 1, d = 1", np.array([[2]]), np.array([[7]])),
    ("integers", np.array([[9, 9], [0, 1], [5, -3]]), np.array([[0, 0], [4, -4], [8, 9]])),
    ("same direction", np.array([[5.0, 5.0], [1.0, 1.1]]), np.array([[1.0, 1.0], [5.0, 5.4]])),
    ("far from 0", np.array([[100.0, 103], [100, 100]]), np.array([[100.0, 101], [100.0, 104]])),
    (
        "squared distances",
        np.array([[1.0, 0.0], [1.9, 0.5]]),
        np.array([[0.0, 0.0], [1.0, 0.0]]),
    ),
    ("ties", np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]), np.array([[0.0, 0], [1, 1], [2, 2]])),
]
for k, d in [(3, 2), (4, 1), (4, 5), (5, 2), (6, 1), (6, 2), (8, 2)]:
    true_means = rng.normal(0, 2, (k, d))
    # Rolled and shaken: a cycle of k components, and a greedy match goes wrong.
    cases.append((f"k = {k}, d = {d}, rolled", np.roll(true_means, 1, axis=0), true_means))
    if k < 8:
        shaken = rng.permutation(true_means) + rng.normal(0, 2, (k, d))
        cases.append((f"k = {k}, d = {d}, shaken", shaken, true_means))
for name, estimated_means, true_means in cases:
    k = len(true_means)
    differences = estimated_means.astype(float)[:, None] - true_means.astype(float)
    distances = (differences**2).sum(axis=2)  # (k, k), estimates first
    orders = np.array(list(itertools.permutations(range(k))))
    best = distances[orders, np.arange(k)].sum(axis=1).min()
    arguments = [estimated_means.copy(), true_means.copy()]
    with quiet():
        permutation = np.asarray(match_components(*arguments))
    assert permutation.shape == (k,), f"{name}: expected shape ({k},); came {permutation.shape}"
    assert permutation.dtype.kind in "iu", f"{name}: expected integers; came {permutation.dtype}"
    assert sorted(permutation.tolist()) == list(range(k)), (
        f"{name}: expected each of 0 to {k - 1} once; came {permutation}"
    )
    total = distances[permutation, np.arange(k)].sum()
    assert total <= best + 1e-9 * (1 + best), (
        f"{name}: came {permutation} with total squared distance {total:.6g}; the smallest is "
        f"{best:.6g}. All orders compared, by squared distance, and not the inverse permutation?"
    )
    for label, before, after in zip(
        ("estimated_means", "true_means"), (estimated_means, true_means), arguments, strict=True
    ):
        assert np.array_equal(before, after), f"{name}: the function changed its argument {label}"
### END HIDDEN TESTS

# %% [markdown]
# ## The fit
#
# The data are 900 points from three Gaussians with weights 0.3, 0.5 and 0.2, unit variances and correlations 0.5, 0 and $-0.5$.
# EM finds a local maximum, so your function starts three times and the best fit is kept.
# On the left you see the points, coloured by their responsibilities, and the ellipses at two standard deviations: solid for the fit, dashed for the truth.
# On the right you see the log-likelihood of all three runs.

# %% given="figure"
from mixcore import datasets, plotting

data = datasets.load("three_components")
runs = [fit_gaussian_mixture(data.x, 3, 25, np.random.default_rng(seed)) for seed in range(3)]
weights, means, covariances, _ = max(runs, key=lambda run: run[3][-1])
order = match_components(means, data.truth.means)
weights, means, covariances = weights[order], means[order], covariances[order]

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
plotting.responsibility_scatter(data.x, e_step(data.x, weights, means, covariances), ax=left)
angles = np.linspace(0, 2 * np.pi, 200)
circle = np.stack([np.cos(angles), np.sin(angles)])  # (2, 200)
for j in range(3):
    for mean, covariance, line in [
        (means[j], covariances[j], "-"),
        (data.truth.means[j], data.truth.covariances[j], "--"),
    ]:
        ring = mean[:, None] + 2 * np.linalg.cholesky(covariance) @ circle  # (2, 200)
        left.plot(*ring, line, color="black", linewidth=1.5)
left.set(xlabel="x₁", ylabel="x₂", aspect="equal")
for run, colour in zip(runs, plotting.component_colours(3), strict=True):
    right.plot(np.arange(1, 26), run[3], "o-", color=colour, markersize=3)
right.set(xlabel="iteration", ylabel="log-likelihood (nats)")
plt.show()
for j in range(3):
    print(
        f"component {j + 1}: weight {weights[j]:.3f} (truth {data.truth.weights[j]:.3f}), "
        f"mean {np.round(means[j], 2)} (truth {data.truth.means[j]})"
    )

# %% [markdown]
# ## Question: a likelihood without a maximum (4 points)
#
# 1. Take a mixture of $K \ge 2$ components in $d$ dimensions and $n \ge 2$ different points.
#    Put the mean of one component on a data point and let its covariance be $s^2 I$.
#    Show that the log-likelihood grows without bound as $s \to 0$, while the other parameters stay fixed.
#    Why does this not happen for $K = 1$?
# 2. Fits often add a small number $\varepsilon$, called `reg_covar`, to the diagonal of every covariance.
#    Explain why this stops the collapse, and name one price that it has.
# 3. What has the start to do with it?
#    Name one way to start, or to choose among several runs, that makes a collapse or a poor local maximum less likely, and say why.

# %% [markdown] written="singularities" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. Let component 1 sit on $x_1$ with covariance $s^2 I$.
#    The term of point 1 is at least $\log \bigl( \pi_1 (2\pi s^2)^{-d/2} \bigr) = \text{const} - d \log s$, which goes to infinity as $s \to 0$.
#    For every other point $x_i$ the other components alone give $\log p(x_i) \ge \log \sum_{k \ge 2} \pi_k \, \mathcal N(x_i \mid \mu_k, \Sigma_k)$, a finite bound that does not depend on $s$.
#    So the sum goes to infinity.
#    For $K = 1$ there is no other component to carry the other points.
#    Their terms $-\lVert x_i - x_1 \rVert^2 / (2 s^2)$ go to minus infinity faster than $-n d \log s$ grows.
# 2. With $\varepsilon$ on the diagonal, the smallest eigenvalue of a covariance is at least $\varepsilon$.
#    Each density is then at most $(2\pi\varepsilon)^{-d/2}$, and the log-likelihood is bounded.
#    The price: the covariances are biased upwards, an iteration is no longer exactly an M-step so that the log-likelihood may fall a little, and $\varepsilon$ depends on the units of the data.
# 3. EM climbs from its start and ends at a maximum nearby.
#    A component that starts on an outlier, or with few points, can shrink onto them.
#    Ways: take centres from k-means or k-means++, which gives each component many points; start with wide covariances; run from several starts, discard collapsed runs and keep the one with the highest log-likelihood.
#
# **Rubric.**
#
# - 1 point: the term of the chosen point grows like $-d \log s$.
# - 1 point: the other points stay bounded below thanks to another component, and this fails for $K = 1$.
# - 1 point: eigenvalues at least $\varepsilon$, hence bounded densities; and one price.
# - 1 point: one sensible way to start or to choose among runs, with a reason.
# ### END SOLUTION
