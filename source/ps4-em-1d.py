# ---
# jupyter:
#   course:
#     notebook: em_1d
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Expectation-maximisation in one dimension
#
# You fit a mixture of Gaussians on the line to data whose components nobody has told you.
# You write a sampler, the two steps of expectation-maximisation (EM), the log-likelihood, and the loop that puts them together.
# At the end your functions fit 40 points, and you see the fitted curves and the log-likelihood rise.
# Two derivations on paper explain why it rises.
#
# ## How to work
#
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - After your submission further checks run on other inputs: other sizes, extreme values, integer arrays.
# - A function never changes the arrays it is given.
# - Before you hand in, restart the kernel and run all cells.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $n$ | number of points | `n` | number |
# | $K$ | number of components | `k` | number |
# | $x_i$ | point number $i$ | `x[i]` | `x` has `(n,)` |
# | $\pi_k$ | mixing weight of component $k$, positive; the weights sum to 1 | `weights[k]` | `(k,)` |
# | $\mu_k$ | mean of component $k$ | `means[k]` | `(k,)` |
# | $\sigma_k$ | standard deviation of component $k$ | `sigmas[k]` | `(k,)` |
# | $r_{ik}$ | responsibility: the probability that component $k$ produced $x_i$ | `resp[i, k]` | `(n, k)` |
#
# Logarithms are natural.
# *Sigma* is always a standard deviation; its square is the variance.

# %% given="imports"
import contextlib
import io
import itertools
import warnings

import matplotlib.pyplot as plt
import numpy as np
from scipy import special, stats


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
# ## Task 1: draw from a mixture of two Gaussians
#
# A mixture draws in two stages.
# First it draws the component: $z_i = 1$ with probability $p_1$, else $z_i = 0$.
# Then it draws the point from that component:
#
# $$
# x_i \sim \mathcal N(\mu_1, \sigma_1^2) \text{ if } z_i = 1, \qquad
# x_i \sim \mathcal N(\mu_2, \sigma_2^2) \text{ if } z_i = 0 .
# $$
#
# Here $p_1$ is `prob_1`, and $\mu_1, \sigma_1, \mu_2, \sigma_2$ are the means and standard deviations of the first and the second component.
# All points are independent draws, in no particular order.
#
# **Watch out.**
# All randomness comes from the generator `rng`.
# A seed set inside the function makes every draw equal.


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    """Draw points from a mixture of two Gaussians on the line.

    Parameters
    ----------
    n : int
        Number of points, at least 1.
    prob_1 : float
        Probability of the first component, between 0 and 1.
    mean_1, sigma_1 : float
        Mean and standard deviation of the first component.
    mean_2, sigma_2 : float
        Mean and standard deviation of the second component.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    z : ndarray of int, shape (n,)
        Component of each point: 1 for the first, 0 for the second.
    x : ndarray, shape (n,)
        The points.
    """
    ### BEGIN SOLUTION
    z = (rng.random(n) < prob_1).astype(int)  # (n,)
    noise = rng.standard_normal(n)  # (n,)
    x = np.where(z == 1, mean_1 + sigma_1 * noise, mean_2 + sigma_2 * noise)
    return z, x
    ### END SOLUTION


# %% check="test_sample_two_gaussians" points=1
with quiet():
    result = sample_two_gaussians(1000, 0.25, 100.0, 1.0, -100.0, 1.0, np.random.default_rng(0))
    again = sample_two_gaussians(1000, 0.25, 100.0, 1.0, -100.0, 1.0, np.random.default_rng(0))
    other = sample_two_gaussians(1000, 0.25, 100.0, 1.0, -100.0, 1.0, np.random.default_rng(1))
assert result is not None, "expected z and x; came None. Did you forget to return them?"
z, x = result
z, x = np.asarray(z), np.asarray(x, dtype=float)
assert (z.shape, x.shape) == ((1000,), (1000,)), (
    f"expected z and x of shape (1000,); came {z.shape} and {x.shape}"
)
assert np.all((z == 0) | (z == 1)), (
    f"expected only 0 and 1 in z; came the values {np.unique(z)[:5]}. Do not number from 1 to 2"
)
assert np.array_equal(z == 1, x > 0), (
    "the first component lies near 100 and the second near -100: expected z = 1 exactly where x is "
    "positive. Are the components exchanged, or do z and x belong to different draws?"
)
assert 150 < np.sum(z == 1) < 350, (
    f"expected about 250 of 1000 points from the first component; came {np.sum(z == 1)}"
)
assert all(np.array_equal(a, b) for a, b in zip(result, again, strict=True)), (
    "the same seed gave two different samples. Draw everything from rng"
)
assert not np.array_equal(x, np.asarray(other[1])), (
    "two different seeds gave the same sample. Draw from rng, and set no seed inside the function"
)

# %% check="test_sample_two_gaussians_distribution" points=2
# Hidden check: counts, means, standard deviations and shape of the distribution, independence of
# the points, seeds, n = 1, a probability close to 0 or 1, integer parameters.
### BEGIN HIDDEN TESTS
n = 4000
settings = [
    (11, 0.3, -2.0, 0.5, 3.0, 2.0),
    (12, 0.6, 0, 3, 1, 1),
    (13, 0.5, 10.0, 0.25, 10.0, 4.0),
]
for seed, prob_1, mean_1, sigma_1, mean_2, sigma_2 in settings:
    with quiet():
        z, x = sample_two_gaussians(
            n, prob_1, mean_1, sigma_1, mean_2, sigma_2, np.random.default_rng(seed)
        )
    z, x = np.asarray(z), np.asarray(x, dtype=float)
    assert (z.shape, x.shape) == ((n,), (n,)), (
        f"expected z and x of shape ({n},); came {z.shape} and {x.shape}"
    )
    first = z == 1
    assert np.all(first | (z == 0)), f"expected only 0 and 1 in z; came {np.unique(z)[:5]}"
    expected = n * prob_1
    assert abs(first.sum() - expected) < 6 * np.sqrt(expected * (1 - prob_1)), (
        f"expected about {expected:.0f} of {n} points from the first component; came {first.sum()}"
    )
    residuals = np.empty(n)
    for name, part, mean, sigma in [
        ("first", first, mean_1, sigma_1),
        ("second", ~first, mean_2, sigma_2),
    ]:
        m = part.sum()
        assert abs(x[part].mean() - mean) < 6 * sigma / np.sqrt(m), (
            f"expected mean {mean} in the {name} component; came {x[part].mean():.4g}"
        )
        assert abs(x[part].std() / sigma - 1) < 6 / np.sqrt(2 * m), (
            f"expected standard deviation {sigma} in the {name} component; came "
            f"{x[part].std():.4g}. sigma is a standard deviation, not a variance"
        )
        residuals[part] = (x[part] - mean) / sigma
        assert stats.kstest(residuals[part], "norm").pvalue > 1e-7, (
            f"the points of the {name} component are not distributed like a Gaussian"
        )
    for name, values in [("z", first.astype(float)), ("x - mean", residuals)]:
        correlation = np.corrcoef(values[1:], values[:-1])[0, 1]
        assert abs(correlation) < 6 / np.sqrt(n), (
            f"neighbours are correlated in {name}: expected 0, came {correlation:.3f}. The points "
            "must be independent draws, not sorted by component"
        )

# The number of points from the first component varies from sample to sample.
counts = set()
for seed in range(40):
    with quiet():
        z, x = sample_two_gaussians(50, 0.4, 0.0, 1.0, 5.0, 2.0, np.random.default_rng(seed))
    counts.add(int(np.sum(np.asarray(z) == 1)))
assert len(counts) > 1, (
    f"40 samples from 40 seeds all have {counts} points from the first component. Draw each "
    "component at random and set no seed inside the function"
)

# n = 1 keeps its shape, and both components occur.
seen = set()
for seed in range(60):
    with quiet():
        z, x = sample_two_gaussians(1, 0.5, -1.0, 0.1, 1.0, 0.1, np.random.default_rng(seed))
    assert (np.shape(z), np.shape(x)) == ((1,), (1,)), (
        f"for n = 1 expected shapes (1,) and (1,); came {np.shape(z)} and {np.shape(x)}"
    )
    seen.add(int(np.asarray(z)[0]))
assert seen == {0, 1}, f"60 samples of one point with prob_1 = 0.5 gave only z in {seen}"

for prob_1, expected in [(1e-12, 0), (1 - 1e-12, 1)]:
    with quiet():
        z, x = sample_two_gaussians(200, prob_1, 0.0, 1.0, 9.0, 1.0, np.random.default_rng(5))
    assert np.all(np.asarray(z) == expected), (
        f"with prob_1 = {prob_1} expected z = {expected} everywhere; came {np.unique(z)}"
    )

# NumPy's global state takes no part.
samples = []
for global_seed in (1, 2):
    np.random.seed(global_seed)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    with quiet():
        result = sample_two_gaussians(30, 0.4, 0.0, 1.0, 5.0, 2.0, np.random.default_rng(8))
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "the function used or seeded NumPy's global generator (np.random.something). Use rng only"
    )
    samples.append([np.asarray(part) for part in result])
assert all(np.array_equal(a, b) for a, b in zip(*samples, strict=True)), (
    "the sample depends on NumPy's global seed. Use rng only"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the E-step
#
# The mixture has $K$ components with density
#
# $$
# p(x) = \sum_{k=1}^{K} \pi_k \, \mathcal N(x \mid \mu_k, \sigma_k^2),
# \qquad
# \mathcal N(x \mid \mu, \sigma^2) = \frac{1}{\sqrt{2\pi}\,\sigma} \exp\!\left(-\frac{(x-\mu)^2}{2\sigma^2}\right) .
# $$
#
# The E-step computes the responsibilities by Bayes' rule:
#
# $$
# r_{ik} = \frac{\pi_k \, \mathcal N(x_i \mid \mu_k, \sigma_k^2)}{\sum_{j=1}^{K} \pi_j \, \mathcal N(x_i \mid \mu_j, \sigma_j^2)} .
# $$
#
# The result has shape `(n, k)`: one row a point, one column a component.
# Each row sums to 1.
#
# **Watch out.**
# A responsibility is a ratio of weighted *densities*, not of their logarithms.
# Yet far from every mean all densities are 0 in floating point, and $0/0$ is not a number.
# Subtract the largest log of a row before you take the exponential: the ratio stays the same.
# Your result must be right there too.


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    """Return the responsibilities of the components for the points.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Points.
    weights : ndarray, shape (k,)
        Mixing weights, positive, summing to 1.
    means : ndarray, shape (k,)
        Means of the components.
    sigmas : ndarray, shape (k,)
        Standard deviations of the components.

    Returns
    -------
    ndarray, shape (n, k)
        Responsibilities; each row sums to 1.
    """
    ### BEGIN SOLUTION
    log_joint = np.log(weights) + stats.norm.logpdf(x[:, None], means, sigmas)  # (n, k)
    return np.exp(log_joint - special.logsumexp(log_joint, axis=1, keepdims=True))
    ### END SOLUTION


# %% check="test_e_step" points=1
# Two equal components: the point tells nothing, and the responsibilities are the weights.
x = np.array([-1.0, 0.5, 7.0, 2.0])
with quiet():
    resp = e_step(x.copy(), np.array([0.3, 0.7]), np.array([1.0, 1.0]), np.array([2.0, 2.0]))
resp = np.asarray(resp, dtype=float)
assert resp.shape == (4, 2), (
    f"expected shape (4, 2), a row for each point, a column for each component; came {resp.shape}"
)
np.testing.assert_allclose(
    resp.sum(axis=1), 1, rtol=1e-8, err_msg="each row must sum to 1. Over which axis do you sum?"
)
np.testing.assert_allclose(
    resp,
    np.tile([0.3, 0.7], (4, 1)),
    rtol=1e-8,
    err_msg="two equal components: expected the weights 0.3 and 0.7 in every row. "
    "Do you normalise weighted densities, or their logarithms?",
)

# Halfway between two mirrored components the responsibilities are one half.
with quiet():
    resp = e_step(
        np.array([0.0]), np.array([0.5, 0.5]), np.array([-2.0, 2.0]), np.array([1.0, 1.0])
    )
np.testing.assert_allclose(
    np.asarray(resp, dtype=float), [[0.5, 0.5]], rtol=1e-8, err_msg="expected one half each"
)

# Same means, sigmas 1 and 2: at the mean the first density is twice the second.
with quiet():
    resp = e_step(
        np.array([3.0]), np.array([0.25, 0.75]), np.array([3.0, 3.0]), np.array([1.0, 2.0])
    )
np.testing.assert_allclose(
    np.asarray(resp, dtype=float),
    [[0.4, 0.6]],
    rtol=1e-8,
    err_msg="weights 1/4 and 3/4, densities 2 : 1, so expected 0.4 and 0.6. "
    "Is sigma in the factor in front of the exponential? Is it a standard deviation in your code?",
)

# %% check="test_e_step_other_inputs" points=2
# Hidden check: other inputs (k = 1, 3 and 4, n = 1, n = k, small and large scales, integer
# arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(21)
cases = [
    ("k = 4", rng.normal(0, 3, 7), [0.1, 0.2, 0.3, 0.4], [-3.0, 0.0, 1.0, 4.0], [1.0, 0.5, 2.0, 3]),
    ("k = 1", rng.normal(0, 3, 5), [1.0], [0.5], [2.0]),
    ("n = 1", np.array([0.7]), [0.2, 0.5, 0.3], [-1.0, 0.0, 2.0], [1.0, 0.5, 3.0]),
    ("n = 1, k = 1", np.array([0.7]), [1.0], [3.0], [0.5]),
    ("n = k", rng.normal(0, 2, 3), [0.6, 0.3, 0.1], [-1.0, 0.5, 2.0], [0.7, 1.5, 1.0]),
    ("small scale", 1e-6 * rng.normal(0, 2, 6), [0.7, 0.3], [-1e-6, 2e-6], [1e-6, 3e-6]),
    ("large scale", 1e6 * rng.normal(0, 2, 6), [0.7, 0.3], [-1e6, 2e6], [1e6, 3e6]),
    ("tiny weight", rng.normal(0, 2, 6), [1e-9, 1 - 1e-9], [0.0, 1.0], [1.0, 2.0]),
    ("integers", np.array([-3, 0, 2, 5]), [0.4, 0.6], np.array([-2, 3]), np.array([1, 2])),
]
for name, x, *parameters in cases:
    weights, means, sigmas = (np.array(p) for p in parameters)
    densities = weights * stats.norm(means, sigmas).pdf(x[:, None])
    expected = densities / densities.sum(axis=1, keepdims=True)
    arguments = [x.copy(), weights.copy(), means.copy(), sigmas.copy()]
    with quiet():
        resp = np.asarray(e_step(*arguments), dtype=float)
    assert resp.shape == expected.shape, (
        f"{name}: expected shape {expected.shape}; came {resp.shape}"
    )
    np.testing.assert_allclose(
        resp,
        expected,
        rtol=1e-8,
        atol=1e-12,
        err_msg=f"{name}: wrong responsibilities. Ratio of weighted densities, summed over the "
        "components?",
    )
    for label, before, after in zip(
        ("x", "weights", "means", "sigmas"), (x, weights, means, sigmas), arguments, strict=True
    ):
        assert np.array_equal(before, after), f"{name}: the function changed its argument {label}"
### END HIDDEN TESTS

# %% check="test_e_step_far_tails" points=1
# Hidden check: points far from every mean, up to many thousand standard deviations.
### BEGIN HIDDEN TESTS
x = np.array([-1e3, -60.0, 0.0, 45.0, 1e3, 1e4])
cases = [
    ([0.3, 0.7], [0.0, 1e-3], [1.0, 1.0]),
    ([0.5, 0.2, 0.3], [-2.0, 0.0, 3.0], [1.0, 0.1, 2.0]),
    ([0.6, 0.4], [-1e3, 1e3], [1e-2, 2e-2]),
]
for weights, means, sigmas in cases:
    weights, means, sigmas = np.array(weights), np.array(means), np.array(sigmas)
    logs = np.log(weights / sigmas) - 0.5 * ((x[:, None] - means) / sigmas) ** 2
    ratios = np.exp(logs - logs.max(axis=1, keepdims=True))
    expected = ratios / ratios.sum(axis=1, keepdims=True)
    with quiet():
        resp = np.asarray(
            e_step(x.copy(), weights.copy(), means.copy(), sigmas.copy()), dtype=float
        )
    assert resp.shape == expected.shape, f"expected shape {expected.shape}; came {resp.shape}"
    assert np.all(np.isfinite(resp)), (
        f"expected finite responsibilities far from the means; came {resp[~np.isfinite(resp)][:3]}."
        " The densities are 0 there: compare logarithms before you take the exponential"
    )
    # At 1e4 standard deviations the logs are of order 1e8 and known to about 1e-7 only.
    np.testing.assert_allclose(
        resp, expected, rtol=1e-6, atol=1e-6, err_msg="wrong far from the means"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the M-step
#
# The M-step fits the parameters to points that belong to the components in parts.
# The effective number of points of component $k$ is $N_k = \sum_{i=1}^n r_{ik}$.
# The new parameters are
#
# $$
# \pi_k = \frac{N_k}{n},
# \qquad
# \mu_k = \frac{1}{N_k} \sum_{i=1}^n r_{ik} \, x_i,
# \qquad
# \sigma_k^2 = \frac{1}{N_k} \sum_{i=1}^n r_{ik} \, (x_i - \mu_k)^2 .
# $$
#
# **Watch out.**
# The variance is taken around the *new* mean $\mu_k$ of the same component.
# The function returns the standard deviations $\sigma_k$.


# %% solution="m_step"
def m_step(x, resp):
    """Return the parameters that maximise the expected log-likelihood.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Points.
    resp : ndarray, shape (n, k)
        Responsibilities; each row sums to 1, and no column is all 0.

    Returns
    -------
    weights : ndarray, shape (k,)
        Mixing weights.
    means : ndarray, shape (k,)
        Means of the components.
    sigmas : ndarray, shape (k,)
        Standard deviations of the components.
    """
    ### BEGIN SOLUTION
    counts = resp.sum(axis=0)  # (k,)
    means = x @ resp / counts  # (k,)
    variances = (resp * (x[:, None] - means) ** 2).sum(axis=0) / counts  # (k,)
    return counts / len(x), means, np.sqrt(variances)
    ### END SOLUTION


# %% check="test_m_step" points=1
# Whole points: the first two belong to the first component, the last four to the second.
x = np.array([0.0, 2.0, 6.0, 6.0, 12.0, 12.0])
resp = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])
with quiet():
    result = m_step(x.copy(), resp.copy())
assert result is not None, "expected weights, means and sigmas; came None. Is there a return?"
assert len(result) == 3, f"expected three results: weights, means, sigmas; came {len(result)}"
weights, means, sigmas = (np.asarray(part, dtype=float) for part in result)
assert weights.shape == means.shape == sigmas.shape == (2,), (
    f"expected three arrays of shape (2,); came {weights.shape}, {means.shape}, {sigmas.shape}"
)
np.testing.assert_allclose(
    weights, [1 / 3, 2 / 3], rtol=1e-8, err_msg="weights: 2 and 4 of 6 points"
)
np.testing.assert_allclose(
    means, [1.0, 9.0], rtol=1e-8, err_msg="means: of 0 and 2, and of 6, 6, 12 and 12"
)
np.testing.assert_allclose(
    sigmas,
    [1.0, 3.0],
    rtol=1e-8,
    err_msg="sigmas: every point is 1 or 3 away from its mean. Did you return variances? "
    "Do you measure from the mean of the same component, and divide by N_k?",
)

# One component owns everything: the mean and standard deviation of the whole sample.
x = np.array([1.0, 2.0, 4.0, 9.0])
with quiet():
    weights, means, sigmas = m_step(x.copy(), np.ones((4, 1)))
np.testing.assert_allclose(
    np.concatenate([weights, means, sigmas]),
    [1.0, np.mean(x), np.std(x)],
    rtol=1e-8,
    err_msg="with k = 1 expected weight 1, np.mean(x) and np.std(x)",
)

# %% check="test_m_step_other_inputs" points=2
# Hidden check: other inputs (shared points with k = 2, 3 and 4, n = 1, small and large scales,
# integer arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(31)
cases = [
    ("k = 2", rng.normal(1, 3, 9), rng.dirichlet(np.ones(2), 9)),
    ("k = 4", rng.normal(-5, 2, 30), rng.dirichlet([0.3, 1.0, 2.0, 5.0], 30)),
    ("n = k", rng.normal(0, 2, 3), rng.dirichlet(np.ones(3), 3)),
    ("small scale", 1e-7 * rng.normal(2, 1, 12), rng.dirichlet(np.ones(3), 12)),
    ("large scale", 1e7 * rng.normal(2, 1, 12), rng.dirichlet(np.ones(3), 12)),
    ("far from 0", 50 + rng.normal(0, 1, 12), rng.dirichlet(np.ones(2), 12)),
    ("integers", np.array([-7, 0, 1, 4, 30]), np.array([[0, 1], [0, 1], [1, 0], [1, 0], [1, 0]])),
    ("n = 1", np.array([3.0]), np.array([[0.25, 0.75]])),
    ("n = 1, k = 1", np.array([4]), np.array([[1]])),
]
for name, x, resp in cases:
    k = resp.shape[1]
    expected = np.array(
        [
            [
                np.mean(resp[:, j]),
                np.average(x, weights=resp[:, j]),
                np.sqrt(
                    np.average((x - np.average(x, weights=resp[:, j])) ** 2, weights=resp[:, j])
                ),
            ]
            for j in range(k)
        ]
    ).T
    arguments = [x.copy(), resp.copy()]
    with quiet():
        result = m_step(*arguments)
    for label, part, value in zip(("weights", "means", "sigmas"), result, expected, strict=True):
        part = np.asarray(part, dtype=float)
        assert part.shape == (k,), f"{name}: expected {label} of shape ({k},); came {part.shape}"
        np.testing.assert_allclose(
            part,
            value,
            rtol=1e-8,
            atol=1e-10 * np.abs(x).max() if label == "means" else 1e-12 * np.abs(x).max(),
            err_msg=f"{name}: wrong {label}. Weighted sums over the points, divided by N_k, with "
            "the variance around the new mean?",
        )
    for label, before, after in zip(("x", "resp"), (x, resp), arguments, strict=True):
        assert np.array_equal(before, after), f"{name}: the function changed its argument {label}"
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: the log-likelihood
#
# The log-likelihood sums the log-density of the mixture over all points:
#
# $$
# \ell(\pi, \mu, \sigma) = \sum_{i=1}^n \log \sum_{k=1}^K \pi_k \, \mathcal N(x_i \mid \mu_k, \sigma_k^2) .
# $$
#
# It is one number.
# The sum over the components stands inside the logarithm, with the mixing weights $\pi_k$.
#
# **Watch out.**
# Neither the responsibilities nor $K$ appear in this formula, and nothing is divided by $n$.
# The log-density is a plain number even where the density itself is too small for floating point.
# `scipy.special.logsumexp` may help.


# %% solution="log_likelihood"
def log_likelihood(x, weights, means, sigmas):
    """Return the log-likelihood of a mixture of Gaussians on the line.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Points.
    weights : ndarray, shape (k,)
        Mixing weights, positive, summing to 1.
    means : ndarray, shape (k,)
        Means of the components.
    sigmas : ndarray, shape (k,)
        Standard deviations of the components.

    Returns
    -------
    float
        Summed over the points.
    """
    ### BEGIN SOLUTION
    log_joint = np.log(weights) + stats.norm.logpdf(x[:, None], means, sigmas)  # (n, k)
    return float(special.logsumexp(log_joint, axis=1).sum())
    ### END SOLUTION


# %% check="test_log_likelihood" points=1
x = np.array([-1.0, 0.5, 2.0])
with quiet():
    value = log_likelihood(x.copy(), np.array([1.0]), np.array([0.5]), np.array([2.0]))
assert np.ndim(value) == 0, f"expected one number; came an array of shape {np.shape(value)}"
np.testing.assert_allclose(
    value,
    stats.norm.logpdf(x, 0.5, 2.0).sum(),
    rtol=1e-8,
    err_msg="one component: expected the sum of scipy.stats.norm.logpdf. Sum or mean? Variance?",
)

# Two equal components are one component, whatever the weights.
with quiet():
    value = log_likelihood(
        x.copy(), np.array([0.3, 0.7]), np.array([0.5, 0.5]), np.array([2.0, 2.0])
    )
np.testing.assert_allclose(
    value,
    stats.norm.logpdf(x, 0.5, 2.0).sum(),
    rtol=1e-8,
    err_msg="two equal components: expected the same as with one. Is the sum over the components "
    "inside the logarithm, with the mixing weights, and nothing divided by K?",
)

# Components far apart: each point sees one of them, with weight 1/4 or 3/4.
x = np.array([-100.0, 99.0, 101.0])
with quiet():
    value = log_likelihood(
        x.copy(), np.array([0.25, 0.75]), np.array([-100.0, 100.0]), np.array([1.0, 2.0])
    )
np.testing.assert_allclose(
    value,
    np.log(0.25) + stats.norm.logpdf(-100, -100, 1)
    + 2 * np.log(0.75) + stats.norm.logpdf(99, 100, 2) + stats.norm.logpdf(101, 100, 2),
    rtol=1e-8,
    err_msg="components far apart: log weight plus log-density of the near component, summed",
)  # fmt: skip

# %% check="test_log_likelihood_other_inputs" points=1
# Hidden check: other inputs (k = 1, 3 and 4, n = 1, small and large scales, integer arrays), and
# that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(41)
cases = [
    ("k = 4", rng.normal(0, 3, 17), [0.1, 0.2, 0.3, 0.4], [-3.0, 0.0, 1.0, 4.0], [1.0, 0.5, 2, 3]),
    ("k = 1", rng.normal(0, 3, 5), [1.0], [0.5], [2.0]),
    ("n = 1", np.array([0.7]), [0.2, 0.5, 0.3], [-1.0, 0.0, 2.0], [1.0, 0.5, 3.0]),
    ("n = k", rng.normal(0, 2, 3), [0.6, 0.3, 0.1], [-1.0, 0.5, 2.0], [0.7, 1.5, 1.0]),
    ("small scale", 1e-6 * rng.normal(0, 2, 6), [0.7, 0.3], [-1e-6, 2e-6], [1e-6, 3e-6]),
    ("large scale", 1e6 * rng.normal(0, 2, 6), [0.7, 0.3], [-1e6, 2e6], [1e6, 3e6]),
    ("integers", np.array([-3, 0, 2, 5]), [0.4, 0.6], np.array([-2, 3]), np.array([1, 2])),
]
for name, x, *parameters in cases:
    weights, means, sigmas = (np.array(p) for p in parameters)
    expected = np.log((weights * stats.norm(means, sigmas).pdf(x[:, None])).sum(axis=1)).sum()
    arguments = [x.copy(), weights.copy(), means.copy(), sigmas.copy()]
    with quiet():
        value = log_likelihood(*arguments)
    assert np.ndim(value) == 0, f"{name}: expected one number; came shape {np.shape(value)}"
    np.testing.assert_allclose(
        value,
        expected,
        rtol=1e-8,
        atol=1e-10,
        err_msg=f"{name}: wrong log-likelihood. Mixing weights inside the logarithm, then a sum "
        "over the points?",
    )
    for label, before, after in zip(
        ("x", "weights", "means", "sigmas"), (x, weights, means, sigmas), arguments, strict=True
    ):
        assert np.array_equal(before, after), f"{name}: the function changed its argument {label}"
### END HIDDEN TESTS

# %% check="test_log_likelihood_far_tails" points=1
# Hidden check: points far from every mean, where the density is 0 in floating point.
### BEGIN HIDDEN TESTS
x = np.array([-1e3, -60.0, 0.0, 45.0, 1e3, 1e5])
cases = [
    ([0.3, 0.7], [0.0, 1e-3], [1.0, 1.0]),
    ([0.5, 0.2, 0.3], [-2.0, 0.0, 3.0], [1.0, 0.1, 2.0]),
    ([0.6, 0.4], [-1e3, 1e3], [1e-2, 2e-2]),
]
for weights, means, sigmas in cases:
    weights, means, sigmas = np.array(weights), np.array(means), np.array(sigmas)
    logs = np.log(weights / sigmas) - 0.5 * ((x[:, None] - means) / sigmas) ** 2
    expected = np.logaddexp.reduce(logs, axis=1).sum() - 0.5 * len(x) * np.log(2 * np.pi)
    with quiet():
        value = log_likelihood(x.copy(), weights.copy(), means.copy(), sigmas.copy())
    assert np.ndim(value) == 0, f"expected one number; came an array of shape {np.shape(value)}"
    assert np.isfinite(value), (
        f"expected a finite number far from the means; came {value}. The logarithm of an "
        "underflown density is minus infinity: stay with logarithms"
    )
    np.testing.assert_allclose(value, expected, rtol=1e-8, err_msg="wrong far from the means")
    # Each point alone: one large term must not hide an error in the others.
    for i in range(len(x)):
        with quiet():
            value = log_likelihood(x[i : i + 1].copy(), weights.copy(), means.copy(), sigmas.copy())
        np.testing.assert_allclose(
            value,
            np.logaddexp.reduce(logs[i]) - 0.5 * np.log(2 * np.pi),
            rtol=1e-8,
            err_msg=f"wrong log-likelihood of the single point {x[i]:g}",
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: the whole algorithm
#
# One iteration is an E-step with the current parameters, then an M-step with these responsibilities.
# After each iteration $t = 1, 2, \dots$ record the log-likelihood $\ell_t$ of the *new* parameters.
# Stop after the first iteration that raises the log-likelihood by less than `tol`, that is $\ell_t - \ell_{t-1} < \texttt{tol}$, and at the latest after `max_iter` iterations.
# Here `max_iter` is at least 1.
# The iteration after which you stop counts like the others: its value is recorded, and its parameters are returned.
#
# The start's own value $\ell_0$ does not belong to the history.
# You may compare $\ell_1$ with $\ell_0$, or make the first comparison between $\ell_2$ and $\ell_1$.
#
# **Watch out.**
# The last entry of the history belongs to the parameters that you return.
# If you record before the M-step, it belongs to older ones.


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    """Fit a mixture of Gaussians on the line by expectation-maximisation.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Points.
    weights, means, sigmas : ndarray, shape (k,)
        Where to start: mixing weights, means and standard deviations.
    max_iter : int
        Largest number of iterations, at least 1.
    tol : float
        Stop once the log-likelihood, summed over the points, rises by less than this.

    Returns
    -------
    weights, means, sigmas : ndarray, shape (k,)
        Parameters after the last iteration.
    log_likelihoods : ndarray, shape (number of iterations,)
        Entry t belongs to the parameters after iteration t.
    """
    ### BEGIN SOLUTION
    log_likelihoods = []
    previous = log_likelihood(x, weights, means, sigmas)
    for _ in range(max_iter):
        weights, means, sigmas = m_step(x, e_step(x, weights, means, sigmas))
        current = log_likelihood(x, weights, means, sigmas)
        log_likelihoods.append(current)
        if current - previous < tol:
            break
        previous = current
    return weights, means, sigmas, np.array(log_likelihoods)
    ### END SOLUTION


# %% check="test_fit_em" points=1
# Two pairs of points, far apart. After one iteration the parameters are known by hand:
# weights 1/2 and 1/2, means -100 and 100, sigmas 2 and 1.
x = np.array([-102.0, -98.0, 99.0, 101.0])
start = [np.array([0.4, 0.6]), np.array([-90.0, 90.0]), np.array([10.0, 10.0])]
with quiet():
    result = fit_em(x.copy(), *[part.copy() for part in start], 1, 1e-6)
assert result is not None, "expected four results; came None. Is there a return?"
assert len(result) == 4, (
    f"expected four results: weights, means, sigmas, log_likelihoods; came {len(result)}"
)
one, history = [np.asarray(part, dtype=float) for part in result[:3]], np.asarray(result[3])
assert history.shape == (1,), (
    f"max_iter = 1: expected a history of shape (1,); came {history.shape}. "
    "One value an iteration, without the start's"
)
by_hand = [np.array([0.5, 0.5]), np.array([-100.0, 100.0]), np.array([2.0, 1.0])]


def same(parts, expected):
    """Tell whether two lists of arrays agree."""
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-8, atol=1e-10, equal_nan=True)
        for a, b in zip(parts, expected, strict=True)
    )


right = same(one, by_hand)
if not right:  # A mistake in an earlier function counts there, not here.
    with contextlib.suppress(Exception), quiet():
        right = same(one, m_step(x.copy(), e_step(x.copy(), *start)))
assert right, (
    f"after one iteration expected weights, means, sigmas {[p.tolist() for p in by_hand]}; "
    f"came {[p.tolist() for p in one]}. An E-step, then an M-step?"
)

# The last entry of the history belongs to the parameters returned.
expected = stats.norm.logpdf(x, [-100, -100, 100, 100], [2, 2, 1, 1]).sum() + 4 * np.log(0.5)
right = same(one, by_hand) and np.isclose(history[0], expected, rtol=1e-8)
if not right:
    with contextlib.suppress(Exception), quiet():
        right = np.isclose(history[0], log_likelihood(x.copy(), *one), rtol=1e-8, equal_nan=True)
assert right, (
    f"expected the log-likelihood {expected:.6f} after the first iteration; came "
    f"{history[0]:.6f}. Record it after the M-step, for the new parameters"
)

# The loop stops once the rise is less than tol, and not before.
max_iter, tol = 50, 1e-6
with quiet():
    history = np.asarray(fit_em(x.copy(), *[part.copy() for part in start], max_iter, tol)[3])
assert history.ndim == 1, f"expected a flat history; came shape {history.shape}"
assert 1 <= len(history) <= max_iter, (
    f"expected between 1 and {max_iter} values; came shape {history.shape}"
)
rises = np.diff(history)
assert not np.any(np.abs(rises[:-1]) < tol), (
    f"expected a stop after the first rise under {tol}; the rises are {rises[:4]}, and more follow"
)
assert len(history) in (1, max_iter) or not rises[-1] >= tol, (
    f"stopped after {len(history)} iterations although the last rise was {rises[-1]:.3g}, "
    f"not under {tol}"
)


# %% check="test_fit_em_iterations" points=1
# Hidden check: parameters and history after 1, 2, 5 and 20 iterations (k = 1, 2 and 3, integer
# arrays); the arguments stay as they are.
### BEGIN HIDDEN TESTS
def reference_e(x, weights, means, sigmas):
    """Responsibilities."""
    logs = np.log(weights) - np.log(sigmas) - 0.5 * ((x[:, None] - means) / sigmas) ** 2
    ratios = np.exp(logs - logs.max(axis=1, keepdims=True))
    return ratios / ratios.sum(axis=1, keepdims=True)


def reference_m(x, resp):
    """Parameters."""
    counts = resp.sum(axis=0)
    means = (resp * x[:, None]).sum(axis=0) / counts
    sigmas = np.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / counts)
    return counts / len(x), means, sigmas


def reference_l(x, weights, means, sigmas):
    """Log-likelihood."""
    logs = np.log(weights) - np.log(sigmas) - 0.5 * ((x[:, None] - means) / sigmas) ** 2
    return np.logaddexp.reduce(logs, axis=1).sum() - 0.5 * len(x) * np.log(2 * np.pi)


def accepts(steps, parts, x, start, max_iter, tol):
    """Tell whether a fit stops where EM with these steps may stop, with the right values."""
    expectation, maximisation, likelihood = steps
    parameters = [np.array(p) for p in start]
    values = [float(likelihood(x.copy(), *parameters))]  # the start first
    for _ in range(len(parts[3])):
        resp = np.asarray(expectation(x.copy(), *parameters), dtype=float)
        parameters = [np.asarray(p, dtype=float) for p in maximisation(x.copy(), resp)]
        values.append(float(likelihood(x.copy(), *parameters)))
    if not all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-7, atol=1e-8, equal_nan=True)
        for a, b in zip(parts, [*parameters, np.array(values[1:])], strict=True)
    ):
        return False
    rises, last = np.diff(values), len(parts[3]) - 1
    for small in (rises < tol, np.abs(rises) < tol, ~(rises >= tol)):
        for first in (0, 1):  # the first rise may be measured from the start or from entry 1
            stops = [int(t) for t in np.flatnonzero(small) if t >= first]
            if stops == [last] or (not stops and last + 1 == max_iter):
                return True
    return False


rng = np.random.default_rng(51)
two = np.concatenate([rng.normal(-2.5, 2, 25), rng.normal(3.5, 2, 35)])
three = np.concatenate([rng.normal(-4, 1, 30), rng.normal(0, 1.5, 30), rng.normal(6, 2, 40)])
cases = [
    ("k = 2", two, ([0.5, 0.5], [-1.0, 1.0], [3.0, 2.0]), (1, 2, 5, 20)),
    ("k = 3", three, ([0.2, 0.3, 0.5], [-3.0, 1.0, 4.0], [2.0, 1.0, 3.0]), (1, 5, 20)),
    ("k = 1", two, ([1.0], [5.0], [1.0]), (1,)),
    (
        "integers",
        np.round(two).astype(int),
        ([0.5, 0.5], np.array([-1, 2]), np.array([3, 2])),
        (3,),
    ),
]
for name, x, start, numbers in cases:
    start = [np.array(part) for part in start]
    for max_iter in numbers:
        arguments = [x.copy(), *(part.copy() for part in start)]
        with quiet():
            result = fit_em(*arguments, max_iter, 1e-9)
        parts = [np.asarray(part, dtype=float) for part in result]
        assert len(parts) == 4, f"{name}: expected four results; came {len(parts)}"
        assert parts[3].ndim == 1, f"{name}: expected a flat history; came {parts[3].shape}"
        assert 1 <= len(parts[3]) <= max_iter, (
            f"{name}: expected a history of 1 to {max_iter} values; came {len(parts[3])}"
        )
        # A mistake in an earlier function counts there, not here: the student's own come last.
        names = ("e_step", "m_step", "log_likelihood")
        references = (reference_e, reference_m, reference_l)
        pairs = [(theirs, globals().get(n)) for theirs, n in zip(references, names, strict=True)]
        right = False
        for steps in itertools.product(*pairs):
            with contextlib.suppress(Exception), quiet():
                right = accepts(steps, parts, x, start, max_iter, 1e-9)
            if right:
                break
        expected, values = start, []
        for _ in range(max_iter):
            expected = reference_m(x, reference_e(x, *expected))
            values.append(reference_l(x, *expected))
        assert right, (
            f"{name}: after {max_iter} iterations expected weights, means, sigmas "
            f"{[np.round(p, 5).tolist() for p in expected]} and the history "
            f"{np.round(values, 5).tolist()}; came {[np.round(p, 5).tolist() for p in parts[:3]]} "
            f"and {np.round(parts[3], 5).tolist()}. One entry an iteration, for the parameters "
            "after it, and no stop here before max_iter"
        )
        for label, before, after in zip(
            ("x", "weights", "means", "sigmas"), (x, *start), arguments, strict=True
        ):
            assert np.array_equal(before, after), (
                f"{name}: the function changed its argument {label}"
            )
### END HIDDEN TESTS


# %% check="test_fit_em_stopping" points=1
# Hidden check: where the loop stops, for several tolerances, from a good and from a bad start, and
# when the start is already the answer.
### BEGIN HIDDEN TESTS
def reference_e(x, weights, means, sigmas):
    """Responsibilities."""
    logs = np.log(weights) - np.log(sigmas) - 0.5 * ((x[:, None] - means) / sigmas) ** 2
    ratios = np.exp(logs - logs.max(axis=1, keepdims=True))
    return ratios / ratios.sum(axis=1, keepdims=True)


def reference_m(x, resp):
    """Parameters."""
    counts = resp.sum(axis=0)
    means = (resp * x[:, None]).sum(axis=0) / counts
    sigmas = np.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / counts)
    return counts / len(x), means, sigmas


def reference_l(x, weights, means, sigmas):
    """Log-likelihood."""
    logs = np.log(weights) - np.log(sigmas) - 0.5 * ((x[:, None] - means) / sigmas) ** 2
    return np.logaddexp.reduce(logs, axis=1).sum() - 0.5 * len(x) * np.log(2 * np.pi)


def accepts(steps, parts, x, start, max_iter, tol):
    """Tell whether a fit stops where EM with these steps may stop, with the right values."""
    expectation, maximisation, likelihood = steps
    parameters = [np.array(p) for p in start]
    values = [float(likelihood(x.copy(), *parameters))]  # the start first
    for _ in range(len(parts[3])):
        resp = np.asarray(expectation(x.copy(), *parameters), dtype=float)
        parameters = [np.asarray(p, dtype=float) for p in maximisation(x.copy(), resp)]
        values.append(float(likelihood(x.copy(), *parameters)))
    if not all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-7, atol=1e-8, equal_nan=True)
        for a, b in zip(parts, [*parameters, np.array(values[1:])], strict=True)
    ):
        return False
    rises, last = np.diff(values), len(parts[3]) - 1
    for small in (rises < tol, np.abs(rises) < tol, ~(rises >= tol)):
        for first in (0, 1):  # the first rise may be measured from the start or from entry 1
            stops = [int(t) for t in np.flatnonzero(small) if t >= first]
            if stops == [last] or (not stops and last + 1 == max_iter):
                return True
    return False


rng = np.random.default_rng(61)
x = np.concatenate([rng.normal(-2.5, 2, 40), rng.normal(3.5, 2, 60)])
answer = [np.array([1.0]), np.array([x.mean()]), np.array([x.std()])]
good = [np.array([0.4, 0.6]), np.array([-2.0, 3.0]), np.array([2.0, 2.0])]
bad = [np.array([0.5, 0.5]), np.array([0.0, 0.1]), np.array([4.0, 4.0])]
cases = [
    ("start at the answer", answer, 30, 1e-6),
    ("k = 1", [np.array([1.0]), np.array([9.0]), np.array([1.0])], 30, 1e-6),
    ("tol = 1", good, 100, 1.0),
    ("tol = 0.01", good, 100, 0.01),
    ("tol = 1e-5", good, 400, 1e-5),
    ("tol = 0.005, bad start", bad, 100, 0.005),
    ("tol = 1e-4, bad start", bad, 500, 1e-4),
    ("max_iter before tol", good, 4, 1e-5),
    ("tol = 0", good, 6, 0.0),
]
for name, start, max_iter, tol in cases:
    with quiet():
        result = fit_em(x.copy(), *(part.copy() for part in start), max_iter, tol)
    parts = [np.asarray(part, dtype=float) for part in result]
    assert len(parts) == 4, f"{name}: expected four results; came {len(parts)}"
    assert parts[3].ndim == 1, f"{name}: expected a flat history; came shape {parts[3].shape}"
    assert 1 <= len(parts[3]) <= max_iter, (
        f"{name}: expected a history of 1 to {max_iter} values; came {len(parts[3])}"
    )
    # A mistake in an earlier function counts there, not here: the student's own steps come last.
    names = ("e_step", "m_step", "log_likelihood")
    references = (reference_e, reference_m, reference_l)
    pairs = [(theirs, globals().get(n)) for theirs, n in zip(references, names, strict=True)]
    right = False
    for steps in itertools.product(*pairs):
        with contextlib.suppress(Exception), quiet():
            right = accepts(steps, parts, x, start, max_iter, tol)
        if right:
            break
    assert right, (
        f"{name} (max_iter = {max_iter}): stopped after {len(parts[3])} iterations, with the last "
        f"rises {np.diff(parts[3])[-3:]}. Expected a stop after the first iteration that raises "
        f"the summed log-likelihood by less than {tol}, that iteration recorded and returned"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## The fit
#
# The data are 40 points from two Gaussians with means $-2.5$ and $3.5$, both with variance 4.
# The first weight is 0.4.
# Your functions know none of this.
# On the left you see the data as ticks, the two weighted components and their sum.
# On the right you see the log-likelihood, the start included.

# %% given="figure"
from mixcore import datasets, plotting

x = datasets.load("two_gaussians_1d").x[:, 0]
start = [np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([1.0, 1.0])]
weights, means, sigmas, log_likelihoods = fit_em(x, *start, 200, 1e-6)

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
grid = np.linspace(x.min() - 4, x.max() + 4, 400)
total = np.zeros_like(grid)
for j, colour in enumerate(plotting.component_colours(2)):
    part = weights[j] * stats.norm.pdf(grid, means[j], sigmas[j])
    left.plot(grid, part, ["--", "-."][j], color=colour, label=f"component {j + 1}, weighted")
    total += part
left.plot(grid, total, color="#555555", linewidth=2, label="mixture")
left.plot(x, np.zeros_like(x), "|", color="black", markersize=14, label="data")
left.set(xlabel="x", ylabel="density")
left.legend()
plotting.log_likelihood_curve([log_likelihood(x, *start), *log_likelihoods], ax=right)
plt.show()
for j in range(2):
    print(f"component {j + 1}: weight {weights[j]:.3f}, mean {means[j]:.3f}, sigma {sigmas[j]:.3f}")

# %% [markdown]
# ## Question 1: why EM never lowers the log-likelihood (4 points)
#
# Let $\theta$ be all parameters, and let $r_{ik} \ge 0$ be any numbers with $\sum_k r_{ik} = 1$ for every $i$.
# The lower bound is
#
# $$
# \mathcal L(\theta, r) = \sum_{i=1}^n \sum_{k=1}^K r_{ik} \log \frac{\pi_k \, \mathcal N(x_i \mid \mu_k, \sigma_k^2)}{r_{ik}},
# $$
#
# where a term with $r_{ik} = 0$ counts as 0.
#
# 1. Show that $\mathcal L(\theta, r) \le \ell(\theta)$.
# 2. Show that both are equal when $r$ are the responsibilities that belong to $\theta$.
# 3. Conclude that an iteration of EM never lowers the log-likelihood.

# %% [markdown] written="derivation_bound" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# Write $a_{ik} = \pi_k \, \mathcal N(x_i \mid \mu_k, \sigma_k^2) > 0$, so that $\ell(\theta) = \sum_i \log \sum_k a_{ik}$.
#
# 1. The logarithm is concave.
#    Jensen's inequality with the weights $r_{ik}$ gives, for each $i$,
#    $$\log \sum_k a_{ik} \ge \log \sum_{k: r_{ik} > 0} r_{ik} \frac{a_{ik}}{r_{ik}} \ge \sum_{k: r_{ik} > 0} r_{ik} \log \frac{a_{ik}}{r_{ik}} .$$
#    The sum over $i$ is $\ell(\theta) \ge \mathcal L(\theta, r)$.
# 2. For $r_{ik} = a_{ik} / \sum_j a_{ij}$ the ratio $a_{ik} / r_{ik} = \sum_j a_{ij}$ does not depend on $k$.
#    Hence $\sum_k r_{ik} \log (a_{ik}/r_{ik}) = \log \sum_j a_{ij}$, because $\sum_k r_{ik} = 1$.
#    Summed over $i$, the bound touches: $\mathcal L(\theta, r) = \ell(\theta)$.
# 3. Let $\theta_t$ be the current parameters and $r_t$ their responsibilities (E-step).
#    The M-step chooses $\theta_{t+1}$ to maximise $\mathcal L(\theta, r_t)$ over $\theta$; only the term $\sum_{ik} r_{ik} \log a_{ik}$ depends on $\theta$.
#    Therefore $\ell(\theta_{t+1}) \ge \mathcal L(\theta_{t+1}, r_t) \ge \mathcal L(\theta_t, r_t) = \ell(\theta_t)$.
#
# **Rubric.**
#
# - 1 point: Jensen's inequality, or an equivalent such as a Kullback-Leibler divergence that is not negative, with the reason why it applies.
# - 1 point: the bound is summed over all points, and its direction is right.
# - 1 point: equality for the responsibilities, shown and not only claimed.
# - 1 point: the chain of three relations in part 3, each with its reason (bound, M-step, touching).
# ### END SOLUTION

# %% [markdown]
# ## Question 2: the M-step for a standard deviation (4 points)
#
# Keep the responsibilities $r_{ik}$ fixed.
# Derive the $\sigma_k$ that maximises
#
# $$
# Q = \sum_{i=1}^n \sum_{k=1}^K r_{ik} \log \bigl( \pi_k \, \mathcal N(x_i \mid \mu_k, \sigma_k^2) \bigr)
# $$
#
# for one component $k$ with given mean $\mu_k$.
# Show that what you find is a maximum.
# Say why the M-step may use the new mean in it.

# %% [markdown] written="derivation_sigma" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# Only the terms of component $k$ depend on $\sigma_k$.
# With $N_k = \sum_i r_{ik}$ and $S_k = \sum_i r_{ik} (x_i - \mu_k)^2$ they are
# $$Q(\sigma_k) = \text{const} - N_k \log \sigma_k - \frac{S_k}{2 \sigma_k^2} .$$
#
# The derivative is
# $$\frac{\partial Q}{\partial \sigma_k} = -\frac{N_k}{\sigma_k} + \frac{S_k}{\sigma_k^3} = \frac{S_k - N_k \sigma_k^2}{\sigma_k^3} .$$
# It is 0 for $\sigma_k^2 = S_k / N_k$, that is $\sigma_k = \sqrt{\tfrac{1}{N_k} \sum_i r_{ik} (x_i - \mu_k)^2}$.
#
# For smaller $\sigma_k$ the derivative is positive, for larger $\sigma_k$ it is negative.
# The only stationary point is therefore the global maximum over $\sigma_k > 0$, provided that $S_k > 0$.
#
# The maximising mean $\mu_k = \tfrac{1}{N_k} \sum_i r_{ik} x_i$ does not depend on $\sigma_k$.
# So the mean can be maximised first and put into $S_k$: the pair is the joint maximum.
#
# **Rubric.**
#
# - 1 point: the part of $Q$ that depends on $\sigma_k$, with $-N_k \log \sigma_k$ and the quadratic term.
# - 1 point: the derivative, set to 0, and the result with $N_k$ in the denominator.
# - 1 point: it is a maximum (sign of the derivative, or second derivative at the stationary point).
# - 1 point: the mean's update does not depend on $\sigma_k$, so the new mean belongs in the formula.
# ### END SOLUTION
