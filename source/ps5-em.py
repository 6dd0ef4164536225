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
# - The cell after the imports holds helpers of the checks; you need not read it.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
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
import itertools

import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg, optimize, special, stats

# %% given="checking"
from checking import (
    as_numbers,
    as_results,
    as_whole_numbers,
    ask,
    assert_same,
    assert_unchanged,
    quiet,
)

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
value = ask(
    gmm_log_likelihood, samples.copy(), np.array([1.0]), mean[None].copy(), covariance[None].copy()
)
assert_same(
    value,
    expected,
    "one component",
    "Expected the sum of scipy.stats.multivariate_normal.logpdf over the points: is it a mean, is a "
    "transpose missing, or a sign wrong?",
)

# Three equal components are one component, whatever the weights.
value = ask(
    gmm_log_likelihood,
    samples.copy(),
    np.array([0.2, 0.3, 0.5]),
    np.tile(mean, (3, 1)),
    np.tile(covariance, (3, 1, 1)),
)
assert_same(
    value,
    expected,
    "three equal components, which are the same as one",
    "Does the inner sum run over all components, inside the logarithm, with the mixing weights, "
    "and is nothing divided by K?",
)

# Components far apart: each point sees one of them, with its weight.
samples = np.array([[-100.0, 0.0], [100.0, 1.0], [101.0, 0.0]])
value = ask(
    gmm_log_likelihood,
    samples.copy(),
    np.array([0.25, 0.75]),
    np.array([[-100.0, 0.0], [100.0, 0.0]]),
    np.stack([np.eye(2), covariance]),
)
assert_same(
    value,
    np.log(0.25) + stats.multivariate_normal([-100, 0], np.eye(2)).logpdf(samples[0])
    + 2 * np.log(0.75) + stats.multivariate_normal([100, 0], covariance).logpdf(samples[1:]).sum(),
    "components far apart",
    "Each point counts with the log weight plus the log-density of the component near it. "
    "Which weights stand in your sum, and where?",
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
    value = ask(gmm_log_likelihood, *arguments)
    assert_same(
        value,
        expected,
        f"log-likelihood, {name}",
        "Are all K components inside the logarithm, with the mixing weights, then a sum over the "
        "points? Does a constant depend on d?",
        atol=1e-9,
    )
    assert_unchanged("samples, weights, means, covariances", parameters, arguments)
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
        value = ask(
            gmm_log_likelihood,
            samples[rows].copy(),
            weights.copy(),
            means.copy(),
            covariances.copy(),
        )
        name = f"log-likelihood far from the means, d = {len(means[0])}"
        hint = "The densities are 0 in floating point there: where do you leave the logarithms?"
        as_numbers(value, (), name, hint)
        assert_same(
            value,
            np.logaddexp.reduce(logs[rows], axis=1).sum(),
            name,
            "Eight digits count. Is a constant wrong, or something added to a density?",
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
        "three equal components, where every row holds the weights",
        np.array([[0.0, 1.0], [5.0, -2.0], [1.0, 1.0], [9.0, 9.0]]),
        np.array([0.2, 0.3, 0.5]),
        np.zeros((3, 2)),
        np.tile([[2.0, 0.6], [0.6, 1.0]], (3, 1, 1)),
        np.tile([0.2, 0.3, 0.5], (4, 1)),
    ),
    (
        "halfway between two mirrored components",
        np.array([[0.0, 7.0, 1.0]]),
        np.array([0.5, 0.5]),
        np.array([[-2.0, 7.0, 1.0], [2.0, 7.0, 1.0]]),
        np.stack([np.eye(3), np.eye(3)]),
        np.array([[0.5, 0.5]]),
    ),
    (
        "same means, covariances I and 4 I in the plane, at the mean, where the densities are 4 : 1",
        np.array([[3.0, 1.0]]),
        np.array([0.2, 0.8]),
        np.array([[3.0, 1.0], [3.0, 1.0]]),
        np.stack([np.eye(2), 4 * np.eye(2)]),
        np.array([[0.5, 0.5]]),
    ),
]
for name, samples, weights, means, covariances, expected in cases:
    resp = ask(e_step, samples.copy(), weights.copy(), means.copy(), covariances.copy())
    hint = (
        "A row for each point and a column for each component: do you loop over the components, "
        "or over the dimensions?"
    )
    resp = as_numbers(resp, expected.shape, name, hint, finite=False)
    ### BEGIN HIDDEN TESTS
    if not np.allclose(resp, expected, rtol=1e-8):
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
    as_numbers(resp, expected.shape, name, "Is something divided by 0?")
    assert_same(
        resp.sum(axis=1),
        np.ones(len(samples)),
        f"{name}: sums of the rows",
        "Each row sums to 1: over which axis do you normalise?",
    )
    assert_same(
        resp,
        expected,
        name,
        "Do you normalise weighted densities, not logarithms, each with the mean and covariance of "
        "its own component?",
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
    name = f"responsibilities, {name}"
    resp = ask(e_step, *arguments)
    resp = as_numbers(
        resp, expected.shape, name, "One row a point, one column a component.", finite=False
    )
    assert_unchanged("samples, weights, means, covariances", parameters, arguments)
    if not np.allclose(resp, expected, rtol=1e-8, atol=1e-10):
        # An e_step written with gmm_log_likelihood: a mistake there counts there, not here.
        with contextlib.suppress(Exception), quiet():
            totals = [gmm_log_likelihood(row[None], weights, means, covariances) for row in samples]
            carried = np.exp(np.log(densities) - np.array(totals)[:, None])
            if np.allclose(resp, carried, rtol=1e-8, atol=1e-10, equal_nan=True):
                continue
    assert_same(
        resp,
        expected,
        name,
        "Is each a ratio of weighted densities, with the sum over the components below?",
        atol=1e-10,
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
    name = f"responsibilities far from the means, d = {len(means[0])}"
    resp = ask(e_step, samples.copy(), weights.copy(), means.copy(), covariances.copy())
    resp = as_numbers(
        resp, expected.shape, name, "One row a point, one column a component.", finite=False
    )
    if not np.allclose(resp, expected, rtol=1e-6, atol=1e-8):
        # An e_step written with gmm_log_likelihood: a mistake there counts there, not here.
        with contextlib.suppress(Exception), quiet():
            totals = [gmm_log_likelihood(row[None], weights, means, covariances) for row in samples]
            carried = np.exp(logs - np.array(totals)[:, None])
            if np.allclose(resp, carried, rtol=1e-6, atol=1e-8, equal_nan=True):
                continue
    hint = "The densities are 0 in floating point there: where do you leave the logarithms?"
    as_numbers(resp, expected.shape, name, hint)
    # Logs of order 1e6 are known to about 1e-9 only.
    assert_same(
        resp,
        expected,
        name,
        "If the other checks pass: what do you add or subtract before you divide?",
        rtol=1e-6,
        atol=1e-8,
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
result = ask(m_step, samples.copy(), resp.copy())
weights, means, covariances = as_results(result, "weights, means, covariances")
assert_same(
    weights,
    [1 / 3, 2 / 3],
    "weights for 2 and 4 of 6 points",
    "Which sum of resp do you take, and what do you divide it by?",
)
assert_same(
    means,
    [[1.0, 1.0], [5.0, 1.0]],
    "means for 2 and 4 points",
    "One row a component, the average of its own points: is a transpose missing?",
)
assert_same(
    covariances,
    [[[1.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]],
    "covariances for 2 and 4 points, where every coordinate that varies is 1 away from its mean",
    "Around the new mean of the same component, divided by N_k, and nothing added?",
    atol=1e-12,
)

# One component owns everything: the mean and covariance of the whole sample.
samples = np.array([[1.0, 0.0, 2.0], [3.0, 1.0, -1.0], [0.0, 5.0, 2.0], [4.0, 2.0, 2.0], [1, 1, 1]])
result = ask(m_step, samples.copy(), np.ones((5, 1)))
weights, means, covariances = as_results(result, "weights, means, covariances")
assert_same(weights, [1.0], "weights for k = 1", "One component owns all points.")
assert_same(
    means, samples.mean(axis=0)[None], "means for k = 1", "Expected the average of the points."
)
assert_same(
    covariances,
    np.cov(samples.T, bias=True)[None],
    "covariances for k = 1",
    "Expected those of np.cov(samples.T, bias=True), which divides by n.",
    atol=1e-12,
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
    result = as_results(ask(m_step, *arguments), "weights, means, covariances")
    size = np.abs(samples).max(axis=0)  # (d,)
    tolerances = (1e-12, 1e-11 * size, 1e-10 * np.outer(size, size))
    hints = (
        "The sum of each column of resp, divided by what?",
        "Weighted sums over the points, divided by N_k, one row a component?",
        "Around the new mean of the same component, with weights resp, divided by N_k, and "
        "nothing added?",
    )
    for label, part, value, tolerance, hint in zip(
        ("weights", "means", "covariances"), result, expected, tolerances, hints, strict=True
    ):
        assert_same(part, value, f"{label}, {name}", hint, atol=tolerance)
    assert_unchanged("samples, resp", (samples, resp), arguments)
### END HIDDEN TESTS

# %% check="test_m_step_without_loops" points=2
# The rule is about a function that computes something: its results are looked at first.
result = ask(m_step, np.arange(8.0).reshape(4, 2) ** 2, np.full((4, 3), [0.5, 0.25, 0.25]))
weights, means, covariances = as_results(result, "weights, means, covariances")
hint = "Is a transpose missing?"
as_numbers(means, (3, 2), "means for n = 4, k = 3, d = 2", hint, finite=False)
as_numbers(covariances, (3, 2, 2), "covariances for n = 4, k = 3, d = 2", hint, finite=False)
assert_same(
    weights,
    [0.5, 0.25, 0.25],
    "weights for equal rows of resp",
    "The weights must be that row here.",
)

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


# %% given="reading_a_fit"
# Helpers of the checks of this task. A mistake in an earlier function counts there, not here.
def own_iteration(samples, k, first=0):
    """Return what your functions make of a plain start in one iteration, None where they raise."""
    d = samples.shape[1]
    start = (
        np.full(k, 1 / k),
        samples[first : first + k].astype(float),
        np.tile(np.eye(d), (k, 1, 1)),
    )
    parts = [None] * 4
    with contextlib.suppress(Exception), quiet():
        weights, means, covariances = m_step(samples.copy(), e_step(samples.copy(), *start))
        parts[:3] = [np.asarray(part, dtype=float) for part in (weights, means, covariances)]
        parts[3] = np.asarray(gmm_log_likelihood(samples.copy(), *parts[:3]), dtype=float)
    return parts


def as_fit(result, own, k, d, num_iters, what):
    """Return the parts of a fit as arrays, or say what is wrong with them."""
    names, fit = "weights, means, covariances, log_likelihoods", []
    for label, part, shape, mine in zip(
        names.split(", "),
        as_results(result, names),
        [(k,), (k, d), (k, d, d), (num_iters,)],
        own,
        strict=True,
    ):
        hint, finite = "One for each component.", num_iters == 1
        if label == "log_likelihoods":
            hint = (
                "One number for each iteration, exactly num_iters of them, the start not counted."
            )
        if mine is not None:
            mine_shape = mine.shape if label != "log_likelihoods" else (num_iters, *mine.shape)
            with contextlib.suppress(ValueError):
                shape = mine_shape if np.shape(part) == mine_shape else shape
            finite = finite and bool(np.all(np.isfinite(mine)))
        part = as_numbers(part, shape, f"{label}, {what}", hint, finite=False)
        hint = "Is something divided by 0, or the logarithm of 0 taken?"
        fit.append(as_numbers(part, shape, f"{label}, {what}", hint, finite=finite).astype(float))
    return fit


def assert_same_run(parts, expected, what, hint):
    """Compare arrays of two runs; what is not finite in one must not be finite in the other."""
    for part, value in zip(parts, expected, strict=True):
        if np.shape(part) != np.shape(value) or not np.allclose(
            part, value, rtol=1e-8, atol=1e-10, equal_nan=True
        ):
            assert_same(part, value, what, hint)


# %% check="test_fit_gaussian_mixture" points=1
# Shapes, seeds and the history.
noise = np.random.default_rng(0).normal(size=(80, 2))
samples = noise + np.where(np.arange(80)[:, None] < 40, [-2.0, 1.0], [2.0, 0.0])
own = own_iteration(samples, 2)
result, again, shorter = (
    as_fit(
        ask(fit_gaussian_mixture, samples.copy(), 2, t, np.random.default_rng(3)),
        own, 2, 2, t, f"k = 2, d = 2, num_iters = {t}",
    )
    for t in (5, 5, 3)
)  # fmt: skip
assert_same_run(
    again,
    result,
    "a second run from the same seed",
    "Both must be the same: is everything random drawn from rng?",
)
assert_same_run(
    [shorter[3]],
    [result[3][:3]],
    "log_likelihoods of a run with 3 iterations, beside those of 5",
    "From the same seed, the values that both have must be the same.",
)


# One component on the line: from any start, one iteration gives the data's mean and variance.
def agree(parts, expected):
    """Tell whether two lists of arrays agree; a ridge of 1e-6 is allowed."""
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=1e-5, equal_nan=True)
        for a, b in zip(parts, expected, strict=True)
    )


x = samples[:, :1]
own = own_iteration(x, 1)
*fitted, history = as_fit(
    ask(fit_gaussian_mixture, x.copy(), 1, 1, np.random.default_rng(4)),
    own, 1, 1, 1, "k = 1, d = 1, num_iters = 1",
)  # fmt: skip
wanted = [np.ones(1), np.full((1, 1), x.mean()), np.full((1, 1, 1), x.var())]
right = agree(fitted, wanted)
if not right:  # A mistake in an earlier function counts there, not here.
    with contextlib.suppress(Exception), quiet():
        *later, _ = fit_gaussian_mixture(x.copy(), 1, 2, np.random.default_rng(4))
        right = agree(later, m_step(x.copy(), e_step(x.copy(), *fitted)))
if not right:
    for label, part, value in zip(("weight", "mean", "variance"), fitted, wanted, strict=True):
        assert_same(
            part,
            value,
            f"{label} of one component on the line after one iteration",
            "From any start that is what one E-step and one M-step give.",
            rtol=0,
            atol=1e-5,
        )
    raise AssertionError("one component on the line: a second iteration is no step of EM")
expected = [stats.norm.logpdf(x, fitted[1], np.sqrt(fitted[2][0])).sum()]
right = np.shape(history) == (1,) and np.allclose(history, expected, rtol=0, atol=1e-3)
if not right:
    with contextlib.suppress(Exception), quiet():
        value = gmm_log_likelihood(x.copy(), *fitted)
        right = np.allclose(history, value, rtol=0, atol=1e-3, equal_nan=True)
if not right:
    assert_same(
        history,
        expected,
        "log_likelihoods for one component on the line, num_iters = 1",
        "Do you record it after the M-step, for the new parameters, as a sum over the points?",
        rtol=0,
        atol=1e-3,
    )


# %% check="test_fit_gaussian_mixture_iterations" points=2
# Hidden check: one more iteration is one more step of EM, for k = 1 to 3 and d = 1 and 2, at the
# first iterations and after many; the history belongs to the parameters; the arguments stay as they
# are.
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
    """Tell whether the last entries of the history are the log-likelihoods along the path."""
    values = [likelihood(samples.copy(), *fit[:3]) for fit in path]
    return np.allclose(path[-1][3][-len(path) :], values, rtol=0, atol=2e-3, equal_nan=True)


rng = np.random.default_rng(41)
component = rng.choice(3, size=240, p=[0.3, 0.5, 0.2])
noise = np.einsum(
    "nab,nb->na",
    np.array([[[1.2, 0.0], [0.6, 1.0]], [[1.0, 0.0], [0.0, 1.3]], [[1.1, 0.0], [-0.5, 0.9]]])[
        component
    ],
    rng.normal(size=(240, 2)),
)
# Narrow beside unit covariances: in 3,000 fits from starts anywhere in the box of the data no
# component came near a collapse.
plane = 0.5 * (np.array([[-2.5, 0.0], [0.0, 2.5], [3.0, -0.5]])[component] + noise)
line = np.where(rng.random(160) < 0.4, -2.5, 2.5)[:, None] + 1.5 * rng.normal(size=(160, 1))
# Quantiles of two overlapping Gaussians: EM still moves after 40 iterations, and nothing collapses.
levels = (np.arange(24) + 0.5) / 24
slow = np.concatenate([stats.norm.ppf(levels, -2, 1.5), stats.norm.ppf(levels, 2, 1)])[:, None]
cases = [
    ("k = 3, d = 2", plane, 3, 1, range(1, 5)),
    ("k = 3, d = 2", plane, 3, 2, range(1, 5)),
    ("k = 2, d = 1", line, 2, 3, range(1, 5)),
    ("k = 1, d = 1", line, 1, 4, range(5, 7)),  # done after one iteration, and yet there are six
    ("k = 2, d = 1", slow, 2, 5, range(40, 42)),
]
steps, found = (reference_e, reference_m), None
for name, samples, k, seed, runs in cases:
    # With a mistake in an earlier function many iterations may end in a collapse.
    if runs[0] > 1 and found != steps:
        continue
    own, path = own_iteration(samples, k), []
    for num_iters in runs:
        what = f"{name}, num_iters = {num_iters}"
        argument = samples.copy()
        result = ask(fit_gaussian_mixture, argument, k, num_iters, np.random.default_rng(seed))
        fit = as_fit(result, own, k, samples.shape[1], num_iters, what)
        assert_unchanged("samples", [samples], [argument])
        if path:
            assert_same_run(
                [fit[3][:-1]],
                [path[-1][3]],
                f"log_likelihoods, {what}, without the last",
                "One iteration more from the same seed must not change the history before it.",
            )
        path.append(fit)

    # Reference steps first; then the student's own, since a mistake there counts there.
    pairs = [(reference_e, globals().get("e_step")), (reference_m, globals().get("m_step"))]
    found = None
    for pair in itertools.product(*pairs):
        with contextlib.suppress(Exception), quiet():
            if follows(path, samples, *pair):
                found = pair
                break
    if found is None:
        for num_iters, before, after in zip(runs, path, path[1:], strict=False):
            with contextlib.suppress(np.linalg.LinAlgError, ValueError), quiet():
                step = reference_m(samples, reference_e(samples, *before[:3]))
                for label, part, value in zip(
                    ("weights", "means", "covariances"), after, step, strict=False
                ):
                    assert_same(
                        part,
                        value,
                        f"{label}, {name}, num_iters = {num_iters + 1}, beside one E-step and one "
                        f"M-step from what num_iters = {num_iters} gives",
                        "Does every iteration use what the one before it gave, and do all "
                        "iterations happen?",
                        rtol=0,
                        atol=3e-5,
                    )
        raise AssertionError(f"{name}: one iteration more is not one more step of EM")
    right = False
    for likelihood in (reference_l, globals().get("gmm_log_likelihood")):
        with contextlib.suppress(Exception), quiet():
            right = recorded(path, samples, likelihood)
        if right:
            break
    if not right:
        with contextlib.suppress(np.linalg.LinAlgError, ValueError), quiet():
            assert_same(
                path[-1][3][-len(path) :],
                [reference_l(samples, *fit[:3]) for fit in path],
                f"log_likelihoods, {name}, iterations {runs[0]} to {runs[-1]}",
                "Entry t belongs to the parameters after iteration t, and sums over the points.",
                rtol=0,
                atol=2e-3,
            )
        raise AssertionError(f"{name}: the history is not that of the parameters")
    if found == steps and len(path[0][0]) == k:
        # What comes out of an M-step has the mean and the second moments of the data.
        weights, means, covariances, _ = path[0]
        second = np.einsum("k,kab->ab", weights, covariances + means[:, :, None] * means[:, None])
        assert agree(
            (weights @ means, second),
            (samples.mean(axis=0), samples.T @ samples / len(samples)),
            3e-5,
        ), (
            f"{name}: with num_iters = {runs[0]} came parameters that no M-step gives: together "
            "the components must have the mean and the variance of the data. Does the loop return "
            "the start, or one iteration too few?"
        )
### END HIDDEN TESTS

# %% check="test_fit_gaussian_mixture_random_start" points=2
# Hidden check: other seeds give other starts, NumPy's global generator takes no part, and integer
# data are welcome.
### BEGIN HIDDEN TESTS
samples = np.random.default_rng(51).normal(size=(180, 2))
own, other = own_iteration(samples, 6), own_iteration(samples, 6, first=6)
fits = []
for seed in range(6):
    result = ask(fit_gaussian_mixture, samples.copy(), 6, 1, np.random.default_rng(seed))
    fits.append(as_fit(result, own, 6, 2, 1, "k = 6, d = 2, num_iters = 1"))
# Earlier functions that forget the start, or make all components the same, count there.
forgetful = own[1] is not None and np.allclose(own[1], other[1], rtol=1e-9, atol=0, equal_nan=True)
for fit in fits:
    distinct = len(np.unique(np.round(fit[1], 9), axis=0))
    usual = 6 if own[1] is None else len(np.unique(np.round(own[1], 9), axis=0))
    assert distinct >= usual, (
        f"expected different components after a random start; came only {distinct} different means"
    )
assert forgetful or not all(np.allclose(fit[1], fits[0][1], rtol=1e-9, atol=0) for fit in fits), (
    "six seeds gave six times the same means after one iteration. The start must be drawn with "
    "rng; set no seed and make no generator inside the function"
)

names = ["weights", "means", "covariances", "log_likelihoods"]
runs = []
for global_seed in (1, 2):
    np.random.seed(global_seed)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    result = ask(fit_gaussian_mixture, samples.copy(), 3, 3, np.random.default_rng(7))
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "the function used or seeded NumPy's global generator (np.random.something). Use rng only"
    )
    runs.append(as_fit(result, own_iteration(samples, 3), 3, 2, 3, "k = 3, d = 2, num_iters = 3"))
for label, one, two in zip(names, *runs, strict=True):
    assert_same_run(
        [one],
        [two],
        f"{label} of a second run from the same seed",
        "Both must be the same: is everything random drawn from rng?",
    )

# Integer data give the fit of the same numbers as floats.
whole = np.round(3 * samples)
both = [whole.astype(int), whole]
own, other = (own_iteration(x, 2) for x in both)
one, two = (
    as_fit(
        ask(fit_gaussian_mixture, x.copy(), 2, 2, np.random.default_rng(9)),
        own, 2, 2, 2, f"k = 2, data of type {x.dtype}",
    )
    for x in both
)  # fmt: skip
# Where an earlier function treats integers in its own way, that counts there.
if all(
    a is None or b is None or np.allclose(a, b, equal_nan=True)
    for a, b in zip(own, other, strict=True)
):
    for label, a, b in zip(names, one, two, strict=True):
        assert_same_run(
            [a],
            [b],
            f"{label} for integer data, beside those for the same numbers as floats",
            "Is something rounded, because an array of integers is written into?",
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
permutation = ask(match_components, estimated_means.copy(), true_means.copy())
permutation = as_whole_numbers(permutation, (3,), "permutation of three", "One index a component.")
assert sorted(permutation.tolist()) == [0, 1, 2], (
    f"expected each of 0, 1, 2 once; came {permutation}. Counting starts at 0, and two "
    "true means may not share an estimate"
)
assert_same(
    estimated_means[permutation],
    true_means,
    "estimated_means[permutation], which must be true_means here",
    "Is it the inverse, so that true_means[permutation] fits the estimates?",
)

# Only the total counts: both true means are closest to the estimate 4.
permutation = ask(match_components, np.array([[4.0], [-6.0]]), np.array([[0.0], [10.0]]))
permutation = as_whole_numbers(permutation, (2,), "permutation of two, d = 1")
assert permutation.tolist() == [1, 0], (
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
    permutation = ask(match_components, *arguments)
    permutation = as_whole_numbers(permutation, (k,), f"permutation, {name}")
    assert sorted(permutation.tolist()) == list(range(k)), (
        f"{name}: expected each of {list(range(k))} once; came {permutation}"
    )
    total = distances[permutation, np.arange(k)].sum()
    assert total <= best + 1e-9 * (1 + best), (
        f"{name}: came {permutation} with total squared distance {total:.6g}; the smallest is "
        f"{best:.6g}. Do you compare all orders, by squared distance? Is it the inverse permutation?"
    )
    assert_unchanged("estimated_means, true_means", (estimated_means, true_means), arguments)
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
