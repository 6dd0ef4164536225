# ---
# jupyter:
#   course:
#     notebook: model_selection
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How many components?
#
# A mixture must be told its number of components $K$ before it is fitted.
# You write what is needed to choose it: the mean negative log-likelihood, the number of free parameters, the Bayesian information criterion (BIC), and the choice among several candidates.
# At the end your functions find the number of components behind 900 points.
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
# | $p$ | number of free parameters of the mixture | `n_parameters(k, d)` | number |
# | $x_i$ | point number $i$ | `samples[i]` | `samples` has `(n, d)` |
# | $\pi_k$ | mixing weight of component $k$, positive; the weights sum to 1 | `weights[k]` | `(k,)` |
# | $\mu_k$ | mean of component $k$ | `means[k]` | `(k, d)` |
# | $\Sigma_k$ | covariance of component $k$, symmetric and positive definite | `covariances[k]` | `(k, d, d)` |
# | $\ell$ | log-likelihood, summed over the points | `log_likelihood` | number |
#
# Logarithms are natural.

# %% given="imports"
import contextlib

import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg, special, stats

# %% given="checking"
from checking import as_numbers, as_results, ask, assert_same, assert_unchanged, quiet

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
# ## Task 1: the mean negative log-likelihood
#
# The log-likelihood grows with the number of points.
# To compare data sets of different sizes, take minus its average over the points:
#
# $$
# \mathrm{NLL} = -\frac1n \sum_{i=1}^n \log \sum_{k=1}^K \pi_k \, \mathcal N(x_i \mid \mu_k, \Sigma_k) .
# $$
#
# It is one number, in nats per point.
# Smaller is better.
#
# **Watch out.**
# Divide by the number of points $n$, not by the number of components $K$.
# In many dimensions, and far from every mean, the densities are 0 in floating point.
# Your result must be right there too: stay with logarithms.


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    """Return the mean negative log-likelihood of a Gaussian mixture.

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
        Minus the average of the log-density over the points.
    """
    ### BEGIN SOLUTION
    log_joint = np.stack(
        [
            np.log(weight) + gaussian_log_density(samples, mean, covariance)
            for weight, mean, covariance in zip(weights, means, covariances, strict=True)
        ],
        axis=1,
    )  # (n, k)
    return float(-special.logsumexp(log_joint, axis=1).mean())
    ### END SOLUTION


# %% check="test_mean_nll" points=1
samples = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 0.5], [-3.0, 2.0]])
mean, covariance = np.array([0.5, 1.0]), np.array([[2.0, 0.6], [0.6, 1.0]])
expected = -stats.multivariate_normal(mean, covariance).logpdf(samples).mean()
value = ask(mean_nll, samples.copy(), np.array([1.0]), mean[None].copy(), covariance[None].copy())
assert_same(
    value,
    expected,
    "one component, minus the mean of scipy.stats.multivariate_normal.logpdf",
    "Look at the sign, and at sum or mean",
)

# Three equal components are one component, whatever the weights.
value = ask(
    mean_nll,
    samples.copy(),
    np.array([0.2, 0.3, 0.5]),
    np.tile(mean, (3, 1)),
    np.tile(covariance, (3, 1, 1)),
)
assert_same(
    value,
    expected,
    "three equal components, the same as one of them alone",
    "Does the inner sum run over the components, with the mixing weights, and is the average one "
    "over the points?",
)

# Components far apart: each point sees one of them, with its weight.
samples = np.array([[-100.0, 0.0], [100.0, 1.0], [101.0, 0.0]])
value = ask(
    mean_nll,
    samples.copy(),
    np.array([0.25, 0.75]),
    np.array([[-100.0, 0.0], [100.0, 0.0]]),
    np.stack([np.eye(2), covariance]),
)
terms = [
    np.log(0.25) + stats.multivariate_normal([-100, 0], np.eye(2)).logpdf(samples[0]),
    *(np.log(0.75) + stats.multivariate_normal([100, 0], covariance).logpdf(samples[1:])),
]
assert_same(
    value,
    -np.mean(terms),
    "two components far apart, where each point sees only the near one",
    "Does every point get the logarithm of that weight plus that log-density?",
)


# %% check="test_mean_nll_other_inputs" points=2
# Hidden check: other inputs (d = 1, 2, 3 and 5, k = 1 to 6, n = 1, correlated and badly scaled
# covariances, integer and read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def random_covariances(rng, k, d, scales):
    """Covariances with correlations and the given standard deviations."""
    factors = rng.normal(size=(k, d, d)) + 2 * np.eye(d)
    return np.einsum("kab,kcb->kac", factors, factors) * np.outer(scales, scales)


rng = np.random.default_rng(611)
cases = []
for name, n, d, k, scales in [
    ("d = 2, k = 4", 9, 2, 4, [1, 1]),
    ("d = 5, k = 3", 8, 5, 3, [1, 2, 0.5, 1, 3]),
    ("d = 3, k = 2", 7, 3, 2, [1, 1, 1]),
    ("d = 2, k = 2", 6, 2, 2, [1, 2]),
    ("d = 1, k = 6", 5, 1, 6, [2]),
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
        np.array([[0, 3], [-2, 1], [5, 5], [1, 1]]),
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
    expected = -np.log(total).mean()
    parameters = (samples, weights, means, covariances)
    arguments = [part.copy() for part in parameters]
    value = ask(mean_nll, *arguments)
    assert_unchanged("samples, weights, means, covariances", parameters, arguments)
    hint = (
        "Are all components inside the logarithm, with the mixing weights, whatever k and d, and "
        "then minus the average over the points?"
    )
    assert_same(value, expected, f"mean NLL, {name}", hint, atol=1e-9)
    for argument in arguments:
        argument.setflags(write=False)
    value = ask(mean_nll, *arguments)
    assert_same(value, expected, f"mean NLL, {name}, read-only arrays", atol=1e-9)
### END HIDDEN TESTS

# %% check="test_mean_nll_far_tails" points=1
# Hidden check: points far from every mean, and 20 dimensions, where the density is 0 in floating
# point; 20 dimensions with tiny and with huge variances, where the determinant is 0 or infinite.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(612)
tilted = np.array([[2.0, 0.9], [0.9, 1.0]])
cases = [
    (
        "points far away in the plane",
        np.array([[1e3, -1e3], [-60.0, 0.0], [0.0, 1e4], [1.0, 0.5]]),
        np.array([0.2, 0.3, 0.5]),
        np.array([[0.0, 0.0], [2.0, -1.0], [-3.0, 1.0]]),
        np.stack([np.eye(2), tilted, 0.1 * tilted]),
    ),
    (
        "points far away on the line",
        np.array([[500.0], [-1e5]]),
        np.array([0.9, 0.1]),
        np.array([[0.0], [1.0]]),
        np.ones((2, 1, 1)),
    ),
    (
        "points far away in 20 dimensions",
        30 * rng.normal(size=(4, 20)),
        np.array([0.4, 0.6]),
        rng.normal(size=(2, 20)),
        np.stack([0.25 * np.eye(20), np.eye(20) + 0.5]),
    ),
    *(
        (
            f"20 dimensions, variances near {scale**2:.0e}",
            scale * rng.normal(size=(3, 20)),
            np.array([0.3, 0.7]),
            scale * rng.normal(size=(2, 20)),
            scale**2 * np.stack([0.5 * np.eye(20), np.eye(20) + 0.5]),
        )
        for scale in (1e-9, 1e9)
    ),
]
for name, samples, weights, means, covariances in cases:
    logs = np.empty((len(samples), len(weights)))
    for j, (weight, mean, covariance) in enumerate(zip(weights, means, covariances, strict=True)):
        centred = samples - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        logs[:, j] = np.log(weight) - 0.5 * (
            squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi)
        )
    # Each point alone, and all together: one large term must not hide an error elsewhere.
    for rows in [*(slice(i, i + 1) for i in reversed(range(len(samples)))), slice(None)]:
        value = ask(
            mean_nll, samples[rows].copy(), weights.copy(), means.copy(), covariances.copy()
        )
        assert_same(
            value,
            -np.logaddexp.reduce(logs[rows], axis=1).mean(),
            f"mean NLL, {name}",
            "A density or a determinant may be 0 or infinite in floating point although its "
            "logarithm is not: stay with logarithms to the end",
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the number of free parameters
#
# Count the numbers that can be chosen freely in a mixture of $K$ Gaussians in $d$ dimensions, each with its own full covariance:
#
# - the mixing weights, which must sum to 1,
# - the means,
# - the covariances, which are symmetric matrices.
#
# Return their total $p$.
#
# **Watch out.**
# A number that follows from others is not free.
# Nothing is special about two dimensions.


# %% solution="n_parameters"
def n_parameters(k, d):
    """Return the number of free parameters of a Gaussian mixture with full covariances.

    Parameters
    ----------
    k : int
        Number of components, at least 1.
    d : int
        Number of dimensions, at least 1.

    Returns
    -------
    int
        Weights, means and covariances together.
    """
    ### BEGIN SOLUTION
    return (k - 1) + k * d + k * (d * (d + 1) // 2)
    ### END SOLUTION


# %% check="test_n_parameters" points=1
# Cases that can be counted on the fingers.
for k, d, expected, why in [
    (1, 1, 2, "A mean and a variance; the only weight is 1 and not free"),
    (2, 1, 5, "One free weight, two means, two variances"),
    (1, 2, 5, "A mean of 2 numbers, two variances and one covariance"),
]:
    assert_same(ask(n_parameters, k, d), expected, f"k = {k}, d = {d}", why, rtol=0)

# %% check="test_n_parameters_other_inputs" points=1
# Hidden check: other numbers of components and dimensions.
### BEGIN HIDDEN TESTS
for k in (1, 2, 3, 4, 7, 14):
    for d in (1, 2, 3, 4, 10, 20):
        # Entries on and below the diagonal, counted one by one.
        entries = sum(1 for row in range(d) for column in range(d) if column <= row)
        expected = sum(1 for _ in range(1, k)) + k * (d + entries)
        hint = (
            "How many weights are free, and how many entries of a symmetric d by d matrix? Does "
            "every component have its own?"
        )
        assert_same(ask(n_parameters, k, d), expected, f"k = {k}, d = {d}", hint, rtol=0)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the Bayesian information criterion
#
# The BIC charges a mixture for its parameters:
#
# $$
# \mathrm{BIC} = p \ln n - 2 \ell ,
# $$
#
# with the log-likelihood $\ell$ *summed* over the $n$ points, and $p$ the number of free parameters of Task 2.
# In this form smaller is better.
#
# **Watch out.**
# Some books and programs use the opposite sign, so that larger is better.
# Others print other criteria under similar names.


# %% solution="bic"
def bic(log_likelihood, k, d, n):
    """Return the Bayesian information criterion; smaller is better.

    Parameters
    ----------
    log_likelihood : float
        Log-likelihood, summed over the points.
    k : int
        Number of components.
    d : int
        Number of dimensions.
    n : int
        Number of points.

    Returns
    -------
    float
        The criterion, for full covariances.
    """
    ### BEGIN SOLUTION
    return float(n_parameters(k, d) * np.log(n) - 2 * log_likelihood)
    ### END SOLUTION


# %% check="test_bic" points=1
# When it is graded, a bic that calls your n_parameters is judged with that function: a mistake
# counts once.
for log_likelihood, k, d, n, expected, why in [
    (-70.0, 1, 1, 1, 140.0, "One point: ln 1 = 0, so the penalty is 0"),
    (0.0, 1, 3, 100, 9 * np.log(100), "Log-likelihood 0: only the penalty of 9 parameters is left"),
    (-1130.26396, 2, 2, 272, 11 * np.log(272) + 2 * 1130.26396, "11 parameters, 272 points"),
]:
    what = f"bic(log_likelihood={log_likelihood}, k={k}, d={d}, n={n})"
    value = ask(bic, log_likelihood, k, d, n)
    value = as_numbers(value, (), what, "Is the result one number?", finite=False)
    ### BEGIN HIDDEN TESTS
    with contextlib.suppress(Exception), quiet():
        carried = n_parameters(k, d) * np.log(n) - 2 * log_likelihood
        if np.isclose(value, carried, rtol=1e-8, atol=1e-9, equal_nan=True):
            continue
    ### END HIDDEN TESTS
    hint = f"{why}. Look at the signs, the logarithm and the order of the arguments"
    assert_same(value, expected, what, hint, atol=1e-9)

# %% check="test_bic_other_inputs" points=1
# Hidden check: other sizes, positive log-likelihoods, integers.
### BEGIN HIDDEN TESTS
for log_likelihood, k, d, n in [
    (-853.2, 3, 1, 360),
    (-1823.4, 3, 3, 361),
    (412.5, 2, 4, 50),
    (-1, 5, 2, 1000),
    (-1e6, 14, 20, 100000),
    (0, 1, 1, 2),
    (-3.5, 2, 7, 5),
]:
    p = (k - 1) + k * d + k * d * (d + 1) // 2
    what = f"bic(log_likelihood={log_likelihood}, k={k}, d={d}, n={n})"
    value = ask(bic, log_likelihood, k, d, n)
    value = as_numbers(value, (), what, "Is the result one number?", finite=False)
    # A bic written with n_parameters: a mistake there counts there, not here.
    with contextlib.suppress(Exception), quiet():
        carried = n_parameters(k, d) * np.log(n) - 2 * log_likelihood
        if np.isclose(value, carried, rtol=1e-8, atol=1e-9, equal_nan=True):
            continue
    hint = (
        "Is the penalty the one of the formula, with natural logarithm, and is twice the "
        "log-likelihood subtracted from it?"
    )
    assert_same(value, p * np.log(n) - 2 * log_likelihood, what, hint, atol=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## Given: EM from one random start
#
# The next task needs fits.
# This function runs EM once.
# It starts from $K$ different points of the data as means, with the covariance of all the data for every component.
# It returns the parameters and their log-likelihood, summed over the points.
#
# To keep a component from collapsing onto a single point it adds $10^{-6}$ to the diagonal of every covariance.
#
# You need not use it.
# Your own fit from the assignment on EM will do as well, and so will one that you write here.
# A fit of your own must not stop `choose_k` when one of its runs collapses: leave that run out, or add at most $10^{-6}$ to the diagonals as here.


# %% given="fit_from_random_start"
def fit_from_random_start(samples, k, rng, max_iter=200, tol=1e-4):
    """Fit a Gaussian mixture by EM from one random start.

    Parameters
    ----------
    samples : ndarray, shape (n, d)
        Points.
    k : int
        Number of components.
    rng : numpy.random.Generator
        Draws the start.
    max_iter : int
        Largest number of iterations.
    tol : float
        EM stops when the log-likelihood rises by less.

    Returns
    -------
    weights : ndarray, shape (k,)
        Mixing weights.
    means : ndarray, shape (k, d)
        Means of the components.
    covariances : ndarray, shape (k, d, d)
        Covariances of the components.
    log_likelihood : float
        Summed over the points, for these parameters.
    """
    samples = np.asarray(samples, dtype=float)
    n, d = samples.shape
    weights = np.full(k, 1 / k)
    means = samples[rng.choice(n, size=k, replace=False)]
    spread = np.atleast_2d(np.cov(samples.T, bias=True)) + 1e-6 * np.eye(d)
    covariances = np.tile(spread, (k, 1, 1))
    before = -np.inf
    for iteration in range(max_iter + 1):
        parts = zip(means, covariances, strict=True)
        logs = np.stack([gaussian_log_density(samples, m, c) for m, c in parts], axis=1)  # (n, k)
        logs += np.log(weights)
        totals = np.logaddexp.reduce(logs, axis=1, keepdims=True)  # (n, 1)
        log_likelihood = float(totals.sum())
        if iteration == max_iter or (iteration > 1 and log_likelihood - before < tol):
            break
        before = log_likelihood
        resp = np.exp(logs - totals)  # (n, k)
        counts = resp.sum(axis=0) + 1e-12  # (k,), never 0
        weights = counts / counts.sum()
        means = resp.T @ samples / counts[:, None]
        for j in range(k):
            centred = samples - means[j]
            covariances[j] = (resp[:, j] * centred.T) @ centred / counts[j] + 1e-6 * np.eye(d)
    return weights, means, covariances, log_likelihood


# %% [markdown]
# ## Task 4: the choice
#
# Fit a mixture for every candidate number of components and compute its BIC.
# Return the candidate with the lowest BIC, and the BICs of all candidates in the order of `candidates`.
#
# EM finds a local maximum, and a poor one makes a good candidate lose.
# So fit each candidate from several random starts and keep its highest log-likelihood.
# **Five starts** for each candidate are enough for every check, with at most 200 iterations each; up to ten do no harm, but every check must be done within 30 seconds.
#
# The candidates are different whole numbers in a list.
# They need not be sorted, and numbers may be missing between them.
# The checks use data for which the answer is clear.
#
# **Watch out.**
# All starts are drawn with `rng`, and the same generator state gives the same result: neither `np.random.seed` nor a generator of your own.
# The BIC is that of the points as they are given, in their own units.


# %% solution="choose_k"
def choose_k(samples, candidates, rng):
    """Choose the number of components by the BIC.

    Parameters
    ----------
    samples : ndarray, shape (n, d)
        Points.
    candidates : list of int
        Numbers of components to try, in any order.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    best_k : int
        The candidate with the lowest BIC.
    scores : ndarray, shape (len(candidates),)
        The BIC of each candidate, in the order of ``candidates``.
    """
    ### BEGIN SOLUTION
    n, d = samples.shape
    scores = []
    for k in candidates:
        fits = [fit_from_random_start(samples, k, rng) for _ in range(5)]
        scores.append(bic(max(fit[3] for fit in fits), k, d, n))
    return candidates[int(np.argmin(scores))], np.array(scores)
    ### END SOLUTION


# %% check="test_choose_k" points=1
# Three components in the plane. When it is graded, a choose_k that calls your earlier functions is
# judged with those functions: a mistake counts once.
rng = np.random.default_rng(5)
true_weights = np.array([0.5, 0.3, 0.2])
true_means = np.array([[0.0, 0.0], [1.5, 1.0], [-3.0, 3.0]])
true_covariances = np.array([np.diag([4.0, 0.2]), np.diag([0.2, 4.0]), np.diag([0.4, 0.4])])
component = rng.choice(3, size=400, p=true_weights)
factors = np.linalg.cholesky(true_covariances)[component]  # (n, d, d)
samples = true_means[component] + np.einsum("nab,nb->na", factors, rng.normal(size=(400, 2)))
candidates = [4, 3, 1, 2]

# One Gaussian has one best fit: the mean and covariance of the sample, 5 parameters.
mean, covariance = samples.mean(axis=0), np.cov(samples.T, bias=True)
score_1 = 5 * np.log(400) - 2 * stats.multivariate_normal(mean, covariance).logpdf(samples).sum()
# A fit of three components is at least as good as the truth, and a little better: 17 parameters.
densities = [
    weight * stats.multivariate_normal(mean, covariance).pdf(samples)
    for weight, mean, covariance in zip(true_weights, true_means, true_covariances, strict=True)
]
score_3 = 17 * np.log(400) - 2 * np.log(np.sum(densities, axis=0)).sum()


def judge(result):
    """Say in an AssertionError what is wrong with a result."""
    best_k, scores = as_results(result, "best_k, scores")
    best_k = as_numbers(best_k, (), "best_k")
    hint = "One BIC for each candidate. Did a run collapse?"
    scores = as_numbers(scores, (4,), "scores of 4 candidates", hint)
    assert_same(
        scores[2],
        score_1,
        f"candidates {candidates}, scores {scores.round(1)}, the third: the BIC of one Gaussian",
        "Look at the order of the scores, and at what goes into bic: the summed log-likelihood of "
        "the points in their own units",
        rtol=0,
        atol=0.05,
    )
    lowest = candidates[int(np.argmin(scores))]
    assert best_k == lowest, (
        f"candidates {candidates}, scores {scores.round(1)}: expected best_k = {lowest}, the "
        f"candidate with the lowest score; came {best_k}. Is it a place, or the largest?"
    )
    assert best_k == 3, (
        f"candidates {candidates}, scores {scores.round(1)}: expected best_k = 3; came {best_k}. "
        "Is the best of several starts kept?"
    )
    assert score_3 - 45 < scores[1] < score_3 + 0.5, (
        f"three components: expected a score somewhat below that of the truth, {score_3:.1f}; "
        f"came {scores[1]:.1f}. Is EM run to the end, and is it the score of three?"
    )


### BEGIN HIDDEN TESTS
def carried(result, samples, candidates, one, best):
    """Tell whether a result is right for the student's own earlier functions, one of them wrong."""
    (n, d), k_best = samples.shape, len(best[0])

    def likelihood(weights, means, covariances):
        logs = [
            np.log(w) + stats.multivariate_normal(m, c).logpdf(samples)
            for w, m, c in zip(weights, means, covariances, strict=True)
        ]
        return np.logaddexp.reduce(logs, axis=0).sum()

    def own_likelihood(*parameters):
        return -n * mean_nll(samples.copy(), *parameters)

    def criterion(value, k, d, n):
        return ((k - 1) + k * d + k * d * (d + 1) // 2) * np.log(n) - 2 * value

    def own_count(value, k, d, n):
        return n_parameters(k, d) * np.log(n) - 2 * value

    def own_bic(*arguments):
        return bic(*arguments)

    # As many components as the best, each of them the one Gaussian.
    flat = [np.repeat(part, k_best, axis=0) for part in one]
    flat[0] = flat[0] / k_best

    def ends(like, score):
        return score(like(*one), 1, d, n), *(score(like(*p), k_best, d, n) for p in (flat, best))

    right = ends(likelihood, criterion)
    for like in (likelihood, own_likelihood):
        for score in (criterion, own_count, own_bic):
            with contextlib.suppress(Exception), quiet():
                first, *others = ends(like, score)
                if np.allclose([first, *others], right, rtol=1e-9, atol=0):
                    continue  # nothing wrong there: the ordinary judgement stands
                best_k, scores = result[0], np.asarray(result[1], dtype=float)
                low, high = sorted(others)
                room = 0.1 * (high - low) + 1e-4 * abs(high)
                came = scores[candidates.index(k_best)]
                if (
                    scores.shape == (len(candidates),)
                    and np.all(np.isfinite(scores))
                    and best_k == candidates[int(np.argmin(scores))]
                    and np.isclose(scores[candidates.index(1)], first, rtol=1e-5, atol=1e-6)
                    and low - room <= came <= high + room
                ):
                    return True
    return False


one = (np.ones(1), mean[None], covariance[None])
truth = (true_weights, true_means, true_covariances)
### END HIDDEN TESTS

# Up to eight seeds, so that bad luck with one of them does not decide. Even a single start for
# each candidate succeeds with about 95 of 100 seeds: all eight fail less than once in a billion.
for seed in range(8):
    arguments = samples.copy(), candidates.copy()
    try:
        result = ask(choose_k, *arguments, np.random.default_rng(seed))
    except AssertionError as error:
        complaint = str(error)
        continue
    assert_unchanged("samples, candidates", (samples, candidates), arguments)
    complaint = None
    try:
        judge(result)
    except AssertionError as error:
        complaint = str(error)
    ### BEGIN HIDDEN TESTS
    if complaint and carried(result, samples, candidates, one, truth):
        complaint = None
    ### END HIDDEN TESTS
    if complaint is None:
        break
assert complaint is None, complaint


# %% check="test_choose_k_other_inputs" points=2
# Hidden check: other data (d = 1, 2 and 3, one to three components, other units), the best
# candidate first, last, smallest and largest, integer and read-only data, and that the arguments
# stay as they are.
### BEGIN HIDDEN TESTS
def weighted_logs(samples, weights, means, covariances):
    """Weighted log-densities (n, k)."""
    logs = []
    for weight, mean, covariance in zip(weights, means, covariances, strict=True):
        centred = samples - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        logs.append(np.log(weight) - 0.5 * (squares + np.linalg.slogdet(2 * np.pi * covariance)[1]))
    return np.array(logs).T


def maximum_near(samples, weights, means, covariances):
    """Parameters after EM from the truth."""
    for _ in range(100):
        logs = weighted_logs(samples, weights, means, covariances)
        resp = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        weights = resp.mean(axis=0)
        means = np.array([np.average(samples, axis=0, weights=r) for r in resp.T])
        covariances = np.array(
            [
                (r[:, None] * (samples - m)).T @ (samples - m) / r.sum()
                for r, m in zip(resp.T, means, strict=True)
            ]
        )
    return weights, means, covariances


def carried(result, samples, candidates, one, best):
    """Tell whether a result is right for the student's own earlier functions, one of them wrong."""
    (n, d), k_best = samples.shape, len(best[0])

    def likelihood(weights, means, covariances):
        logs = [
            np.log(w) + stats.multivariate_normal(m, c).logpdf(samples)
            for w, m, c in zip(weights, means, covariances, strict=True)
        ]
        return np.logaddexp.reduce(logs, axis=0).sum()

    def own_likelihood(*parameters):
        return -n * mean_nll(samples.copy(), *parameters)

    def criterion(value, k, d, n):
        return ((k - 1) + k * d + k * d * (d + 1) // 2) * np.log(n) - 2 * value

    def own_count(value, k, d, n):
        return n_parameters(k, d) * np.log(n) - 2 * value

    def own_bic(*arguments):
        return bic(*arguments)

    # As many components as the best, each of them the one Gaussian.
    flat = [np.repeat(part, k_best, axis=0) for part in one]
    flat[0] = flat[0] / k_best

    def ends(like, score):
        return score(like(*one), 1, d, n), *(score(like(*p), k_best, d, n) for p in (flat, best))

    right = ends(likelihood, criterion)
    for like in (likelihood, own_likelihood):
        for score in (criterion, own_count, own_bic):
            with contextlib.suppress(Exception), quiet():
                first, *others = ends(like, score)
                if np.allclose([first, *others], right, rtol=1e-9, atol=0):
                    continue  # nothing wrong there: the ordinary judgement stands
                best_k, scores = result[0], np.asarray(result[1], dtype=float)
                low, high = sorted(others)
                room = 0.1 * (high - low) + 1e-4 * abs(high)
                came = scores[candidates.index(k_best)]
                if (
                    scores.shape == (len(candidates),)
                    and np.all(np.isfinite(scores))
                    and best_k == candidates[int(np.argmin(scores))]
                    and np.isclose(scores[candidates.index(1)], first, rtol=1e-5, atol=1e-6)
                    and low - room <= came <= high + room
                ):
                    return True
    return False


def p_free(k, d):
    """Number of free parameters."""
    return (k - 1) + k * d + k * d * (d + 1) // 2


def judge(result, samples, candidates, one, best):
    """Say in an AssertionError what is wrong with a result."""
    best_k, scores = as_results(result, "best_k, scores")
    best_k = as_numbers(best_k, (), "best_k")
    what = f"scores of {len(candidates)} candidates"
    hint = "One BIC for each candidate. Did a run collapse?"
    scores = as_numbers(scores, (len(candidates),), what, hint)
    n, d = samples.shape
    k_best = len(best[0])
    expected = {}
    for k, parameters in ((1, one), (k_best, best)):
        total = np.logaddexp.reduce(weighted_logs(samples, *parameters), axis=1).sum()
        expected[k] = p_free(k, d) * np.log(n) - 2 * total
        assert_same(
            scores[candidates.index(k)],
            expected[k],
            f"candidates {candidates}, scores {scores.round(2)}, the one for k = {k}",
            "Look at the order of the scores, at what goes into bic (summed log-likelihood, k, d, "
            "n; units of the data), and whether the best of several starts is kept",
            rtol=0,
            atol=0.05 if k == 1 else 2,  # one Gaussian has one maximum; elsewhere EM may stop early
        )
    worst = expected[1] + (p_free(max(candidates), d) - p_free(1, d)) * np.log(n)
    assert scores.max() <= worst + 1, (
        f"candidates {candidates}, scores {scores.round(1)}: expected no score above {worst:.1f}, "
        f"since no fit is worse than one Gaussian; came {scores.max():.1f}. Look at the fits"
    )
    lowest = candidates[int(np.argmin(scores))]
    assert best_k == lowest, (
        f"candidates {candidates}, scores {scores.round(1)}: expected best_k = {lowest}, the "
        f"candidate with the lowest score; came {best_k}. Is it a place, or the largest?"
    )
    assert best_k == k_best, (
        f"candidates {candidates}, scores {scores.round(1)}: expected best_k = {k_best}; came "
        f"{best_k}. Is the best of several starts kept?"
    )


cases = [
    (
        "two components, d = 1",
        (400, [0.65, 0.35], [[-2.5], [3.0]], [[[1.0]], [[2.0]]]),
        [2, 4, 1],
    ),
    (
        "three components, d = 3",
        (
            360,
            [0.25, 0.45, 0.3],
            [[-2, 0, 1], [2, 1, -1], [2, -3, 1]],
            [np.diag([1, 0.5, 1.5]), 0.8 * np.eye(3) + 0.2, np.diag([0.5, 1, 1])],
        ),
        [3, 1, 2],
    ),
    (
        "two components, d = 3, other units",
        (
            400,
            [0.3, 0.7],
            [[20, 0, 50], [20.9, 2, 30]],
            [np.diag([0.09, 0.5, 150]), [[0.09, 0.06, 0], [0.06, 1, 0], [0, 0, 100]]],
        ),
        [3, 1, 2],
    ),
    (
        "one component, d = 2",
        (400, [1.0], [[3, -1]], [[[4, 1], [1, 1]]]),
        [3, 1],
    ),
    (
        "a single candidate",
        (60, [1.0], [[0, 2]], [[[1, 0.5], [0.5, 1]]]),
        [1],
    ),
]
for number, (name, (n, *truth), candidates) in enumerate(cases):
    rng = np.random.default_rng(640 + number)
    true_weights, true_means, true_covariances = (np.array(part, dtype=float) for part in truth)
    component = rng.choice(len(true_weights), size=n, p=true_weights)
    factors = np.linalg.cholesky(true_covariances)[component]  # (n, d, d)
    noise = rng.normal(size=(n, true_means.shape[1]))
    samples = true_means[component] + np.einsum("nab,nb->na", factors, noise)
    best = maximum_near(samples, true_weights, true_means, true_covariances)
    one = maximum_near(samples, np.ones(1), true_means[:1], true_covariances[:1])
    # Up to eight seeds, so that bad luck with one of them does not decide. Even a single start for
    # each candidate succeeds with about 95 of 100 seeds: all eight fail less than once in a billion.
    for seed in range(8):
        arguments = samples.copy(), candidates.copy()
        arguments[0].setflags(write=number % 2 == 0)
        try:
            result = ask(choose_k, *arguments, np.random.default_rng(seed))
        except AssertionError as error:
            complaint = str(error)
            continue
        assert_unchanged("samples, candidates", (samples, candidates), arguments)
        try:
            judge(result, samples, candidates, one, best)
            complaint = None
        except AssertionError as error:
            right = carried(result, samples, candidates, one, best)
            complaint = None if right else str(error)
        if complaint is None:
            break
    assert complaint is None, f"{name}: {complaint}"

# Integer data give the scores of the same numbers as floats.
whole = np.round(np.random.default_rng(645).normal(0, 30, (200, 2)))
for seed in range(8):
    try:
        results = [
            ask(choose_k, data, [2, 1], np.random.default_rng(seed))
            for data in (whole.astype(int), whole.copy())
        ]
    except AssertionError as error:
        complaint = str(error)
        continue
    break
else:
    raise AssertionError(f"integer data, {complaint}")
scores = [as_results(result, "best_k, scores")[1] for result in results]
scores = [as_numbers(part, (2,), "scores of 2 candidates, integer data") for part in scores]
assert_same(
    scores[0],
    scores[1],
    "integer data, the scores of the same numbers as floats",
    "Is an array of integers filled with real numbers somewhere?",
    rtol=1e-6,
)
### END HIDDEN TESTS

# %% check="test_choose_k_random_starts" points=1
# Hidden check: the same seed gives the same result, other seeds give other starts, and NumPy's
# global generator takes no part.
### BEGIN HIDDEN TESTS
# Sixteen heaps and only six components: EM has very many local maxima.
rng = np.random.default_rng(651)
centres = rng.uniform(-12, 12, (16, 2))
samples = centres[rng.integers(16, size=240)] + 0.7 * rng.normal(size=(240, 2))
found, collapsed = [], None
for seed in (0, 1, 2):
    runs = []
    for global_seed in (1, 2) if seed == 0 else (3,):
        np.random.seed(global_seed)  # noqa: NPY002
        before = np.random.get_state()  # noqa: NPY002
        try:
            result = ask(choose_k, samples.copy(), [6, 1], np.random.default_rng(seed))
        except AssertionError as error:
            collapsed = error
            continue
        after = np.random.get_state()  # noqa: NPY002
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
            "the function used or seeded NumPy's global generator (np.random.something). "
            "Use rng only"
        )
        best_k, scores = as_results(result, "best_k, scores")
        best_k = as_numbers(best_k, (), "best_k")
        runs.append((best_k, as_numbers(scores, (2,), "scores of 2 candidates", finite=False)))
    for best_k, scores in runs[1:]:
        assert best_k == runs[0][0] and np.allclose(
            scores, runs[0][1], rtol=1e-8, equal_nan=True
        ), (
            f"the same seed: expected the same result twice; came best_k = {runs[0][0]} with scores "
            f"{runs[0][1]}, and best_k = {best_k} with scores {scores}. Draw everything from rng"
        )
    found += [scores for _, scores in runs[:1]]
assert len(found) > 1, f"{collapsed}. If a run collapsed there, leave that run out"
assert any(
    not np.allclose(scores, found[0], rtol=1e-13, atol=0, equal_nan=True) for scores in found[1:]
), (
    f"three seeds gave three times the same scores {found[0]} on data where EM has very many local "
    "maxima. The starts must be drawn with rng; make no generator inside the function"
)
### END HIDDEN TESTS

# %% [markdown]
# ## The scores against the number of components
#
# The data are 900 points from three Gaussians with weights 0.3, 0.5 and 0.2, unit variances and correlations 0.5, 0 and $-0.5$.
# Your function scores one to seven components.
# From the BIC the figure works out the log-likelihood of each fit, $\ell = (p \ln n - \mathrm{BIC}) / 2$.
# With it come the mean negative log-likelihood $-\ell / n$ and Akaike's information criterion, $\mathrm{AIC} = 2p - 2\ell$.
#
# On the left you see both criteria, with a ring around the lowest value of each.
# On the right you see the mean negative log-likelihood of the fits; the dashed line is that of the mixture which the points were drawn from.

# %% given="figure"
from mixcore import datasets, plotting

data = datasets.load("three_components")
n, d = data.x.shape
candidates = list(range(1, 8))
best_k, scores = choose_k(data.x, candidates, np.random.default_rng(0))
p = np.array([n_parameters(k, d) for k in candidates])
log_likelihoods = (p * np.log(n) - scores) / 2
truth = mean_nll(data.x, data.truth.weights, data.truth.means, data.truth.covariances)

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
criteria = {"BIC": scores, "AIC": 2 * p - 2 * log_likelihoods}
plotting.selection_curves(candidates, criteria, ax=left, label="criterion (nats), lower is better")
left.legend()
plotting.selection_curves(
    candidates,
    {"fit": -log_likelihoods / n},
    ax=right,
    best=False,
    label="mean NLL (nats per point)",
)
right.axhline(truth, linestyle="--", color="black", label="true mixture")
right.legend()
plt.show()
print(f"chosen by the BIC: {best_k} components (the truth has {len(data.truth.weights)})")

# %% [markdown]
# ## Question 1: why the training likelihood alone cannot choose (4 points)
#
# Let $\ell_K$ be the largest log-likelihood that $K$ components can reach on the points to which they are fitted (or its supremum, if it is not reached).
#
# 1. Show that $\ell_{K+1} \ge \ell_K$ for every $K$.
# 2. What would you choose by $\ell_K$ alone?
#    Show how large the log-likelihood can become when one component sits on a single point and the other components carry the rest.
# 3. In the right half of the figure the fits with many components lie below the dashed line of the true mixture.
#    What does this say about them?
# 4. Describe one way to compare the candidates by their log-likelihood after all, with other points, and what you expect to see as $K$ grows.

# %% [markdown] written="training_likelihood" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. Take any mixture of $K$ components and split component 1 into two with the same mean and covariance and weights $\pi_1 / 2$ each.
#    It has $K + 1$ components, and its density is the same at every point, so it has the same log-likelihood.
#    Hence every value that $K$ components reach is reached by $K + 1$ too, and $\ell_{K+1} \ge \ell_K$.
# 2. The likelihood alone always prefers the largest candidate (or ties with it).
#    Worse, for $K \ge 2$ it has no maximum.
#    Put $\mu_1 = x_1$ and $\Sigma_1 = s^2 I$.
#    The term of $x_1$ is at least $\log \pi_1 - \tfrac d2 \log (2 \pi s^2)$, which grows like $-d \log s$ as $s \to 0$.
#    For the other points the other components give a finite bound from below that does not depend on $s$.
#    So the sum goes to infinity.
# 3. They are fitted to these very points better than the mixture which produced them.
#    No model can be better than the truth on average over new points.
#    So what they gain is fitted noise: they overfit.
#    (The fit with the true number of components lies a little below the line too: every fitted parameter gains a little.)
# 4. Keep part of the points away from the fit, or use cross-validation, and compute the mean NLL there.
#    It falls while new components describe real structure.
#    From about the true number on it no longer falls, and rises slowly as the fits follow the noise of the training points.
#    The lowest held-out NLL chooses.
#
# **Rubric.**
#
# - 1 point: splitting a component (or an equivalent argument) keeps the density, hence $\ell_{K+1} \ge \ell_K$.
# - 1 point: the largest candidate always wins, and the likelihood is unbounded: growth like $-d \log s$ with the other points bounded below.
# - 1 point: better than the truth on the training points means that noise is fitted.
# - 1 point: held-out points or cross-validation, with the expected fall and rise.
# ### END SOLUTION

# %% [markdown]
# ## Question 2: where the penalty comes from (4 points)
#
# A Bayesian compares models $M$ by the density of all the points $X$ with the parameters integrated out:
#
# $$
# p(X \mid M) = \int e^{\ell(\theta)} \, p(\theta \mid M) \, d\theta .
# $$
#
# Here $\theta$ holds the $p$ free parameters, $p(\theta \mid M)$ is their prior density, and $\hat\theta$ is where $\ell$ is largest.
#
# 1. Replace $\ell$ by its Taylor polynomial of second order around $\hat\theta$, and the prior by its value there.
#    For $n$ independent points the matrix of minus the second derivatives of $\ell$ is about $n J$, where $J$ does not depend on $n$.
#    Work out the integral and show that $-2 \ln p(X \mid M) = \mathrm{BIC} + R$, where $R$ stays bounded as $n$ grows.
# 2. AIC charges 2 for each parameter.
#    From which $n$ on does BIC charge more, and what does this mean for the models that the two choose?
# 3. Take data from $K$ components and fit $K + 1$.
#    Name one reason why the derivation fails there.

# %% [markdown] written="penalty" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. At the maximum the first derivatives are 0, so $\ell(\theta) \approx \ell(\hat\theta) - \tfrac12 (\theta - \hat\theta)^\top n J (\theta - \hat\theta)$.
#    With the prior at $\hat\theta$ taken out of the integral, a Gaussian integral is left:
#
#    $$
#    p(X \mid M) \approx e^{\ell(\hat\theta)} \, p(\hat\theta \mid M) \int e^{-\frac n2 (\theta - \hat\theta)^\top J (\theta - \hat\theta)} \, d\theta
#    = e^{\ell(\hat\theta)} \, p(\hat\theta \mid M) \, (2\pi)^{p/2} \det(nJ)^{-1/2} .
#    $$
#
#    The matrix $J$ has $p$ rows, so $\det(nJ) = n^p \det J$.
#    Taking $-2 \ln$ on both sides,
#
#    $$
#    -2 \ln p(X \mid M) \approx -2 \ell(\hat\theta) + p \ln n \; \underbrace{- \, p \ln 2\pi + \ln \det J - 2 \ln p(\hat\theta \mid M)}_{R} .
#    $$
#
#    The first two terms are the BIC.
#    In $R$ nothing grows with $n$.
# 2. BIC charges more when $\ln n > 2$, that is from $n = 8$ on ($e^2 \approx 7.39$).
#    So on all but tiny data sets it never chooses more parameters than AIC does, given the same fits.
#    As $n$ grows, BIC's charge for a superfluous parameter grows without bound while AIC's stays at 2: AIC keeps a chance to choose too many components.
#    The reverse risk is that BIC misses weak components in small samples.
# 3. With one component too many the best parameters are not unique: the extra component may have weight 0, with any mean and covariance, or be a copy of another one, with the weight shared in any way.
#    Along these directions the second derivatives vanish, so $J$ is singular and $\ln \det J$ is not finite.
#    Other right reasons: a weight of 0 lies on the boundary of the parameters; the likelihood is unbounded, so that there is no $\hat\theta$.
#    (The $(K+1)!$ equal maxima from relabelled components alone change $R$ only by a constant.)
#
# **Rubric.**
#
# - 1 point: second-order expansion with the first derivatives 0, and the Gaussian integral with $\det(nJ)^{-1/2}$.
# - 1 point: $\det(nJ) = n^p \det J$, hence $p \ln n$, and a list of the bounded terms.
# - 1 point: $n \ge 8$, and AIC tends to larger models.
# - 1 point: one valid reason (not identifiable or singular $J$, boundary, unbounded likelihood).
# ### END SOLUTION
