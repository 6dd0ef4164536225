# ---
# jupyter:
#   course:
#     notebook: sampling
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Gaussian mixtures: sampling and density
#
# You draw points from a mixture of Gaussians, and you evaluate its density.
# You write a sampler, the log-density of one Gaussian, the log-density of a mixture, and a normalising constant.
# At the end your points lie on the contours of your density: two functions that know nothing of each other agree.
# A derivation on paper explains why they must.
#
# ## How to work
#
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - The cell after the imports holds helpers of the checks; you need not read it.
# - After your submission further checks run on other inputs: other numbers of components and dimensions, extreme values, integer arrays.
# - A function never changes the arrays it is given.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $n$ | number of points, at least 1 | `n` | number |
# | $d$ | number of dimensions, at least 1 | `d` | number |
# | $K$ | number of components, at least 1 | `k` | number |
# | $x_i$ | point number $i$ | `x[i]` | `x` has `(n, d)` |
# | $z_i$ | component that produced $x_i$ | `z[i]` | `z` has `(n,)` |
# | $\pi_k$ | mixing weight of component $k$, positive; the weights sum to 1 | `weights[k]` | `(k,)` |
# | $\mu_k$ | mean of component $k$ | `means[k]` | `(k, d)` |
# | $\Sigma_k$ | covariance of component $k$, symmetric and positive definite | `covariances[k]` | `(k, d, d)` |
#
# Logarithms are natural.
# In code the components are numbered from 0 to $K - 1$.

# %% given="imports"
import contextlib

import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg, special, stats

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
# ## Task 1: draw from a Gaussian mixture
#
# A mixture draws in two stages.
# First it draws the component: $z_i = k$ with probability $\pi_k$.
# Then it draws the point from that component: $x_i \sim \mathcal N(\mu_{z_i}, \Sigma_{z_i})$.
# This is called *ancestral sampling*.
#
# To draw from $\mathcal N(\mu, \Sigma)$, take any square matrix $A$ with $A A^\top = \Sigma$ and a vector $\epsilon$ of $d$ independent standard normal numbers.
# Then $\mu + A \epsilon$ has mean $\mu$ and covariance $A A^\top = \Sigma$.
# The Cholesky factor is one such matrix: `np.linalg.cholesky(covariance)`.
#
# The function returns the points `x` with shape `(n, d)` and the components `z`, integers with shape `(n,)`.
# Row `i` of both belongs to the same draw.
# All points are independent draws, in no particular order: not sorted by component.
# The number of points of a component is random too.
#
# **Watch out.**
# The formula is written for a column $\epsilon$, while the points are rows of `x`.
# All randomness comes from the generator `rng`.
# A seed set inside the function, or a generator made there, makes every draw equal.


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    """Draw points from a Gaussian mixture, each with the component it came from.

    Parameters
    ----------
    n : int
        Number of points, at least 1.
    weights : ndarray, shape (k,)
        Mixing weights, positive, summing to 1.
    means : ndarray, shape (k, d)
        Means of the components.
    covariances : ndarray, shape (k, d, d)
        Covariances of the components.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    x : ndarray, shape (n, d)
        The points.
    z : ndarray of int, shape (n,)
        Component of each point, from 0 to k - 1.
    """
    ### BEGIN SOLUTION
    z = rng.choice(len(weights), size=n, p=weights)  # (n,)
    factors = np.linalg.cholesky(covariances)  # (k, d, d), lower triangular
    noise = rng.standard_normal((n, means.shape[1]))  # (n, d)
    return means[z] + np.einsum("nab,nb->na", factors[z], noise), z
    ### END SOLUTION


# %% check="test_sample_mixture" points=1
# False alarms: the counts may be six standard deviations off, which happens to fewer than 1 in
# 10 million right samplers.
weights = np.array([0.2, 0.3, 0.5])
means = np.array([[100.0, 0.0], [-100.0, 0.0], [0.0, 100.0]])
covariances = np.stack([np.eye(2), 2 * np.eye(2), np.array([[2.0, 1.0], [1.0, 1.0]])])
hint = "First the points, one a row, then the component of each point"
samples = []
for seed in (0, 0, 1):
    rng = np.random.default_rng(seed)
    result = ask(sample_mixture, 1000, weights.copy(), means.copy(), covariances.copy(), rng)
    x, z = as_results(result, "x, z")
    x = as_numbers(x, (1000, 2), "the points x", hint)
    samples.append((x, as_whole_numbers(z, (1000,), "the components z", "One a point")))
(x, z), again, other = samples
assert np.all((z >= 0) & (z <= 2)), (
    f"three components: expected 0, 1 and 2 in z; came the values {np.unique(z)[:5]}. From which "
    "number do you count?"
)
nearest = ((x[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
assert np.array_equal(z, nearest), (
    "the means are far apart, so z must name the mean nearest to each point; it does not for "
    f"{np.sum(z != nearest)} of 1000 points. Do x[i] and z[i] belong to the same draw?"
)
counts = np.bincount(z, minlength=3)
assert np.all(np.abs(counts - 1000 * weights) < 100), (
    f"expected about 200, 300 and 500 points of the components; came {counts}. With which "
    "probabilities are the components drawn?"
)
assert np.array_equal(x, again[0]) and np.array_equal(z, again[1]), (
    "expected the same sample from the same seed; came two different ones. Is everything drawn "
    "from rng?"
)
assert not np.array_equal(x, other[0]), (
    "expected different samples from different seeds; came the same points twice. Is a seed set, "
    "or a generator made, inside the function?"
)


# %% check="test_sample_mixture_distribution" points=3
# Hidden check: counts, means, covariances and shape of the distribution for d = 1, 2, 3 and 5 and
# k = 1 to 4, equal means, badly scaled covariances; independence of the points.
### BEGIN HIDDEN TESTS
# False alarms: about 200 statistics, each at six standard deviations or more (below 1e-8 for each,
# the skew of a variance included): fewer than 1 in 500,000 right samplers fail.
def random_covariances(rng, k, d, scales):
    """Covariances with correlations and the given standard deviations."""
    factors = rng.normal(size=(k, d, d)) + 2 * np.eye(d)
    return np.einsum("kab,kcb->kac", factors, factors) * np.outer(scales, scales)


n = 2000
rng = np.random.default_rng(10)
cases = [
    (
        "k = 3, d = 2",
        [0.2, 0.5, 0.3],
        [[0.0, 0.0], [1.0, 3.0], [-2.0, 1.0]],
        [[[4.0, 1.8], [1.8, 1.0]], [[1.0, 0.0], [0.0, 9.0]], [[1.0, -0.6], [-0.6, 0.5]]],
    ),
    ("k = 2, d = 1", [0.3, 0.7], [[-2.0], [3.0]], [[[9.0]], [[0.25]]]),
    (
        "k = 2, d = 2, equal means",
        [0.5, 0.5],
        [[5.0, -5.0], [5.0, -5.0]],
        [[[0.1, 0.0], [0.0, 0.1]], [[30.0, 9.0], [9.0, 10.0]]],
    ),
    ("k = 4, d = 3", [0.1, 0.2, 0.3, 0.4], rng.normal(0, 3, (4, 3)), [1, 2, 0.5]),
    ("k = 2, d = 5, badly scaled", [0.6, 0.4], rng.normal(0, 3, (2, 5)), [0.05, 1, 20, 1, 5]),
    ("k = 1, d = 4", [1.0], rng.normal(0, 3, (1, 4)), [1, 1, 3, 1]),
]
for number, (name, weights, means, covariances) in enumerate(cases):
    weights, means, covariances = np.array(weights), np.array(means), np.array(covariances)
    k, d = means.shape
    if covariances.ndim == 1:
        covariances = random_covariances(rng, k, d, covariances)
    own = np.random.default_rng(20 + number)
    result = ask(sample_mixture, n, weights.copy(), means.copy(), covariances.copy(), own)
    x, z = as_results(result, "x, z")
    x = as_numbers(x, (n, d), f"the points x for {name}", "Are n, k or d taken for granted?")
    z = as_whole_numbers(z, (n,), f"the components z for {name}", "One a point")
    assert np.all((z >= 0) & (z < k)), (
        f"{name}: expected z from 0 to {k - 1}; came {np.unique(z)[:6]}. From which number do you "
        "count?"
    )
    counts = np.bincount(z, minlength=k)
    spread = np.sqrt(n * weights * (1 - weights))
    assert np.all(np.abs(counts - n * weights) <= 6 * spread), (
        f"{name}: expected about {np.round(n * weights).astype(int)} points of the components; "
        f"came {counts}. Are the components drawn with the mixing weights?"
    )
    residuals = np.empty((n, d))
    for j in range(k):
        part, m, sigmas = x[z == j], counts[j], np.sqrt(np.diag(covariances[j]))
        factor = np.linalg.cholesky(covariances[j])
        white = linalg.solve_triangular(factor, (part - means[j]).T, lower=True).T  # (m, d)
        a = np.argmax(np.abs(part.mean(axis=0) - means[j]) / sigmas)
        assert np.all(np.abs(white.mean(axis=0)) < 6 / np.sqrt(m)), (
            f"{name}: the mean of component {j} in coordinate {a} is {means[j, a]:.4g}; the {m} "
            f"points drawn from it have {part[:, a].mean():.4g}. Does "
            "every row get the mean of its own component, and noise of its own?"
        )
        # White noise has the unit matrix as its covariance, up to the scatter of m points.
        excess = white.T @ white / m - np.eye(d)
        centred = part - means[j]
        found = centred.T @ centred / m
        off = np.abs(found - covariances[j]) / np.outer(sigmas, sigmas)
        a, b = np.unravel_index(np.argmax(off), off.shape)
        assert np.all(np.abs(excess) < 7 * np.sqrt((1 + np.eye(d)) / m)), (
            f"{name}: entry [{a}, {b}] of the covariance of component {j} is "
            f"{covariances[j, a, b]:.4g}; the {m} points drawn from it give {found[a, b]:.4g}. "
            "Which matrix multiplies the noise, and from which side?"
        )
        for column in white.T:
            assert stats.kstest(column, "norm").pvalue > 1e-8, (
                f"{name}: expected the points of component {j} to be distributed like a Gaussian; "
                "they are not, though their mean and covariance are right. What noise do you draw?"
            )
        residuals[z == j] = white
    neighbours = [("x", column) for column in residuals.T]
    if k > 1:
        neighbours += [("z", (z == j).astype(float)) for j in range(k)]
    for label, values in neighbours:
        correlation = np.corrcoef(values[1:], values[:-1])[0, 1]
        assert abs(correlation) < 6 / np.sqrt(n), (
            f"{name}: expected independent draws, in which neighbouring rows of {label} have a "
            f"correlation near 0; came {correlation:.3f}. Are the rows sorted by component?"
        )
    # Two draws hardly ever agree to nine digits, in whatever way the noise is turned.
    lengths = np.sort(np.sqrt((residuals**2).sum(axis=1)))
    twice = np.sum(np.diff(lengths) < 1e-9)
    assert twice < 10, (
        f"{name}: expected noise of its own for each of the {n} points; {twice} points share "
        "theirs with another one. Is the noise drawn once and used again?"
    )

# The number of points of a component varies from sample to sample.
two = [np.array([0.4, 0.6]), np.array([[0.0, 0.0], [5.0, 0.0]]), np.stack([np.eye(2), np.eye(2)])]
counts = set()
for seed in range(40):
    result = ask(sample_mixture, 50, *(part.copy() for part in two), np.random.default_rng(seed))
    z = as_whole_numbers(as_results(result, "x, z")[1], (50,), "the components z for n = 50")
    counts.add(int(np.sum(z == 0)))
assert len(counts) > 1, (
    "expected that the number of points of a component varies; 40 samples of 50 points all have "
    f"{counts.pop()} points of component 0. Is the component of each point drawn at random?"
)

# A component with almost all the weight gets all the points.
for weights, expected in [([1e-12, 1 - 1e-12], 1), ([1 - 2e-12, 1e-12, 1e-12], 0)]:
    k = len(weights)
    own = np.random.default_rng(5)
    result = ask(sample_mixture, 200, np.array(weights), np.zeros((k, 1)), np.ones((k, 1, 1)), own)
    z = as_whole_numbers(as_results(result, "x, z")[1], (200,), "the components z for n = 200")
    assert np.all(z == expected), (
        f"with weights {weights} expected z = {expected} everywhere; came {np.unique(z)[:6]}. Are "
        "the weights used as they are, in their order?"
    )
### END HIDDEN TESTS

# %% check="test_sample_mixture_generator" points=1
# Hidden check: seeds, NumPy's global state, n = 1 and k = 1, integer and read-only arrays; the
# arguments stay as they are.
### BEGIN HIDDEN TESTS
# False alarms: 60 fair coins that all fall the same way, or equal real numbers: below 1e-10.
unit = np.stack([np.eye(3), np.eye(3)])
two = [np.array([0.5, 0.5]), np.array([[-9.0, 0.0, 0.0], [9.0, 0.0, 0.0]]), unit]
one = [np.ones(1), np.zeros((1, 2)), np.eye(2)[None]]


def checked_sample(n, parameters, rng):
    """Return one sample, checked for its shapes."""
    k, d = parameters[1].shape
    result = ask(sample_mixture, n, *(part.copy() for part in parameters), rng)
    x, z = as_results(result, "x, z")
    name, hint = f"n = {n}, k = {k}, d = {d}", "One row a point, also for a single one"
    x = as_numbers(x, (n, d), f"the points x for {name}", hint)
    return x, as_whole_numbers(z, (n,), f"the components z for {name}", "One a point")


# n = 1 and k = 1 keep their shapes, and both components occur.
seen = set()
for seed in range(60):
    x, z = checked_sample(1, two, np.random.default_rng(seed))
    assert int(x[0, 0] > 0) == z[0], (
        f"n = 1, means -9 and 9: expected z = 0 for a point near -9 and z = 1 for one near 9; came "
        f"x[0, 0] = {x[0, 0]:.4g} with z = {z[0]}. Do they belong to the same draw?"
    )
    seen.add(int(z[0]))
assert seen == {0, 1}, (
    f"expected both components among 60 samples of one point, with weights 0.5 and 0.5; came only "
    f"z in {seen}. Is the component drawn from rng, also for n = 1?"
)
x, z = checked_sample(
    1, [np.ones(1), np.full((1, 1), 7.0), np.ones((1, 1, 1))], np.random.default_rng(3)
)
assert z[0] == 0, f"n = k = d = 1: expected z = 0; came {z[0]}. From which number do you count?"

# The same seed gives the same sample; a generator that has been used goes on.
rng = np.random.default_rng(4)
first, second = (checked_sample(20, two, rng)[0] for _ in range(2))
fresh = checked_sample(20, two, np.random.default_rng(4))[0]
other = checked_sample(20, two, np.random.default_rng(5))[0]
assert np.array_equal(first, fresh), (
    "expected the same sample from the same seed; came another one. Is everything drawn from rng?"
)
assert not np.array_equal(fresh, other), (
    "expected different samples from different seeds; came the same points twice. Is a seed set, "
    "or a generator made, inside the function?"
)
assert not np.array_equal(first, second), (
    "expected another sample from a second call with the same rng; came the same points again. Is "
    "rng itself drawn from?"
)

# With one component, all that differs between two seeds is the noise.
noises = [checked_sample(20, one, np.random.default_rng(seed))[0] for seed in (6, 7)]
assert not np.any(np.isclose(*noises, rtol=1e-12, atol=0)), (
    "k = 1: expected different noise from different seeds; came the same numbers. Does the noise "
    "come from rng too?"
)

# NumPy's global state takes no part.
samples = []
for global_seed in (1, 2):
    np.random.seed(global_seed)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    samples.append(checked_sample(30, two, np.random.default_rng(8)))
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "expected that NumPy's global generator stays untouched; the function used or seeded it "
        "(np.random.something). What else could it draw from?"
    )
assert all(np.array_equal(a, b) for a, b in zip(*samples, strict=True)), (
    "expected the same sample from the same rng; it depends on NumPy's global seed. Is everything "
    "drawn from rng?"
)

# Whole numbers as parameters: the points are real numbers all the same. Then the same numbers as
# floats that cannot be written to: the sample is the same.
parameters = [
    np.array([0.25, 0.75]),
    np.array([[0, 3], [-2, 1]]),
    np.array([[[4, 1], [1, 2]], [[1, 0], [0, 1]]]),
]
arguments = [part.copy() for part in parameters]
result = ask(sample_mixture, 40, *arguments, np.random.default_rng(9))
assert_unchanged("weights, means, covariances", parameters, arguments)
x = as_numbers(as_results(result, "x, z")[0], (40, 2), "the points x for integer means")
assert not np.any(x == np.round(x)), (
    "integer means and covariances: expected real points; came whole numbers. Does an array take "
    "over the integer type of the means?"
)
arguments = [part.astype(float) for part in parameters]
for part in arguments:
    part.setflags(write=False)
result = ask(sample_mixture, 40, *arguments, np.random.default_rng(9))
assert_same(
    as_results(result, "x, z")[0],
    x,
    "the points for means and covariances of whole numbers, as integers and then as floats",
    "The type of the parameters must make no difference",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the log-density of one Gaussian
#
# The density of a Gaussian in $d$ dimensions is
#
# $$
# \mathcal N(x \mid \mu, \Sigma) = \frac{1}{\sqrt{(2\pi)^d \, \lvert \Sigma \rvert}} \exp\!\left( -\tfrac12 (x - \mu)^\top \Sigma^{-1} (x - \mu) \right),
# $$
#
# where $\lvert \Sigma \rvert$ is the determinant.
# Return its *logarithm* at every row of `x`.
# The result has shape `(n,)`, also for $n = 1$ and for $d = 1$.
#
# The Cholesky factor helps twice.
# With $\Sigma = L L^\top$, $L$ lower triangular, $(x - \mu)^\top \Sigma^{-1} (x - \mu) = \lVert L^{-1} (x - \mu) \rVert^2$.
# And $\lvert \Sigma \rvert$ is the square of the product of the diagonal of $L$.
#
# **Watch out.**
# Far from the mean the density is 0 in floating point, and its logarithm is lost.
# The determinant of a $20 \times 20$ matrix is easily $10^{-400}$ or $10^{400}$, which floating point does not hold.
# The log-density is a plain number in both cases: never leave the logarithms.


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    """Return the log-density of a Gaussian at the points.

    Parameters
    ----------
    x : ndarray, shape (n, d)
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
    ### BEGIN SOLUTION
    factor = np.linalg.cholesky(covariance)  # (d, d), lower triangular
    scaled = linalg.solve_triangular(factor, (x - mean).T, lower=True)  # (d, n)
    log_determinant = 2 * np.log(np.diag(factor)).sum()
    return -0.5 * (x.shape[1] * np.log(2 * np.pi) + log_determinant + (scaled**2).sum(axis=0))
    ### END SOLUTION


# %% check="test_gaussian_log_density" points=1
# At the mean of a standard Gaussian in the plane the density is 1 / (2 pi); one unit away it is
# smaller by the factor exp(-1/2).
x = np.array([[3.0, -1.0], [4.0, -1.0], [3.0, -2.0]])
assert_same(
    ask(gaussian_log_density, x.copy(), np.array([3.0, -1.0]), np.eye(2)),
    -np.log(2 * np.pi) - np.array([0, 0.5, 0.5]),
    "log-densities, unit covariance",
    "One number a point, right to eight digits: -log(2 pi) at the mean, 1/2 less one unit away",
)

# Any covariance, against SciPy.
x = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 0.5], [-3.0, 2.0]])
mean, covariance = np.array([0.5, 1.0]), np.array([[4.0, 1.2], [1.2, 1.0]])
assert_same(
    ask(gaussian_log_density, x.copy(), mean.copy(), covariance.copy()),
    stats.multivariate_normal(mean, covariance).logpdf(x),
    "log-densities, covariance with entries 4, 1.2 and 1",
    "Look at the factor before the determinant, at the inverse, and at rows and columns",
)


# %% check="test_gaussian_log_density_other_inputs" points=2
# Hidden check: other inputs (d = 1, 2, 3 and 6, n = 1, correlated and badly scaled covariances,
# integer and read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def random_covariance(rng, d, scales):
    """Return a covariance with correlations and the given standard deviations."""
    factor = rng.normal(size=(d, d)) + 2 * np.eye(d)
    return factor @ factor.T * np.outer(scales, scales)


rng = np.random.default_rng(31)
cases = []
for name, n, d, scales in [
    ("d = 2", 7, 2, [1, 2]),
    ("d = 3", 5, 3, [1, 1, 1]),
    ("d = 6", 9, 6, [1, 2, 0.5, 1, 3, 1]),
    ("d = 1", 6, 1, [3]),
    ("n = d = 3", 3, 3, [1, 2, 1]),
    ("badly scaled", 6, 3, [0.05, 1, 20]),
    ("n = 1, d = 4", 1, 4, [1, 1, 2, 1]),
    ("n = 1, d = 1", 1, 1, [0.2]),
]:
    scales = np.array(scales, dtype=float)
    mean = scales * rng.normal(0, 2, d)
    cases.append(
        (name, mean + scales * rng.normal(0, 2, (n, d)), mean, random_covariance(rng, d, scales))
    )
integers = (np.array([[0, 3], [-2, 1], [5, 5]]), np.array([1, -1]), np.array([[2, 1], [1, 3]]))
cases += [
    ("integers", *integers),
    ("integer points", integers[0], np.array([0.5, -1.25]), np.array([[2.0, 0.6], [0.6, 0.5]])),
    ("read-only arrays", *(part.astype(float) for part in integers)),
]
for name, x, mean, covariance in cases:
    # The reference: one point at a time, from the formula.
    determinant = np.linalg.det(2 * np.pi * covariance)
    expected = [
        -0.5 * (row - mean) @ np.linalg.solve(covariance, row - mean) - 0.5 * np.log(determinant)
        for row in x
    ]
    arguments = [x.copy(), mean.copy(), covariance.copy()]
    for part in arguments:
        part.setflags(write=name != "read-only arrays")
    value = ask(gaussian_log_density, *arguments)
    assert_unchanged("x, mean, covariance", (x, mean, covariance), arguments)
    assert_same(
        value,
        expected,
        f"log-densities, {name}",
        "One number a point. Is the number of points or dimensions, or the form of the covariance, "
        "taken for granted?",
        atol=1e-9,
    )
### END HIDDEN TESTS

# %% check="test_gaussian_log_density_extremes" points=2
# Hidden check: points far from the mean, and 20 dimensions, where density and determinant are 0 or
# infinite in floating point.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(32)
tilted = np.array([[2.0, 0.9], [0.9, 1.0]])
dense = np.eye(20) + 0.5
cases = [
    ("far points", np.array([[-60.0, 0.0], [1e3, -1e3], [0.0, 1e6]]), np.array([1.0, 2.0]), tilted),
    ("far points, d = 1", np.array([[500.0], [-1e5]]), np.zeros(1), np.full((1, 1), 4.0)),
    ("20 dimensions, sigma = 1e-12", 3e-12 * rng.normal(size=(4, 20)), np.zeros(20), 1e-24 * dense),
    ("20 dimensions, sigma = 1e12", 3e12 * rng.normal(size=(4, 20)), np.zeros(20), 1e24 * dense),
    ("20 dimensions, far points", 1e4 * rng.normal(size=(3, 20)), np.ones(20), 0.01 * dense),
]
for name, x, mean, covariance in cases:
    centred = x - mean
    squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
    constant = np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi)
    assert_same(
        ask(gaussian_log_density, x.copy(), mean.copy(), covariance.copy()),
        -0.5 * (squares + constant),
        f"log-densities, {name}",
        "Density and determinant leave the range of floating point here: is one of them computed "
        "on the way, or something added or cut off to avoid that?",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the log-density of a mixture
#
# The density of the mixture is
#
# $$
# p(x) = \sum_{k=1}^{K} \pi_k \, \mathcal N(x \mid \mu_k, \Sigma_k) .
# $$
#
# Return $\log p(x_i)$ for every row of `x`.
# The result has shape `(n,)`.
# You may call your `gaussian_log_density`; a mistake in it counts only once.
#
# Write $a_{ik} = \log \pi_k + \log \mathcal N(x_i \mid \mu_k, \Sigma_k)$.
# Then $\log p(x_i) = \log \sum_k \exp(a_{ik})$, a *log-sum-exp* over the components.
#
# **Watch out.**
# Far from every mean all $\exp(a_{ik})$ are 0 in floating point, and $\log 0$ is minus infinity.
# The true value is an ordinary number, and your result must be right there too.
# A small number added inside the logarithm hides the problem and gives a wrong answer.


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    """Return the log-density of a Gaussian mixture at the points.

    Parameters
    ----------
    x : ndarray, shape (n, d)
        Points.
    weights : ndarray, shape (k,)
        Mixing weights, positive, summing to 1.
    means : ndarray, shape (k, d)
        Means of the components.
    covariances : ndarray, shape (k, d, d)
        Covariances of the components.

    Returns
    -------
    ndarray, shape (n,)
        Logarithm of the density at each point, finite wherever the true value is.
    """
    ### BEGIN SOLUTION
    log_joint = [
        np.log(weight) + gaussian_log_density(x, mean, covariance)
        for weight, mean, covariance in zip(weights, means, covariances, strict=True)
    ]  # k arrays (n,)
    return special.logsumexp(log_joint, axis=0)
    ### END SOLUTION


# %% check="test_mixture_log_density" points=1
near = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 0.5], [-3.0, 2.0]])
apart = np.array([[-100.0, 0.0], [100.0, 1.0], [101.0, 0.0]])
mean, covariance = np.array([0.5, 1.0]), np.array([[4.0, 1.2], [1.2, 1.0]])
cases = [
    (
        "one component",
        "Expected the log-density of a Gaussian, one number a point",
        near,
        np.array([1.0]),
        mean[None],
        covariance[None],
        stats.multivariate_normal(mean, covariance).logpdf(near),
    ),
    (
        "three equal components, which are one component whatever the weights",
        "Is the sum over all components inside the logarithm, with their weights, and nothing "
        "divided by K?",
        near,
        np.array([0.2, 0.3, 0.5]),
        np.tile(mean, (3, 1)),
        np.tile(covariance, (3, 1, 1)),
        stats.multivariate_normal(mean, covariance).logpdf(near),
    ),
    (
        "two components far apart",
        "Expected log weight plus log-density of the near component",
        apart,
        np.array([0.25, 0.75]),
        np.array([[-100.0, 0.0], [100.0, 0.0]]),
        np.stack([np.eye(2), covariance]),
        np.array(
            [
                np.log(0.25) + stats.multivariate_normal([-100, 0], np.eye(2)).logpdf(apart[0]),
                *(np.log(0.75) + stats.multivariate_normal([100, 0], covariance).logpdf(apart[1:])),
            ]
        ),
    ),
]
for what, hint, x, weights, means, covariances, expected in cases:
    value = ask(mixture_log_density, x.copy(), weights.copy(), means.copy(), covariances.copy())
    agrees = False
    ### BEGIN HIDDEN TESTS
    # A mistake in gaussian_log_density counts there, not here.
    with contextlib.suppress(Exception), quiet():
        points = x.copy()
        logs = [
            np.log(w) + gaussian_log_density(points, m.copy(), c.copy())
            for w, m, c in zip(weights, means, covariances, strict=True)
        ]
        carried = np.logaddexp.reduce(logs, axis=0)
        agrees = np.shape(value) == np.shape(carried) and np.allclose(
            value, carried, rtol=1e-8, atol=1e-10, equal_nan=True
        )
    ### END HIDDEN TESTS
    if not agrees:
        assert_same(value, expected, f"log-densities, {what}", hint, atol=1e-10)


# %% check="test_mixture_log_density_other_inputs" points=1
# Hidden check: other inputs (d = 1, 2, 3 and 5, k = 1 to 6, n = 1, correlated and badly scaled
# covariances, integer and read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def random_covariances(rng, k, d, scales):
    """Covariances with correlations and the given standard deviations."""
    factors = rng.normal(size=(k, d, d)) + 2 * np.eye(d)
    return np.einsum("kab,kcb->kac", factors, factors) * np.outer(scales, scales)


rng = np.random.default_rng(41)
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
integers = (
    np.array([[0, 3], [-2, 1], [5, 5]]),
    np.array([0.2, 0.3, 0.5]),
    np.array([[0, 1], [-1, 0], [4, 4]]),
    np.array([[[2, 1], [1, 3]], [[1, 0], [0, 1]], [[4, -1], [-1, 2]]]),
)
cases += [
    ("integers", *integers),
    ("read-only arrays", *(part.astype(float) for part in integers)),
]
for name, *parameters in cases:
    x, weights, means, covariances = parameters
    density = np.zeros(len(x))
    for weight, mean, covariance in zip(weights, means, covariances, strict=True):
        centred = x - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        density += weight * np.exp(-0.5 * squares) / np.sqrt(np.linalg.det(2 * np.pi * covariance))
    # The same from the student's own log-densities: a mistake there counts there, not here.
    carried, used = None, [part.copy() for part in parameters]
    arguments = [part.copy() for part in parameters]
    for part in (*used, *arguments):
        part.setflags(write=name != "read-only arrays")
    with contextlib.suppress(Exception), quiet():
        logs = [
            np.log(weight) + gaussian_log_density(used[0], mean, covariance)
            for weight, mean, covariance in zip(*used[1:], strict=True)
        ]
        carried = np.logaddexp.reduce(logs, axis=0)
    if carried is None and name == "read-only arrays":
        continue  # gaussian_log_density needs arrays that it can write to: that counts there
    value = ask(mixture_log_density, *arguments)
    agrees = False
    with contextlib.suppress(Exception), quiet():
        agrees = np.shape(value) == np.shape(carried) and np.allclose(
            value, carried, rtol=1e-8, atol=1e-9, equal_nan=True
        )
    if not agrees:
        assert_same(
            value,
            np.log(density),
            f"log-densities, {name}",
            f"All {len(weights)} components inside the logarithm, each with its weight? One number "
            "a point?",
            atol=1e-9,
        )
    if not all(np.array_equal(*pair) for pair in zip(used, arguments, strict=True)):
        assert_unchanged("x, weights, means, covariances", parameters, arguments)
### END HIDDEN TESTS

# %% check="test_mixture_log_density_far_tails" points=2
# Hidden check: points far from every mean together with near ones, and 20 dimensions, where the
# density is 0 in floating point.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(42)
tilted = np.array([[2.0, 0.9], [0.9, 1.0]])
cases = [
    (
        np.array([[-60.0, 0.0], [1e3, -1e3], [0.0, 1e4], [1.0, 0.5]]),
        np.array([0.2, 0.3, 0.5]),
        np.array([[0.0, 0.0], [2.0, -1.0], [-3.0, 1.0]]),
        np.stack([np.eye(2), tilted, 0.1 * tilted]),
    ),
    (
        np.array([[40.0, 40.0], [-40.0, 0.0], [0.0, 0.0]]),
        np.array([1e-6, 1 - 1e-6]),
        np.array([[0.0, 0.0], [1e-3, 0.0]]),
        np.stack([np.eye(2), np.eye(2)]),
    ),
    (
        np.array([[500.0], [-1e5], [0.0]]),
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
    (
        np.array([[0.0, 0.0], [1e-20, 0.0]]),
        np.array([0.5, 0.5]),
        np.array([[0.0, 0.0], [1e-20, 0.0]]),
        np.stack([1e-40 * np.eye(2), 1e-40 * tilted]),
    ),
]
for x, weights, means, covariances in cases:
    logs = np.empty((len(x), len(weights)))
    for j, (weight, mean, covariance) in enumerate(zip(weights, means, covariances, strict=True)):
        centred = x - mean
        squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
        logs[:, j] = np.log(weight) - 0.5 * (
            squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi)
        )
    expected = np.logaddexp.reduce(logs, axis=1)
    value = ask(mixture_log_density, x.copy(), weights.copy(), means.copy(), covariances.copy())
    agrees = False
    # A mistake in gaussian_log_density counts there, not here.
    with contextlib.suppress(Exception), quiet():
        points, array = x.copy(), np.asarray(value, dtype=float)
        logs = [
            np.log(w) + gaussian_log_density(points, m.copy(), c.copy())
            for w, m, c in zip(weights, means, covariances, strict=True)
        ]
        carried = np.logaddexp.reduce(logs, axis=0)
        # Where these logs are not finite, no sum of them is.
        finite = np.isfinite(carried)
        agrees = np.array_equal(finite, np.isfinite(array)) and np.allclose(
            array[finite], carried[finite], rtol=1e-8, atol=1e-10
        )
    if not agrees:
        place = "1e-20 apart with sigma = 1e-20" if np.all(np.abs(x) < 1e-10) else "near and far"
        assert_same(
            value,
            expected,
            f"log-densities of {len(x)} points, {place}, d = {x.shape[1]}",
            "Far from the means every density is 0 in floating point: what can be taken out of the "
            "sum, for each point, before exp? Nothing may be added or cut off",
            atol=1e-10,
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: a normalising constant
#
# In the second part of the course densities are known only up to a factor.
# Here is the first of them.
# In the plane take $N$ components with equal weights, any means $\mu_1, \dots, \mu_N$, and the same covariance $\sigma^2 I$, and leave out every factor that does not depend on $x$:
#
# $$
# f(x) = \sum_{j=1}^{N} \exp\!\left( - \frac{\lVert x - \mu_j \rVert^2}{2 \sigma^2} \right),
# \qquad
# p(x) = \frac{f(x)}{Z} .
# $$
#
# Return $Z$, the number that makes the integral of $p$ over the plane equal to 1.
# It is one exact formula in $N$ and $\sigma$; the means do not appear in it.
# Here $\sigma$ is the *standard deviation* of each coordinate.


# %% solution="normalising_constant"
def normalising_constant(n_components, sigma):
    """Return the integral of the unnormalised equal-weight isotropic mixture over the plane.

    Parameters
    ----------
    n_components : int
        Number of components N.
    sigma : float
        Standard deviation of each coordinate in each component.

    Returns
    -------
    float
        Z, the integral of the sum of exp(-||x - mean||^2 / (2 sigma^2)) over the plane.
    """
    ### BEGIN SOLUTION
    return 2 * np.pi * n_components * sigma**2
    ### END SOLUTION


# %% check="test_normalising_constant" points=1
# The integral of f over the plane, as a sum over a fine grid.
grid = np.arange(-12, 12, 0.05)
plane = np.stack(np.meshgrid(grid, grid), axis=-1)  # (480, 480, 2)
for sigma, means in [
    (1.0, [[0.0, 0.0]]),
    (1.0, [[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]]),
    (0.5, [[-1.0, 0.0], [0.0, 2.0], [3.0, 1.0]]),
    (1.5, [[0.0, 0.0], [0.0, 0.0]]),
]:
    squares = ((plane[:, :, None] - np.array(means)) ** 2).sum(axis=-1)  # (480, 480, N)
    assert_same(
        ask(normalising_constant, len(means), sigma),
        np.exp(-squares / (2 * sigma**2)).sum() * 0.05**2,
        f"Z for N = {len(means)} and sigma = {sigma}",
        "The integral of f over the plane: how does it change when N doubles, and when sigma does?",
    )

# %% check="test_normalising_constant_other_inputs" points=1
# Hidden check: other numbers of components and standard deviations, small, large and integer.
### BEGIN HIDDEN TESTS
for n_components, sigma in [(4, 1), (1, 3), (7, 0.2), (10, 1e-6), (1000, 2.5), (3, 1e6)]:
    assert_same(
        ask(normalising_constant, n_components, sigma),
        n_components * (np.sqrt(2 * np.pi) * sigma) ** 2,
        f"Z for N = {n_components} and sigma = {sigma}",
        "Is it an exact formula in N and sigma, which is a standard deviation?",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Points on contours
#
# On the left is the four-corner mixture of the course: four equal components, $\sigma = 1$, means at the corners of a square with side 3.
# On the right are three components with weights 0.3, 0.5 and 0.2 and correlations 0.5, 0 and $-0.5$.
# The points come from your sampler, with colour and marker by component.
# The lines are the contours of your log-density; the density halves from one line to the next.
# The lines crowd where the points thin out, and the ellipses of the points lean like those of the lines.

# %% given="figure"
from mixcore import datasets, plotting

figure, panels = plt.subplots(1, 2, figsize=(9.5, 4.8), layout="constrained")
names = {"four_corners": "four corners", "three_components": "three components"}
for seed, (ax, name) in enumerate(zip(panels, names, strict=True)):
    truth = datasets.load(name).truth
    parameters = (truth.weights, truth.means, truth.covariances)
    x, z = sample_mixture(600, *parameters, np.random.default_rng(seed))
    plotting.scatter(x, np.asarray(z), ax=ax)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    grid_x, grid_y = np.meshgrid(np.linspace(left, right, 70), np.linspace(bottom, top, 70))
    rows = np.stack([grid_x, grid_y], axis=-1)  # (70, 70, 2)
    values = np.array([mixture_log_density(row, *parameters) for row in rows])  # (70, 70)
    levels = values.max() - np.log(2) * np.arange(7, 0, -1)
    ax.contour(grid_x, grid_y, values, levels, colors="black", linewidths=0.9, linestyles="solid")
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal", title=names[name])
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
plt.show()
print(f"Z of the four corners: {normalising_constant(4, 1.0):.4f}; 8 pi is {8 * np.pi:.4f}")

# %% [markdown]
# ## Question: density, constant and log-sum-exp (4 points)
#
# 1. Show that a point $x$ drawn by ancestral sampling (Task 1) has the density $p(x) = \sum_{k=1}^K \pi_k \, \mathcal N(x \mid \mu_k, \Sigma_k)$ of Task 3.
# 2. Derive $Z$ of Task 4 from $\int_{-\infty}^{\infty} \exp(-t^2/2) \, dt = \sqrt{2\pi}$.
#    Why does it make no difference that the components overlap?
#    What is $Z$ in $d$ dimensions?
# 3. Let $m = \max_k a_k$.
#    Show that $\log \sum_k \exp(a_k) = m + \log \sum_k \exp(a_k - m)$.
#    Explain why the right-hand side is safe in floating point where the left-hand side is not, for very negative and for very large $a_k$.

# %% [markdown] written="derivation_density" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. Given $z = k$, the point has density $\mathcal N(x \mid \mu_k, \Sigma_k)$, and $P(z = k) = \pi_k$.
#    For a region $B$ the law of total probability gives
#    $$P(x \in B) = \sum_{k=1}^K P(z = k) \, P(x \in B \mid z = k) = \sum_{k=1}^K \pi_k \int_B \mathcal N(x \mid \mu_k, \Sigma_k) \, dx = \int_B \sum_{k=1}^K \pi_k \, \mathcal N(x \mid \mu_k, \Sigma_k) \, dx .$$
#    This holds for every $B$, so the integrand is the density of $x$.
# 2. For one component substitute $t_1 = (x_1 - \mu_{j1})/\sigma$ and $t_2 = (x_2 - \mu_{j2})/\sigma$, so that $dx_1 \, dx_2 = \sigma^2 \, dt_1 \, dt_2$.
#    The exponential of a sum is a product, so the double integral splits:
#    $$\int \exp\!\left( -\frac{\lVert x - \mu_j \rVert^2}{2\sigma^2} \right) dx = \sigma^2 \int e^{-t_1^2/2} \, dt_1 \int e^{-t_2^2/2} \, dt_2 = 2 \pi \sigma^2 .$$
#    The integral of a sum is the sum of the integrals, wherever the terms lie: overlap plays no part, and neither do the means.
#    Hence $Z = 2 \pi N \sigma^2$.
#    In $d$ dimensions there are $d$ factors $\sqrt{2\pi} \, \sigma$, so $Z = N (2 \pi \sigma^2)^{d/2}$.
# 3. $\sum_k \exp(a_k) = \sum_k \exp(m) \exp(a_k - m) = \exp(m) \sum_k \exp(a_k - m)$; take the logarithm.
#    On the left, very negative $a_k$ (below about $-745$) all give $\exp(a_k) = 0$ and $\log 0 = -\infty$; very large $a_k$ (above about $709$) give infinity.
#    On the right, every exponent is at most 0, so nothing overflows.
#    The largest exponent is exactly 0, so the sum lies between 1 and $K$ and its logarithm is finite.
#    A term that underflows is smaller than the sum by a factor beyond the precision of floating point: nothing is lost.
#
# **Rubric.**
#
# - 1 point: part 1, by the law of total probability or by summing the joint density $p(x, z)$ over $z$.
# - 1 point: the integral of one component, with the substitution and the factor $\sigma^2$.
# - 1 point: linearity of the integral as the reason why overlap does not matter, $Z = 2\pi N\sigma^2$, and $N (2\pi\sigma^2)^{d/2}$ in $d$ dimensions.
# - 1 point: the identity of part 3, and why the sum on the right lies between 1 and $K$, with both dangers named.
# ### END SOLUTION
