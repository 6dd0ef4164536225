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
# - The two cells after the imports hold helpers of the checks; you need not read them.
# - After your submission further checks run on other inputs: other sizes, extreme values, integer arrays.
# - A function never changes the arrays it is given.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
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
import itertools

import matplotlib.pyplot as plt
import numpy as np
from scipy import special, stats

# %% given="checking"
from checking import (
    as_numbers,
    as_results,
    ask,
    assert_same,
    assert_unchanged,
    in_case,
    in_words,
    quiet,
)

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
parameters = (1000, 0.25, 100.0, 1.0, -100.0, 1.0)
samples = []
for seed in (0, 0, 1):
    result = as_results(ask(sample_two_gaussians, *parameters, np.random.default_rng(seed)), "z, x")
    hint = "One entry for each of the n points."
    z, x = as_numbers(result[0], (1000,), "z", hint), as_numbers(result[1], (1000,), "x", hint)
    samples.append([z.astype(float), x.astype(float)])
z, x = samples[0]
wrong = (z == 1) != (x > 0)
assert np.all((z == 0) | (z == 1)), (
    f"z: expected only 0 and 1; came the values {np.unique(z)[:5]}. 1 stands for the first "
    "component, 0 for the second"
)
assert not wrong.any(), (
    "the first component lies near 100 and the second near -100: expected z = 1 exactly where x is "
    f"positive; came z = {z[wrong][0]:g} at x = {x[wrong][0]:.4g}. Are the components exchanged, or "
    "do z and x belong to different draws?"
)
assert 150 < np.sum(z == 1) < 350, (
    f"expected about 250 of 1000 points from the first component; came {np.sum(z == 1)}. With what "
    "probability is z = 1?"
)
assert all(np.array_equal(a, b) for a, b in zip(samples[0], samples[1], strict=True)), (
    "expected the same sample twice from the same seed; came two different ones. Draw everything "
    "from rng"
)
assert not np.array_equal(x, samples[2][1]), (
    "expected different samples from two seeds; came the same. Draw from rng, and set no seed "
    "inside the function"
)

# %% check="test_sample_two_gaussians_distribution" points=2
# Hidden check: counts, means, standard deviations and shape of the distribution, independence of
# the points, seeds, n = 1, a probability close to 0 or 1, integer parameters.
### BEGIN HIDDEN TESTS
# False alarms: 22 bounds at six standard errors (2e-9 each, for variances about 1e-8) and 6
# Kolmogorov-Smirnov tests at 1e-7; all together fewer than 1 in 1,000,000 right answers.
n = 4000
settings = [
    (11, 0.3, -2.0, 0.5, 3.0, 2.0),
    (12, 0.6, 0, 3, 1, 1),
    (13, 0.5, 10.0, 0.25, 10.0, 4.0),
]
for seed, prob_1, mean_1, sigma_1, mean_2, sigma_2 in settings:
    parameters = (n, prob_1, mean_1, sigma_1, mean_2, sigma_2)
    name = f"prob_1 = {prob_1}, means {mean_1} and {mean_2}, sigmas {sigma_1} and {sigma_2}"
    with in_case(name):
        result = ask(sample_two_gaussians, *parameters, np.random.default_rng(seed))
        z, x = as_results(result, "z, x")
        z, x = as_numbers(z, (n,), "z"), as_numbers(x, (n,), "x")
        first = z == 1
        assert np.all(first | (z == 0)), f"z: expected only 0 and 1; came {np.unique(z)[:5]}"
        expected = n * prob_1
        assert abs(first.sum() - expected) < 6 * np.sqrt(expected * (1 - prob_1)), (
            f"expected about {expected:.0f} of {n} points from the first component; came "
            f"{first.sum()}. With what probability is z = 1?"
        )
        residuals = np.empty(n)
        for component, part, mean, sigma in [
            ("first", first, mean_1, sigma_1),
            ("second", ~first, mean_2, sigma_2),
        ]:
            m = part.sum()
            assert abs(x[part].mean() - mean) < 6 * sigma / np.sqrt(m), (
                f"points of the {component} component: expected mean {mean}; came "
                f"{x[part].mean():.4g}. Are they drawn around the mean of their own component?"
            )
            assert abs(x[part].std() / sigma - 1) < 6 / np.sqrt(2 * m), (
                f"points of the {component} component: expected standard deviation {sigma}; came "
                f"{x[part].std():.4g}. sigma is a standard deviation, not a variance"
            )
            residuals[part] = (x[part] - mean) / sigma
            assert stats.kstest(residuals[part], "norm").pvalue > 1e-7, (
                f"points of the {component} component: expected a Gaussian; came another "
                "distribution with the right mean and standard deviation. Which method of rng do "
                "you use?"
            )
        for what, values in [("z", first.astype(float)), ("x minus its mean", residuals)]:
            correlation = np.corrcoef(values[1:], values[:-1])[0, 1]
            assert abs(correlation) < 6 / np.sqrt(n), (
                f"neighbours in {what}: expected correlation 0; came {correlation:.3f}. The points "
                "must be independent draws, not sorted by component"
            )

# The number of points from the first component varies from sample to sample: in 2,000 right samples
# of 50 points its variance is 12, with a standard error of 0.38.
counts = []
for seed in range(2000):
    result = ask(sample_two_gaussians, 50, 0.4, 0.0, 1.0, 5.0, 2.0, np.random.default_rng(seed))
    z, _ = as_results(result, "z, x")
    counts.append(np.sum(as_numbers(z, (50,), "z, n = 50") == 1))
assert len(set(counts)) > 1, (
    f"expected numbers of points from the first component that vary; came {counts[0]} of 50 in all "
    "of 2000 samples from 2000 seeds. Draw each component at random, and set no seed inside the "
    "function"
)
assert abs(np.var(counts) - 12) < 6 * 0.38, (
    "the number of points from the first component, over 2000 samples of 50 points: expected the "
    f"variance 50 * 0.4 * 0.6 = 12; came {np.var(counts):.3g}. Each point draws its own component"
)

# n = 1 keeps its shape, and both components occur.
seen = set()
for seed in range(60):
    with in_case("n = 1"):
        result = ask(sample_two_gaussians, 1, 0.5, -1.0, 0.1, 1.0, 0.1, np.random.default_rng(seed))
        z, x = as_results(result, "z, x")
        z, x = as_numbers(z, (1,), "z"), as_numbers(x, (1,), "x")
    seen.add(int(z[0]))
assert seen == {0, 1}, (
    f"60 samples of one point, prob_1 = 0.5: expected z = 0 in some and z = 1 in others; came only "
    f"{seen}. Is the component drawn at random?"
)

for prob_1, expected in [(1e-12, 0), (1 - 1e-12, 1)]:
    result = ask(sample_two_gaussians, 200, prob_1, 0.0, 1.0, 9.0, 1.0, np.random.default_rng(5))
    z, _ = as_results(result, "z, x")
    assert_same(z, np.full(200, expected), f"z for prob_1 = {prob_1}", "Is z = 1 that probable?")

# NumPy's global state takes no part.
samples = []
for global_seed in (1, 2):
    np.random.seed(global_seed)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    result = ask(sample_two_gaussians, 30, 0.4, 0.0, 1.0, 5.0, 2.0, np.random.default_rng(8))
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "expected NumPy's global generator as it was before; the function used or seeded it "
        "(np.random.something). Use rng only"
    )
    z, x = as_results(result, "z, x")
    samples.append([as_numbers(z, (30,), "z"), as_numbers(x, (30,), "x")])
assert all(np.array_equal(a, b) for a, b in zip(*samples, strict=True)), (
    "expected the same sample twice from the same seed; came two different ones. Use rng only"
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
resp = as_numbers(
    ask(e_step, x.copy(), np.array([0.3, 0.7]), np.array([1.0, 1.0]), np.array([2.0, 2.0])),
    (4, 2),
    "4 points and 2 components",
    "One row a point, one column a component.",
)
assert_same(resp.sum(axis=1), np.ones(4), "sums of the rows", "Over which axis do you normalise?")
assert_same(
    resp,
    np.tile([0.3, 0.7], (4, 1)),
    "two equal components with the weights 0.3 and 0.7",
    "Do you normalise weighted densities, or their logarithms?",
)

# Halfway between two mirrored components the responsibilities are one half.
assert_same(
    ask(e_step, np.array([0.0]), np.array([0.5, 0.5]), np.array([-2.0, 2.0]), np.array([1.0, 1.0])),
    [[0.5, 0.5]],
    "halfway between two mirrored components",
    "Both are equally near. Does each component use its own mean?",
)

# Same means, sigmas 1 and 2: at the mean the first density is twice the second.
assert_same(
    ask(
        e_step, np.array([3.0]), np.array([0.25, 0.75]), np.array([3.0, 3.0]), np.array([1.0, 2.0])
    ),
    [[0.4, 0.6]],
    "weights 1/4 and 3/4, densities 2 : 1",
    "Is sigma in the factor in front of the exponential? Is it a standard deviation in your code?",
)

# %% check="test_e_step_other_inputs" points=2
# Hidden check: other inputs (k = 1, 3 and 4, n = 1, n = k, small and large scales, integer and
# read-only arrays), and that the arguments stay as they are.
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
    ("read-only arrays", rng.normal(0, 2, 4), [0.4, 0.6], [-1.0, 2.0], [1.0, 3.0]),
]
for name, x, *parameters in cases:
    weights, means, sigmas = (np.array(p) for p in parameters)
    densities = weights * stats.norm(means, sigmas).pdf(x[:, None])
    before = (x, weights, means, sigmas)
    arguments = [part.copy() for part in before]
    for argument in arguments:
        argument.setflags(write=name != "read-only arrays")
    with in_case(name):
        resp = ask(e_step, *arguments)
        assert_unchanged("x, weights, means, sigmas", before, arguments)
        assert_same(
            resp,
            densities / densities.sum(axis=1, keepdims=True),
            "responsibilities",
            "Ratio of a weighted density to the sum of those of all components?",
            atol=1e-12,
        )
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
    # At 1e4 standard deviations the logs are of order 1e8 and known to about 1e-7 only.
    assert_same(
        ask(e_step, x.copy(), weights.copy(), means.copy(), sigmas.copy()),
        ratios / ratios.sum(axis=1, keepdims=True),
        "responsibilities of points far from the means",
        "The formula is the same there, but densities underflow to 0: compare logarithms before you "
        "take the exponential.",
        rtol=1e-6,
        atol=1e-6,
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
weights, means, sigmas = as_results(ask(m_step, x.copy(), resp.copy()), "weights, means, sigmas")
assert_same(
    weights, [1 / 3, 2 / 3], "weights", "2 and 4 of 6 points: what are the counts divided by?"
)
assert_same(means, [1.0, 9.0], "means", "They are those of 0 and 2, and of 6, 6, 12 and 12.")
assert_same(
    sigmas,
    [1.0, 3.0],
    "sigmas",
    "Every point is 1 or 3 away from its mean. Variance or standard deviation? Around which mean, "
    "and divided by what?",
)

# One component owns everything: the mean and standard deviation of the whole sample.
x = np.array([1.0, 2.0, 4.0, 9.0])
result = as_results(ask(m_step, x.copy(), np.ones((4, 1))), "weights, means, sigmas")
for what, value, expected in zip(
    ("weights", "means", "sigmas"), result, (1.0, np.mean(x), np.std(x)), strict=True
):
    hint = "With k = 1 they are 1, np.mean(x) and np.std(x), each in an array."
    assert_same(value, [expected], f"{what} of a single component", hint)

# %% check="test_m_step_other_inputs" points=2
# Hidden check: other inputs (shared points with k = 2, 3 and 4, n = 1, small and large scales,
# integer and read-only arrays), and that the arguments stay as they are.
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
    ("read-only arrays", rng.normal(1, 3, 7), rng.dirichlet(np.ones(2), 7)),
]
for name, x, resp in cases:
    expected = []
    for column in resp.T:
        mean = np.average(x, weights=column)
        spread = np.sqrt(np.average((x - mean) ** 2, weights=column))
        expected.append([column.mean(), mean, spread])
    arguments = [x.copy(), resp.copy()]
    for argument in arguments:
        argument.setflags(write=name != "read-only arrays")
    with in_case(name):
        result = as_results(ask(m_step, *arguments), "weights, means, sigmas")
        assert_unchanged("x, resp", (x, resp), arguments)
        size = np.abs(x).max()
        for what, value, wanted, hint, atol in zip(
            ("weights", "means", "sigmas"),
            result,
            np.transpose(expected),
            (
                "Which sum is it, and what is it divided by?",
                "A weighted sum over the points, divided by what?",
                "Around the new mean of the same component, divided by what? Variance or standard "
                "deviation?",
            ),
            (0.0, 1e-10 * size, 1e-12 * size),
            strict=True,
        ):
            assert_same(value, wanted, what, hint, atol=atol)
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
assert_same(
    ask(log_likelihood, x.copy(), np.array([1.0]), np.array([0.5]), np.array([2.0])),
    stats.norm.logpdf(x, 0.5, 2.0).sum(),
    "one component",
    "It is the sum of scipy.stats.norm.logpdf. Sum or mean? Is sigma a standard deviation in your "
    "code?",
)

# Two equal components are one component, whatever the weights.
weights, means, sigmas = np.array([0.3, 0.7]), np.array([0.5, 0.5]), np.array([2.0, 2.0])
assert_same(
    ask(log_likelihood, x.copy(), weights, means, sigmas),
    stats.norm.logpdf(x, 0.5, 2.0).sum(),
    "two equal components",
    "They are one component. Is the sum over the components inside the logarithm, with the mixing "
    "weights, and nothing divided by K?",
)

# Components far apart: each point sees one of them, with weight 1/4 or 3/4.
x = np.array([-100.0, 99.0, 101.0])
weights, means, sigmas = np.array([0.25, 0.75]), np.array([-100.0, 100.0]), np.array([1.0, 2.0])
assert_same(
    ask(log_likelihood, x.copy(), weights, means, sigmas),
    np.log(0.25) + stats.norm.logpdf(-100, -100, 1)
    + 2 * np.log(0.75) + stats.norm.logpdf(99, 100, 2) + stats.norm.logpdf(101, 100, 2),
    "components far apart",
    "Each point adds the log weight and the log-density of the component near it.",
)  # fmt: skip

# %% check="test_log_likelihood_other_inputs" points=1
# Hidden check: other inputs (k = 1, 3 and 4, n = 1, small and large scales, integer and read-only
# arrays), and that the arguments stay as they are.
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
    ("read-only arrays", rng.normal(0, 2, 4), [0.4, 0.6], [-1.0, 2.0], [1.0, 3.0]),
]
for name, x, *parameters in cases:
    weights, means, sigmas = (np.array(p) for p in parameters)
    before = (x, weights, means, sigmas)
    arguments = [part.copy() for part in before]
    for argument in arguments:
        argument.setflags(write=name != "read-only arrays")
    with in_case(name):
        value = ask(log_likelihood, *arguments)
        assert_unchanged("x, weights, means, sigmas", before, arguments)
        assert_same(
            value,
            np.log((weights * stats.norm(means, sigmas).pdf(x[:, None])).sum(axis=1)).sum(),
            "log-likelihood",
            "Mixing weights inside the logarithm, then a sum over the points?",
            atol=1e-10,
        )
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
    expected = np.logaddexp.reduce(logs, axis=1) - 0.5 * np.log(2 * np.pi)  # (n,)
    # All points, then each alone: one large term must not hide an error in the others.
    for chosen in (slice(None), *(slice(i, i + 1) for i in range(len(x)))):
        points = x[chosen]
        what = "points far from the means" if len(points) > 1 else f"the single point {points[0]:g}"
        assert_same(
            ask(log_likelihood, points.copy(), weights.copy(), means.copy(), sigmas.copy()),
            expected[chosen].sum(),
            f"log-likelihood of {what}",
            "The formula is the same there, but a density may underflow to 0: stay with logarithms.",
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


# %% given="fit_results"
# A helper of the checks of task 5. You need not read it.


def four_results(result, k, max_iter):
    """Return the four results of fit_em as arrays, or say what they are."""
    *parameters, history = as_results(result, "weights, means, sigmas, log_likelihoods")
    parts = []
    for name, value in zip(("weights", "means", "sigmas"), parameters, strict=True):
        # What comes from the student's own m_step may have another shape: the comparison judges it.
        if not (isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biuf"):
            value = as_numbers(value, (k,), name, finite=False)
        parts.append(value.astype(float))
    shape = None
    with contextlib.suppress(ValueError):  # rows of different lengths
        shape = np.shape(history)
    assert shape is not None and len(shape) == 1, (
        "log_likelihoods: expected one number an iteration, in one flat list; came "
        f"{in_words(history)}"
    )
    assert 1 <= shape[0] <= max_iter, (
        f"log_likelihoods: expected one number an iteration, at least 1 and at most {max_iter}; came "
        f"{shape[0]}. The start's value does not belong to them, and the loop heeds max_iter"
    )
    history = as_numbers(history, shape, "log_likelihoods", finite=False)
    return [*parts, history.astype(float)]


# %% check="test_fit_em" points=1
# Two pairs of points, far apart. After one iteration the parameters are known by hand:
# weights 1/2 and 1/2, means -100 and 100, sigmas 2 and 1.
x = np.array([-102.0, -98.0, 99.0, 101.0])
start = [np.array([0.4, 0.6]), np.array([-90.0, 90.0]), np.array([10.0, 10.0])]
result = ask(fit_em, x.copy(), *[part.copy() for part in start], 1, 1e-6)
*one, history = four_results(result, 2, 1)
by_hand = [np.array([0.5, 0.5]), np.array([-100.0, 100.0]), np.array([2.0, 1.0])]


def same(parts, expected):
    """Tell whether two lists of arrays agree."""
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-8, atol=1e-10, equal_nan=True)
        for a, b in zip(parts, expected, strict=True)
    )


agrees = same(one, by_hand)
if not agrees:  # A mistake in an earlier function counts there, not here.
    with contextlib.suppress(Exception), quiet():
        agrees = same(one, m_step(x.copy(), e_step(x.copy(), *start)))
if not agrees:
    for what, value, expected in zip(("weights", "means", "sigmas"), one, by_hand, strict=True):
        hint = "An E-step with the start's parameters, then an M-step?"
        assert_same(value, expected, f"{what} after one iteration", hint, atol=1e-10)

# The last entry of the history belongs to the parameters returned.
expected = stats.norm.logpdf(x, [-100, -100, 100, 100], [2, 2, 1, 1]).sum() + 4 * np.log(0.5)
agrees = same(one, by_hand) and np.isclose(history[0], expected, rtol=1e-8)
if not agrees:
    with contextlib.suppress(Exception), quiet():
        agrees = np.isclose(history[0], log_likelihood(x.copy(), *one), rtol=1e-8, equal_nan=True)
if not agrees:
    hint = "It belongs to the parameters after the M-step."
    assert_same(history[0], expected, "log-likelihood after the first iteration", hint)

# The loop stops once the rise is less than tol, and not before.
max_iter, tol = 50, 1e-6
result = ask(fit_em, x.copy(), *[part.copy() for part in start], max_iter, tol)
history = four_results(result, 2, max_iter)[3]
rises = np.diff(history)
assert not np.any(np.abs(rises[:-1]) < tol), (
    f"expected a stop after the first rise under {tol}; came the rises {rises[:4]}, and more after "
    "them. What do you compare with tol?"
)
assert len(history) in (1, max_iter) or not rises[-1] >= tol, (
    f"expected no stop before a rise under {tol}; came a stop after {len(history)} iterations, where "
    f"the last rise was {rises[-1]:.3g}. What do you compare with tol?"
)


# %% check="test_fit_em_iterations" points=1
# Hidden check: parameters and history after 1, 2, 5 and 20 iterations (k = 1, 2 and 3, integer and
# read-only arrays); the arguments stay as they are.
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
whole = ([0.5, 0.5], np.array([-1, 2]), np.array([3, 2]))
cases = [
    ("k = 2", two, ([0.5, 0.5], [-1.0, 1.0], [3.0, 2.0]), (1, 2, 5, 20)),
    ("k = 3", three, ([0.2, 0.3, 0.5], [-3.0, 1.0, 4.0], [2.0, 1.0, 3.0]), (1, 5, 20)),
    ("k = 1", two, ([1.0], [5.0], [1.0]), (1,)),
    ("integers", np.round(two).astype(int), whole, (3,)),
    ("read-only arrays", two, ([0.5, 0.5], [-1.0, 1.0], [3.0, 2.0]), (3,)),
]
for name, x, start, numbers in cases:
    start = [np.array(part) for part in start]
    for max_iter in numbers:
        arguments = [x.copy(), *(part.copy() for part in start)]
        for argument in arguments:
            argument.setflags(write=name != "read-only arrays")
        with in_case(f"{name}, max_iter = {max_iter}"):
            result = ask(fit_em, *arguments, max_iter, 1e-9)
            assert_unchanged("x, weights, means, sigmas", (x, *start), arguments)
            parts = four_results(result, len(start[0]), max_iter)
        # A mistake in an earlier function counts there, not here: the student's own come last.
        names = ("e_step", "m_step", "log_likelihood")
        references = (reference_e, reference_m, reference_l)
        pairs = [(theirs, globals().get(n)) for theirs, n in zip(references, names, strict=True)]
        agrees = False
        for steps in itertools.product(*pairs):
            with contextlib.suppress(Exception), quiet():
                agrees = accepts(steps, parts, x, start, max_iter, 1e-9)
            if agrees:
                break
        if not agrees:
            expected, values = start, []
            for _ in range(max_iter):
                expected = reference_m(x, reference_e(x, *expected))
                values.append(reference_l(x, *expected))
            names = ("weights", "means", "sigmas", "log_likelihoods")
            hint = (
                "One entry an iteration, for the parameters after it; no stop before max_iter here."
            )
            with in_case(f"{name}, max_iter = {max_iter}"):
                for what, value, reference in zip(names, parts, [*expected, values], strict=True):
                    assert_same(value, reference, what, hint, rtol=1e-7, atol=1e-8)
            raise AssertionError(f"{name}, max_iter = {max_iter}: expected other results. {hint}")
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
single = [np.array([1.0]), np.array([9.0]), np.array([1.0])]
good = [np.array([0.4, 0.6]), np.array([-2.0, 3.0]), np.array([2.0, 2.0])]
bad = [np.array([0.5, 0.5]), np.array([0.0, 0.1]), np.array([4.0, 4.0])]
# Starts whose value comes out far too high where two of the parameters are exchanged.
narrow = [np.array([0.5, 0.5]), np.array([3.0, 5.0]), np.array([1.0, 1.1])]
near = [np.array([0.5, 0.5]), np.array([3.0, 3.2]), np.array([1.0, 1.1])]
cases = [
    ("start at the answer", x, answer, 30, 1e-6),
    ("k = 1", x, single, 30, 1e-6),
    ("good start", x, good, 100, 1.0),
    ("good start", x, good, 100, 0.01),
    ("good start", x, good, 400, 1e-5),
    ("bad start", x, bad, 100, 0.005),
    ("bad start", x, bad, 500, 1e-4),
    ("max_iter reached before tol", x, good, 4, 1e-5),
    ("good start", x, good, 6, 0.0),
    ("points from one Gaussian", rng.normal(0.5, 1, 60), narrow, 50, 0.1),
    ("points from one Gaussian", rng.normal(1, 3, 60), near, 50, 5.0),
]
for name, x, start, max_iter, tol in cases:
    name = f"{name}, tol = {tol:g}, max_iter = {max_iter}"
    with in_case(name):
        result = ask(fit_em, x.copy(), *(part.copy() for part in start), max_iter, tol)
        parts = four_results(result, len(start[0]), max_iter)
    # A mistake in an earlier function counts there, not here: the student's own steps come last.
    names = ("e_step", "m_step", "log_likelihood")
    references = (reference_e, reference_m, reference_l)
    pairs = [(theirs, globals().get(n)) for theirs, n in zip(references, names, strict=True)]
    agrees = False
    for steps in itertools.product(*pairs):
        with contextlib.suppress(Exception), quiet():
            agrees = accepts(steps, parts, x, start, max_iter, tol)
        if agrees:
            break
    if not agrees:
        hint = "Is the value of every iteration recorded, and do the parameters belong to the last?"
        with in_case(name):
            expected, values = start, []
            for _ in range(len(parts[3])):
                expected = reference_m(x, reference_e(x, *expected))
                values.append(reference_l(x, *expected))
            names = ("weights", "means", "sigmas", "log_likelihoods")
            for what, value, reference in zip(names, parts, [*expected, values], strict=True):
                what = f"{what} after {len(values)} iterations"
                assert_same(value, reference, what, hint, rtol=1e-7, atol=1e-8)
        rises = np.diff([reference_l(x, *start), *values])
        raise AssertionError(
            f"{name}: expected a stop after the first iteration that raises the summed "
            f"log-likelihood by less than tol, or at max_iter; came a stop after {len(values)} "
            f"iterations, where the last rises were {', '.join(f'{r:.3g}' for r in rises[-3:])}. "
            "What do you compare with tol, and is the last iteration recorded too?"
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
