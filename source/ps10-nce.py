# ---
# jupyter:
#   course:
#     notebook: nce
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Noise-contrastive estimation
#
# You estimate the means of a mixture by telling its data from noise, first with a known normalising constant $Z$, then with an unknown one.
# You write the two log-densities that are compared, the loss with and without $Z$, both fits, and what is needed to measure their error.
# At the end your functions fit 1,000 points, and a small study shows how the error falls with the number of points.
# On paper you derive the gradient and explain why $Z$ can be estimated at all.
#
# ## How to work
#
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - After your submission further checks run on other inputs: other numbers of components and points, extreme values, integer arrays.
# - A function never changes the arrays it is given.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $n$ | number of data points | `n` | number |
# | $m$ | number of noise points, here mostly $m = n$ | `m` | number |
# | $K$ | number of components | `k` | number |
# | $x_i$ | data point number $i$ | `x[i]` | `x` has `(n, 2)` |
# | $y_j$ | noise point number $j$ | `y[j]` | `y` has `(m, 2)` |
# | $u$ | any point, data or noise | `u[i]` | `u` has `(n, 2)` |
# | $\mu_k$ | mean of component $k$ | `means[k]` | `means` has `(k, 2)` |
# | $\ln Z$ | logarithm of the normalising constant | `log_z` | number |
# | $p_n$ | density of the noise | `log_noise(y)` is its logarithm | `(n,)` |
# | $p_m$ | density of the model | | |
# | $h$ | probability that a point is data and not noise | `log_h(u, means, log_z)` is its logarithm | `(n,)` |
#
# Logarithms are natural.
# All points lie in the plane.
# The letters $m$ and $n$ under a $p$ stand for *model* and *noise*, not for numbers of points.

# %% given="imports"
import contextlib
import itertools
import warnings

import matplotlib.pyplot as plt
import numpy as np
from scipy import optimize, spatial, special, stats

# %% given="checking"
from checking import as_numbers, as_results, ask, assert_same, assert_unchanged, quiet

# %% [markdown]
# ## Task 1: the log-density of the noise
#
# The noise is Gaussian in the plane, with mean $(1, 1)$ and covariance $4 I$:
#
# $$
# p_n(y) = \mathcal N\bigl(y \mid (1, 1), \; 4 I\bigr) .
# $$
#
# Each coordinate has variance 4, so its standard deviation is 2.
# The result has shape `(n,)`, one number a point, for $n = 1$ too.
#
# **Watch out.**
# Variance and standard deviation are easily exchanged, in the exponent and in the constant in front.
# Far from $(1, 1)$ the density is 0 in floating point, but its logarithm is an ordinary number.


# %% solution="log_noise"
def log_noise(y):
    """Return the log-density of the noise, a Gaussian with mean (1, 1) and covariance 4 I.

    Parameters
    ----------
    y : ndarray, shape (n, 2)
        Points.

    Returns
    -------
    ndarray, shape (n,)
        Logarithm of the density at each point.
    """
    ### BEGIN SOLUTION
    return -((y - 1) ** 2).sum(axis=1) / 8 - np.log(8 * np.pi)
    ### END SOLUTION


# %% check="test_log_noise" points=1
# The two coordinates are independent, so their log-densities add up.
y = np.array([[1.0, 1.0], [3.0, 1.0], [1.0, -3.0], [0.5, 2.5]])
values = ask(log_noise, y.copy())
values = as_numbers(values, (4,), "log_noise of 4 points", "Over which axis do you sum?")
assert_same(
    values[0],
    -np.log(8 * np.pi),
    "ln p_n at (1, 1), the logarithm of the constant 1 / (8 pi) in front of the exponential",
    "Is the variance 4 in it, for two coordinates, and is it the logarithm?",
)
assert_same(
    values,
    stats.norm.logpdf(y, 1, 2).sum(axis=1),
    "the sum of scipy.stats.norm.logpdf with mean 1 and standard deviation 2 over the coordinates",
    "Are variance and standard deviation exchanged? Is the distance squared?",
)

# %% check="test_log_noise_other_inputs" points=2
# Hidden check: other points (n = 1, 2 and 7, far from the mean, integer and read-only arrays), and
# that the argument stays as it is.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(11)
cases = [
    ("n = 7", rng.normal(1, 3, (7, 2))),
    ("n = 2", rng.normal(-2, 3, (2, 2))),
    ("n = 1", np.array([[0.3, -4.0]])),
    ("far points", np.array([[200.0, -80.0], [1e4, 3.0], [-1e6, 1e5], [1.0, 1e3]])),
    ("columns of another order", rng.normal(1, 3, (2, 5)).T),
    ("integers", np.array([[0, 3], [-2, 1], [5, 5]])),
    ("read-only array", rng.normal(1, 3, (4, 2))),
]
for name, y in cases:
    argument = y.copy()
    argument.setflags(write=name != "read-only array")
    values = ask(log_noise, argument)
    assert_unchanged("y", [y], [argument])
    assert_same(
        values,
        stats.norm.logpdf(y, 1, 2).sum(axis=1),
        f"log_noise, {name}",
        "The log-density of a Gaussian with mean (1, 1) and covariance 4 I: simplify it on paper, "
        "and never take the logarithm of a density that may be 0 in floating point",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the probability that a point is data
#
# The model is a mixture of $K$ Gaussians with equal weights and standard deviation 1.
# Its normalising constant is kept apart, as a number of its own:
#
# $$
# p_m(u) = e^{-\ln Z} \sum_{k=1}^{K} \exp\!\left( -\tfrac12 \lVert u - \mu_k \rVert^2 \right) .
# $$
#
# The model is normalised for $\ln Z = \ln(2 \pi K)$, but $\ln Z$ may have any value here.
# Let a point come from the model or from the noise, each with probability one half.
# By Bayes' rule it came from the model with probability
#
# $$
# h(u) = \frac{p_m(u)}{p_m(u) + p_n(u)} .
# $$
#
# Your function returns $\ln h(u)$ for each point, in shape `(n,)`.
# `np.logaddexp` or functions of `scipy.special` may help.
#
# **Watch out.**
# Far from all means $p_m$ is 0 in floating point, and farther out $p_n$ is 0 too.
# Then $h$ is 0, or $0/0$.
# Its logarithm must be finite and right there too: stay with logarithms from beginning to end.


# %% solution="log_h"
def log_h(u, means, log_z):
    """Return the logarithm of the probability that a point is data and not noise.

    Parameters
    ----------
    u : ndarray, shape (n, 2)
        Points.
    means : ndarray, shape (k, 2)
        Means of the components.
    log_z : float
        Logarithm of the normalising constant of the model.

    Returns
    -------
    ndarray, shape (n,)
        ln h at each point, at most 0.
    """
    ### BEGIN SOLUTION
    squares = spatial.distance.cdist(u, means, "sqeuclidean")  # (n, k)
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z  # (n,)
    return special.log_expit(log_model - log_noise(u))  # h = 1 / (1 + p_n / p_m)
    ### END SOLUTION


# %% check="test_log_h" points=1
# Each case can be worked out by hand. When it is graded, a log_h that calls your log_noise is judged
# with that function: a mistake counts once.
cases = [
    (
        "one mean at (1, 1), ln Z = ln(2 pi), u there: p_m = 1/(2 pi), p_n = 1/(8 pi), h = 4/5",
        np.array([[1.0, 1.0]]),
        np.array([[1.0, 1.0]]),
        np.log(2 * np.pi),
        np.log([4 / 5]),
        "Is it ln h, with p_m + p_n below the line?",
    ),
    (
        "one mean at (1, 1), ln Z = ln(8 pi), u there: p_m = p_n, h = 1/2",
        np.array([[1.0, 1.0]]),
        np.array([[1.0, 1.0]]),
        np.log(8 * np.pi),
        np.log([1 / 2]),
        "Is log_z used, with the right sign, as a logarithm?",
    ),
    (
        "three equal means, ln Z = ln(6 pi): the same as one of them with ln(2 pi)",
        np.array([[1.0, 1.0], [3.0, 1.0]]),
        np.ones((3, 2)),
        np.log(6 * np.pi),
        np.log([4 / 5, 4 / (4 + np.exp(1.5))]),
        "A sum over all K components, and no average? Squared distances?",
    ),
    (
        "means (1, 1) and (1, 61), ln Z = ln(4 pi), u = (1, 1): the second adds nothing, h = 2/3",
        np.array([[1.0, 1.0]]),
        np.array([[1.0, 1.0], [1.0, 61.0]]),
        np.log(4 * np.pi),
        np.log([2 / 3]),
        "Are densities added, or their logarithms?",
    ),
]
for name, u, means, log_z, expected, hint in cases:
    values = ask(log_h, u.copy(), means.copy(), log_z)
    values = as_numbers(values, (len(u),), name, "One number a point", finite=False)
    ### BEGIN HIDDEN TESTS
    with contextlib.suppress(Exception), quiet():
        parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
        carried = np.logaddexp.reduce(parts, axis=1) - log_z - np.asarray(log_noise(u.copy()))
        carried = special.log_expit(carried)
        if np.allclose(values, carried, rtol=1e-8, atol=1e-9, equal_nan=True):
            continue
    ### END HIDDEN TESTS
    assert_same(values, expected, name, hint)

# %% check="test_log_h_other_inputs" points=2
# Hidden check: other inputs (k = 1 to 7, n = 1 and 9, other values of ln Z, integer and read-only
# arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(21)
cases = [
    (f"k = {k}, n = {n}", rng.normal(1, 2, (n, 2)), rng.normal(1, 2, (k, 2)), log_z)
    for k, n, log_z in [
        (4, 9, np.log(8 * np.pi)),
        (1, 9, -2.0),
        (2, 2, 0.3),
        (3, 9, 4.0),
        (5, 1, 2.5),
        (7, 9, 3.0),
        (1, 1, 1.0),
    ]
]
cases += [
    ("integers", np.array([[0, 3], [-2, 1], [4, 1]]), np.array([[0, 1], [3, 0]]), 2),
    ("integer points", np.array([[0, 3], [-2, 1]]), np.array([[0.5, 1.25], [3, 0.1]]), 2.0),
    ("read-only arrays", rng.normal(1, 2, (5, 2)), rng.normal(1, 2, (3, 2)), 1.5),
]
for name, u, means, log_z in cases:
    parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
    p_m = np.exp(parts).sum(axis=1) / np.exp(log_z)
    p_n = stats.norm.pdf(u, 1, 2).prod(axis=1)
    arguments = [u.copy(), means.copy()]
    for part in arguments:
        part.setflags(write=name != "read-only arrays")
    values = ask(log_h, *arguments, log_z)
    assert_unchanged("u, means", [u, means], arguments)
    values = as_numbers(values, (len(u),), f"log_h, {name}", finite=False)
    # A log_h written with log_noise: a mistake there counts there, not here.
    with contextlib.suppress(Exception), quiet():
        carried = special.log_expit(np.log(p_m) - np.asarray(log_noise(u.copy())))
        if np.allclose(values, carried, rtol=1e-8, atol=1e-9, equal_nan=True):
            continue
    assert_same(
        values,
        np.log(p_m / (p_m + p_n)),
        f"log_h, {name}, ln Z = {log_z:g}",
        "Squared distances, summed over all K means inside the logarithm, and ln Z subtracted from "
        "ln p_m?",
        atol=1e-9,
    )
### END HIDDEN TESTS

# %% check="test_log_h_far_points" points=1
# Hidden check: points far from every mean or from the noise, and very large and very small Z, where
# the densities are 0 or infinite in floating point.
### BEGIN HIDDEN TESTS
u = np.array([[60.0, 0.0], [-30.0, 45.0], [1e3, -1e3], [1e5, 1e4], [1.0, 2.0], [0.0, 0.0]])
corners = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
cases = [
    ("four corners", u, corners, np.log(8 * np.pi)),
    ("one mean", u, np.array([[0.0, 1.0]]), -1.0),
    ("means far out", np.vstack([u, u + 1.5]), u[1:4], 2.5),
    ("ln Z = 800", u, corners, 800.0),
    ("ln Z = -800", u, corners, -800.0),
]
for name, points, means, log_z in cases:
    parts = -((points[:, None] - means) ** 2).sum(axis=2) / 2
    ln_p_m = np.logaddexp.reduce(parts, axis=1) - log_z
    values = ask(log_h, points.copy(), means.copy(), log_z)
    values = as_numbers(values, (len(points),), f"log_h, {name}", finite=False)
    # A log_h written with log_noise: a mistake there counts there, not here.
    with contextlib.suppress(Exception), quiet():
        carried = special.log_expit(ln_p_m - np.asarray(log_noise(points.copy())))
        if np.allclose(values, carried, rtol=1e-8, atol=1e-8, equal_nan=True):
            continue
    assert_same(
        values,
        -np.logaddexp(0, stats.norm.logpdf(points, 1, 2).sum(axis=1) - ln_p_m),
        f"log_h far out, {name}",
        "A density is 0 there in floating point, or an exponential overflows: stay with logarithms",
        atol=1e-8,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: the loss, with $Z$ known
#
# Good means tell data from noise: $h$ is large at the data and small at the noise.
# The loss is minus the log-likelihood of that decision,
#
# $$
# L = -\sum_{i=1}^{n} \ln h(x_i) - \sum_{j=1}^{m} \ln\bigl(1 - h(y_j)\bigr) .
# $$
#
# It is a sum, not an average, and the formula stays the same when $n$ and $m$ differ.
# In this task $\ln Z = \ln(2 \pi K)$ is known.
# Optimisers want one flat vector, so the means come as `params`, of shape `(2 * k,)`: first both coordinates of the first mean, then those of the second, and so on.
# `means.ravel()` makes such a vector.
#
# **Watch out.**
# The number of components is not always four; it follows from the length of `params`.
# Where $h$ rounds to 1, the logarithm of $1 - h$ cannot be found from $h$.
# Write $1 - h$ as a quotient of densities, and take its logarithm as you did in task 2.


# %% solution="nce_loss"
def nce_loss(params, x, y):
    """Return the loss of noise-contrastive estimation with a known normalising constant.

    Parameters
    ----------
    params : ndarray, shape (2 * k,)
        The means, flattened row by row.
    x : ndarray, shape (n, 2)
        Data.
    y : ndarray, shape (m, 2)
        Noise points.

    Returns
    -------
    float
        Minus the sum of ln h over the data and of ln(1 - h) over the noise points.
    """
    ### BEGIN SOLUTION
    means = params.reshape(-1, 2)  # (k, 2)
    log_z = np.log(2 * np.pi * len(means))
    squares = spatial.distance.cdist(y, means, "sqeuclidean")  # (m, k)
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z  # (m,)
    log_not_h = special.log_expit(log_noise(y) - log_model)  # 1 - h = 1 / (1 + p_m / p_n)
    return -np.sum(log_h(x, means, log_z)) - np.sum(log_not_h)
    ### END SOLUTION


# %% check="test_nce_loss" points=1
# Each case can be worked out by hand. When it is graded, a loss that calls your earlier functions is
# judged with those functions: a mistake counts once.
cases = [
    (
        "one mean, one data point and one noise point, all at (1, 1): the loss is -ln(4/5) - ln(1/5)",
        np.array([1.0, 1.0]),
        np.ones((1, 2)),
        np.ones((1, 2)),
        -np.log(4 / 5) - np.log(1 / 5),
        "Is the sign right, is it 1 - h for the noise, and is ln Z = ln(2 pi) in it?",
    ),
    (
        "one mean, two data points and three noise points, all at (1, 1): -2 ln(4/5) - 3 ln(1/5)",
        np.array([1.0, 1.0]),
        np.ones((2, 2)),
        np.ones((3, 2)),
        -2 * np.log(4 / 5) - 3 * np.log(1 / 5),
        "Is it a sum, and not an average?",
    ),
    (
        "three means, one data point and one noise point, all at (1, 1): the same as with one mean",
        np.ones(6),
        np.ones((1, 2)),
        np.ones((1, 2)),
        -np.log(4 / 5) - np.log(1 / 5),
        "Does ln Z = ln(2 pi K) follow the number of means?",
    ),
    (
        "means (1, 1) and (61, 1), a data point at each, a noise point at (1, 1): -ln(2/3) - ln(1/3)",
        np.array([1.0, 1.0, 61.0, 1.0]),
        np.array([[1.0, 1.0], [61.0, 1.0]]),
        np.ones((1, 2)),
        -np.log(2 / 3) - np.log(1 / 3),
        "Is params read mean by mean?",
    ),
]
### BEGIN HIDDEN TESTS


def carried_forward(value, means, log_z, x, y):
    """Tell whether the loss is right for the student's own earlier functions, or for none."""

    def reference(u):
        """Log-densities of the model and of the noise."""
        parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
        return np.logaddexp.reduce(parts, axis=1) - log_z, stats.norm.logpdf(u, 1, 2).sum(axis=1)

    def own_h(u, shift=0.0):
        return np.asarray(log_h(u.copy(), means.copy(), log_z + shift), dtype=float)

    (model_x, noise_x), (model_y, noise_y) = reference(x), reference(y)
    data, not_data = [special.log_expit(model_x - noise_x)], [special.log_expit(noise_y - model_y)]
    noises = [noise_y]
    with contextlib.suppress(Exception), quiet():
        own = [np.asarray(log_noise(u.copy()), dtype=float) for u in (x, y)]
        if not (np.allclose(own[0], noise_x) and np.allclose(own[1], noise_y)):
            data.append(special.log_expit(model_x - own[0]))
            not_data.append(special.log_expit(own[1] - model_y))
            noises.append(own[1])
    with contextlib.suppress(Exception), quiet():
        # So large a Z that ln h is ln p_m - ln p_n up to this shift, with no digit lost to h = 1.
        shift = 100.0 + 2 * np.abs(model_y - noise_y).max()
        own = own_h(x), own_h(y), own_h(y, shift)
        right = (data[0], special.log_expit(model_y - noise_y), model_y - noise_y - shift)
        if not all(
            np.allclose(a, b, rtol=1e-9, atol=1e-8) for a, b in zip(own, right, strict=True)
        ):
            data.append(own[0])
            not_data += [np.log1p(-np.exp(own[1])), np.log(-np.expm1(own[1]))]
            not_data += [special.log_expit(-own[2] - shift)]
            not_data += [own[1] + noise - model_y for noise in noises]
    with quiet():
        return any(
            np.isclose(value, -(a.sum() + b.sum()), rtol=1e-8, atol=1e-9, equal_nan=True)
            for a, b in itertools.product(data, not_data)
        )


### END HIDDEN TESTS
for name, params, x, y, expected, hint in cases:
    value = ask(nce_loss, params.copy(), x.copy(), y.copy())
    value = as_numbers(value, (), name, "Are all terms summed?", finite=False)
    ### BEGIN HIDDEN TESTS
    k = len(params) // 2
    if carried_forward(value, params.reshape(k, 2), np.log(2 * np.pi * k), x, y):
        continue
    ### END HIDDEN TESTS
    assert_same(value, expected, name, hint)


# %% check="test_nce_loss_other_inputs" points=2
# Hidden check: other inputs (k = 1 to 6, n = 1 and 9, more noise than data and fewer, integer and
# read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def carried_forward(value, means, log_z, x, y):
    """Tell whether the loss is right for the student's own earlier functions, or for none."""

    def reference(u):
        """Log-densities of the model and of the noise."""
        parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
        return np.logaddexp.reduce(parts, axis=1) - log_z, stats.norm.logpdf(u, 1, 2).sum(axis=1)

    def own_h(u, shift=0.0):
        return np.asarray(log_h(u.copy(), means.copy(), log_z + shift), dtype=float)

    (model_x, noise_x), (model_y, noise_y) = reference(x), reference(y)
    data, not_data = [special.log_expit(model_x - noise_x)], [special.log_expit(noise_y - model_y)]
    noises = [noise_y]
    with contextlib.suppress(Exception), quiet():
        own = [np.asarray(log_noise(u.copy()), dtype=float) for u in (x, y)]
        if not (np.allclose(own[0], noise_x) and np.allclose(own[1], noise_y)):
            data.append(special.log_expit(model_x - own[0]))
            not_data.append(special.log_expit(own[1] - model_y))
            noises.append(own[1])
    with contextlib.suppress(Exception), quiet():
        # So large a Z that ln h is ln p_m - ln p_n up to this shift, with no digit lost to h = 1.
        shift = 100.0 + 2 * np.abs(model_y - noise_y).max()
        own = own_h(x), own_h(y), own_h(y, shift)
        right = (data[0], special.log_expit(model_y - noise_y), model_y - noise_y - shift)
        if not all(
            np.allclose(a, b, rtol=1e-9, atol=1e-8) for a, b in zip(own, right, strict=True)
        ):
            data.append(own[0])
            not_data += [np.log1p(-np.exp(own[1])), np.log(-np.expm1(own[1]))]
            not_data += [special.log_expit(-own[2] - shift)]
            not_data += [own[1] + noise - model_y for noise in noises]
    with quiet():
        return any(
            np.isclose(value, -(a.sum() + b.sum()), rtol=1e-8, atol=1e-9, equal_nan=True)
            for a, b in itertools.product(data, not_data)
        )


rng = np.random.default_rng(31)
cases = [
    (f"k = {k}, n = {n}, m = {m}", rng.normal(1, 2, 2 * k), (n, m))
    for k, n, m in [(4, 9, 9), (1, 9, 6), (2, 5, 9), (3, 9, 2), (6, 7, 7), (2, 1, 1), (1, 1, 4)]
]
cases = [
    (name, params, rng.normal(1, 2, (n, 2)), rng.normal(1, 2, (m, 2)))
    for name, params, (n, m) in cases
]
cases += [
    (
        "integers",
        np.array([0, 1, 3, -1]),
        np.array([[0, 3], [-2, 1], [4, 1]]),
        np.array([[1, 1], [5, -2]]),
    ),
    ("read-only arrays", rng.normal(1, 2, 6), rng.normal(1, 2, (5, 2)), rng.normal(1, 2, (5, 2))),
]
for name, params, x, y in cases:
    k = len(params) // 2
    means, log_z = params.reshape(k, 2), np.log(2 * np.pi * k)
    expected = 0.0
    for sign, points in [(1, x), (-1, y)]:
        parts = -((points[:, None] - means) ** 2).sum(axis=2) / 2
        log_odds = np.log(np.exp(parts).sum(axis=1)) - log_z
        log_odds -= stats.norm.logpdf(points, 1, 2).sum(axis=1)
        expected += np.log(1 + np.exp(-sign * log_odds)).sum()
    arguments = [params.copy(), x.copy(), y.copy()]
    for part in arguments:
        part.setflags(write=name != "read-only arrays")
    value = ask(nce_loss, *arguments)
    assert_unchanged("params, x, y", [params, x, y], arguments)
    value = as_numbers(value, (), f"nce_loss, {name}", "Are all terms summed?", finite=False)
    if carried_forward(value, means, log_z, x, y):
        continue
    assert_same(
        value,
        expected,
        f"nce_loss, {name}",
        "Minus the sum of ln h over the data and of ln(1 - h) over the noise points, "
        "with ln Z = ln(2 pi K) and the means in the order of params?",
    )
### END HIDDEN TESTS


# %% check="test_nce_loss_far_points" points=1
# Hidden check: data and noise points far out, one at a time and together, where h or 1 - h is 0 in
# floating point.
### BEGIN HIDDEN TESTS
def carried_forward(value, means, log_z, x, y):
    """Tell whether the loss is right for the student's own earlier functions, or for none."""

    def reference(u):
        """Log-densities of the model and of the noise."""
        parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
        return np.logaddexp.reduce(parts, axis=1) - log_z, stats.norm.logpdf(u, 1, 2).sum(axis=1)

    def own_h(u, shift=0.0):
        return np.asarray(log_h(u.copy(), means.copy(), log_z + shift), dtype=float)

    (model_x, noise_x), (model_y, noise_y) = reference(x), reference(y)
    data, not_data = [special.log_expit(model_x - noise_x)], [special.log_expit(noise_y - model_y)]
    noises = [noise_y]
    with contextlib.suppress(Exception), quiet():
        own = [np.asarray(log_noise(u.copy()), dtype=float) for u in (x, y)]
        if not (np.allclose(own[0], noise_x) and np.allclose(own[1], noise_y)):
            data.append(special.log_expit(model_x - own[0]))
            not_data.append(special.log_expit(own[1] - model_y))
            noises.append(own[1])
    with contextlib.suppress(Exception), quiet():
        # So large a Z that ln h is ln p_m - ln p_n up to this shift, with no digit lost to h = 1.
        shift = 100.0 + 2 * np.abs(model_y - noise_y).max()
        own = own_h(x), own_h(y), own_h(y, shift)
        right = (data[0], special.log_expit(model_y - noise_y), model_y - noise_y - shift)
        if not all(
            np.allclose(a, b, rtol=1e-9, atol=1e-8) for a, b in zip(own, right, strict=True)
        ):
            data.append(own[0])
            not_data += [np.log1p(-np.exp(own[1])), np.log(-np.expm1(own[1]))]
            not_data += [special.log_expit(-own[2] - shift)]
            not_data += [own[1] + noise - model_y for noise in noises]
    with quiet():
        return any(
            np.isclose(value, -(a.sum() + b.sum()), rtol=1e-8, atol=1e-9, equal_nan=True)
            for a, b in itertools.product(data, not_data)
        )


near, corners = np.array([[0.5, 1.0]]), np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
far = np.array([[60.0, 0.0], [-30.0, 45.0], [1e3, -1e3], [1e4, 1e4]])
cases = [(f"data point {point}", corners, point[None], near) for point in far]
cases += [(f"noise point {point}", corners, near, point[None]) for point in far]
cases += [
    ("noise point (17, 1), mean there", np.array([[17.0, 1.0]]), near, np.array([[17.0, 1.0]])),
    ("noise point (18, 2), mean near", np.array([[17.0, 1.0]]), near, np.array([[18.0, 2.0]])),
    ("noise point (1, 19), one mean of two there", np.array([[1.0, 19.0], [0, 0]]), near,
     np.array([[1.0, 19.0]])),
    ("noise point (300, 1), mean there", np.array([[300.0, 1.0]]), near, np.array([[300.0, 1]])),
    ("all together", np.vstack([corners, far]), np.vstack([near, -far]), np.vstack([near, far])),
]  # fmt: skip
for name, means, x, y in cases:
    log_z, expected = np.log(2 * np.pi * len(means)), 0.0
    for sign, points in [(1, x), (-1, y)]:
        parts = -((points[:, None] - means) ** 2).sum(axis=2) / 2
        log_odds = np.logaddexp.reduce(parts, axis=1) - log_z
        log_odds -= stats.norm.logpdf(points, 1, 2).sum(axis=1)
        expected += np.logaddexp(0, -sign * log_odds).sum()
    value = ask(nce_loss, means.ravel(), x.copy(), y.copy())
    value = as_numbers(value, (), f"nce_loss, {name}", finite=False)
    if carried_forward(value, means, log_z, x, y):
        continue
    assert_same(
        value,
        expected,
        f"nce_loss, {name}",
        "h or 1 - h is nearly 0 or 1 there, so digits get lost, or all of them: find ln h and "
        "ln(1 - h) from the logarithms of both densities",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: the loss, with $Z$ unknown
#
# Now $\ln Z$ is one more parameter.
# `params` has shape `(2 * k + 1,)`: the flattened means as before, then $\ln Z$ as the last entry.
# The loss is the same formula with this $\ln Z$.
#
# **Watch out.**
# The last entry is $\ln Z$, not $Z$, and it may be negative.
# It may also be so large or so small that $h$ rounds to 0 or to 1 everywhere; the loss is finite and right there too.


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    """Return the loss of noise-contrastive estimation with an unknown normalising constant.

    Parameters
    ----------
    params : ndarray, shape (2 * k + 1,)
        The means, flattened row by row, then ln Z.
    x : ndarray, shape (n, 2)
        Data.
    y : ndarray, shape (m, 2)
        Noise points.

    Returns
    -------
    float
        Minus the sum of ln h over the data and of ln(1 - h) over the noise points.
    """
    ### BEGIN SOLUTION
    means, log_z = params[:-1].reshape(-1, 2), params[-1]
    squares = spatial.distance.cdist(y, means, "sqeuclidean")  # (m, k)
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z  # (m,)
    log_not_h = special.log_expit(log_noise(y) - log_model)  # 1 - h = 1 / (1 + p_m / p_n)
    return -np.sum(log_h(x, means, log_z)) - np.sum(log_not_h)
    ### END SOLUTION


# %% check="test_nce_loss_z" points=1
# Each case can be worked out by hand. When it is graded, a loss that calls your earlier functions is
# judged with those functions: a mistake counts once.
cases = [
    (
        "one mean, a data point and a noise point at (1, 1), ln Z = ln(2 pi): -ln(4/5) - ln(1/5)",
        np.array([1.0, 1.0, np.log(2 * np.pi)]),
        np.ones((1, 2)),
        np.ones((1, 2)),
        -np.log(4 / 5) - np.log(1 / 5),
        "Is ln Z the last entry, and a logarithm already?",
    ),
    (
        "one mean, two data points and three noise points at (1, 1), ln Z = ln(8 pi): 5 ln 2",
        np.array([1.0, 1.0, np.log(8 * np.pi)]),
        np.ones((2, 2)),
        np.ones((3, 2)),
        5 * np.log(2),
        "Is ln Z in both h and 1 - h, with the right sign, and is it a sum?",
    ),
    (
        "means (1, 1) and (61, 1), a data point at each, a noise point at (1, 1), ln Z = ln(pi / 2): "
        "-ln(16/17) - ln(1/17)",
        np.array([1.0, 1.0, 61.0, 1.0, np.log(np.pi / 2)]),
        np.array([[1.0, 1.0], [61.0, 1.0]]),
        np.ones((1, 2)),
        -np.log(16 / 17) - np.log(1 / 17),
        "Is params read mean by mean, with ln Z after the last?",
    ),
]
### BEGIN HIDDEN TESTS


def carried_forward(value, means, log_z, x, y):
    """Tell whether the loss is right for the student's own earlier functions, or for none."""

    def reference(u):
        """Log-densities of the model and of the noise."""
        parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
        return np.logaddexp.reduce(parts, axis=1) - log_z, stats.norm.logpdf(u, 1, 2).sum(axis=1)

    def own_h(u, shift=0.0):
        return np.asarray(log_h(u.copy(), means.copy(), log_z + shift), dtype=float)

    (model_x, noise_x), (model_y, noise_y) = reference(x), reference(y)
    data, not_data = [special.log_expit(model_x - noise_x)], [special.log_expit(noise_y - model_y)]
    noises = [noise_y]
    with contextlib.suppress(Exception), quiet():
        own = [np.asarray(log_noise(u.copy()), dtype=float) for u in (x, y)]
        if not (np.allclose(own[0], noise_x) and np.allclose(own[1], noise_y)):
            data.append(special.log_expit(model_x - own[0]))
            not_data.append(special.log_expit(own[1] - model_y))
            noises.append(own[1])
    with contextlib.suppress(Exception), quiet():
        # So large a Z that ln h is ln p_m - ln p_n up to this shift, with no digit lost to h = 1.
        shift = 100.0 + 2 * np.abs(model_y - noise_y).max()
        own = own_h(x), own_h(y), own_h(y, shift)
        right = (data[0], special.log_expit(model_y - noise_y), model_y - noise_y - shift)
        if not all(
            np.allclose(a, b, rtol=1e-9, atol=1e-8) for a, b in zip(own, right, strict=True)
        ):
            data.append(own[0])
            not_data += [np.log1p(-np.exp(own[1])), np.log(-np.expm1(own[1]))]
            not_data += [special.log_expit(-own[2] - shift)]
            not_data += [own[1] + noise - model_y for noise in noises]
    with quiet():
        return any(
            np.isclose(value, -(a.sum() + b.sum()), rtol=1e-8, atol=1e-9, equal_nan=True)
            for a, b in itertools.product(data, not_data)
        )


### END HIDDEN TESTS
for name, params, x, y, expected, hint in cases:
    value = ask(nce_loss_z, params.copy(), x.copy(), y.copy())
    value = as_numbers(value, (), name, "Are all terms summed?", finite=False)
    ### BEGIN HIDDEN TESTS
    if carried_forward(value, params[:-1].reshape(-1, 2), params[-1], x, y):
        continue
    ### END HIDDEN TESTS
    assert_same(value, expected, name, hint)


# %% check="test_nce_loss_z_other_inputs" points=1
# Hidden check: other inputs (k = 1 to 6, n = 1 and 9, more noise than data and fewer, positive and
# negative ln Z, integer and read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def carried_forward(value, means, log_z, x, y):
    """Tell whether the loss is right for the student's own earlier functions, or for none."""

    def reference(u):
        """Log-densities of the model and of the noise."""
        parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
        return np.logaddexp.reduce(parts, axis=1) - log_z, stats.norm.logpdf(u, 1, 2).sum(axis=1)

    def own_h(u, shift=0.0):
        return np.asarray(log_h(u.copy(), means.copy(), log_z + shift), dtype=float)

    (model_x, noise_x), (model_y, noise_y) = reference(x), reference(y)
    data, not_data = [special.log_expit(model_x - noise_x)], [special.log_expit(noise_y - model_y)]
    noises = [noise_y]
    with contextlib.suppress(Exception), quiet():
        own = [np.asarray(log_noise(u.copy()), dtype=float) for u in (x, y)]
        if not (np.allclose(own[0], noise_x) and np.allclose(own[1], noise_y)):
            data.append(special.log_expit(model_x - own[0]))
            not_data.append(special.log_expit(own[1] - model_y))
            noises.append(own[1])
    with contextlib.suppress(Exception), quiet():
        # So large a Z that ln h is ln p_m - ln p_n up to this shift, with no digit lost to h = 1.
        shift = 100.0 + 2 * np.abs(model_y - noise_y).max()
        own = own_h(x), own_h(y), own_h(y, shift)
        right = (data[0], special.log_expit(model_y - noise_y), model_y - noise_y - shift)
        if not all(
            np.allclose(a, b, rtol=1e-9, atol=1e-8) for a, b in zip(own, right, strict=True)
        ):
            data.append(own[0])
            not_data += [np.log1p(-np.exp(own[1])), np.log(-np.expm1(own[1]))]
            not_data += [special.log_expit(-own[2] - shift)]
            not_data += [own[1] + noise - model_y for noise in noises]
    with quiet():
        return any(
            np.isclose(value, -(a.sum() + b.sum()), rtol=1e-8, atol=1e-9, equal_nan=True)
            for a, b in itertools.product(data, not_data)
        )


rng = np.random.default_rng(41)
cases = []
for k, n, m, log_z in [
    (4, 9, 9, -2.2),
    (1, 9, 6, 3.0),
    (2, 5, 9, -0.1),
    (3, 9, 2, 4.5),
    (6, 7, 7, 2.0),
    (2, 1, 1, 1.0),
    (1, 1, 4, 0.0),
]:
    params = np.append(rng.normal(1, 2, 2 * k), log_z)
    name = f"k = {k}, n = {n}, m = {m}, ln Z = {log_z}"
    cases.append((name, params, rng.normal(1, 2, (n, 2)), rng.normal(1, 2, (m, 2))))
cases += [
    (
        "integers",
        np.array([0, 1, 3, -1, 2]),
        np.array([[0, 3], [-2, 1], [4, 1]]),
        np.array([[1, 1], [5, -2]]),
    ),
    ("read-only arrays", rng.normal(1, 2, 7), rng.normal(1, 2, (5, 2)), rng.normal(1, 2, (5, 2))),
]
for name, params, x, y in cases:
    means, log_z = params[:-1].reshape(-1, 2), params[-1]
    expected = 0.0
    for sign, points in [(1, x), (-1, y)]:
        parts = -((points[:, None] - means) ** 2).sum(axis=2) / 2
        log_odds = np.log(np.exp(parts).sum(axis=1)) - log_z
        log_odds -= stats.norm.logpdf(points, 1, 2).sum(axis=1)
        expected += np.log(1 + np.exp(-sign * log_odds)).sum()
    arguments = [params.copy(), x.copy(), y.copy()]
    for part in arguments:
        part.setflags(write=name != "read-only arrays")
    value = ask(nce_loss_z, *arguments)
    assert_unchanged("params, x, y", [params, x, y], arguments)
    value = as_numbers(value, (), f"nce_loss_z, {name}", "Are all terms summed?", finite=False)
    if carried_forward(value, means, log_z, x, y):
        continue
    assert_same(
        value,
        expected,
        f"nce_loss_z, {name}",
        "Minus the sum of ln h over the data and of ln(1 - h) over the noise points, "
        "with the last entry of params as ln Z?",
    )
### END HIDDEN TESTS


# %% check="test_nce_loss_z_far_points" points=1
# Hidden check: data and noise points far out, and very large and very small Z, where h or 1 - h is
# 0 in floating point.
### BEGIN HIDDEN TESTS
def carried_forward(value, means, log_z, x, y):
    """Tell whether the loss is right for the student's own earlier functions, or for none."""

    def reference(u):
        """Log-densities of the model and of the noise."""
        parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
        return np.logaddexp.reduce(parts, axis=1) - log_z, stats.norm.logpdf(u, 1, 2).sum(axis=1)

    def own_h(u, shift=0.0):
        return np.asarray(log_h(u.copy(), means.copy(), log_z + shift), dtype=float)

    (model_x, noise_x), (model_y, noise_y) = reference(x), reference(y)
    data, not_data = [special.log_expit(model_x - noise_x)], [special.log_expit(noise_y - model_y)]
    noises = [noise_y]
    with contextlib.suppress(Exception), quiet():
        own = [np.asarray(log_noise(u.copy()), dtype=float) for u in (x, y)]
        if not (np.allclose(own[0], noise_x) and np.allclose(own[1], noise_y)):
            data.append(special.log_expit(model_x - own[0]))
            not_data.append(special.log_expit(own[1] - model_y))
            noises.append(own[1])
    with contextlib.suppress(Exception), quiet():
        # So large a Z that ln h is ln p_m - ln p_n up to this shift, with no digit lost to h = 1.
        shift = 100.0 + 2 * np.abs(model_y - noise_y).max()
        own = own_h(x), own_h(y), own_h(y, shift)
        right = (data[0], special.log_expit(model_y - noise_y), model_y - noise_y - shift)
        if not all(
            np.allclose(a, b, rtol=1e-9, atol=1e-8) for a, b in zip(own, right, strict=True)
        ):
            data.append(own[0])
            not_data += [np.log1p(-np.exp(own[1])), np.log(-np.expm1(own[1]))]
            not_data += [special.log_expit(-own[2] - shift)]
            not_data += [own[1] + noise - model_y for noise in noises]
    with quiet():
        return any(
            np.isclose(value, -(a.sum() + b.sum()), rtol=1e-8, atol=1e-9, equal_nan=True)
            for a, b in itertools.product(data, not_data)
        )


near, corners = np.array([[0.5, 1.0]]), np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
far = np.array([[60.0, 0.0], [1e3, -1e3], [1e4, 1e4]])
cases = [(f"data point {point}", corners, 2.0, point[None], near) for point in far]
cases += [(f"noise point {point}", corners, 2.0, near, point[None]) for point in far]
cases += [
    (f"ln Z = {log_z}", corners[:k], log_z, near, near)
    for k, log_z in [(4, -800.0), (4, 800.0), (1, -35.0), (2, -60.0), (3, 60.0), (2, -1e5)]
]
cases += [
    ("noise point (17, 1), mean there", np.array([[17.0, 1.0]]), 0.5, near, np.array([[17.0, 1]])),
    ("all together", np.vstack([corners, far]), -3.0, np.vstack([near, far]), np.vstack([-far, far])),
]  # fmt: skip
for name, means, log_z, x, y in cases:
    expected = 0.0
    for sign, points in [(1, x), (-1, y)]:
        parts = -((points[:, None] - means) ** 2).sum(axis=2) / 2
        log_odds = np.logaddexp.reduce(parts, axis=1) - log_z
        log_odds -= stats.norm.logpdf(points, 1, 2).sum(axis=1)
        expected += np.logaddexp(0, -sign * log_odds).sum()
    value = ask(nce_loss_z, np.append(means, log_z), x.copy(), y.copy())
    value = as_numbers(value, (), f"nce_loss_z, {name}", finite=False)
    if carried_forward(value, means, log_z, x, y):
        continue
    assert_same(
        value,
        expected,
        f"nce_loss_z, {name}",
        "h or 1 - h is nearly 0 or 1 there, so digits get lost, or all of them: find ln h and "
        "ln(1 - h) from the logarithms of both densities",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: fit the means
#
# The estimate minimises the loss of task 3.
# Start at `means`, minimise with any optimiser you like, and return the means where it ends, in shape `(k, 2)`.
# The row that started at `means[0]` comes first, and so on: the fit may not choose a start or an order of its own.
#
# `scipy.optimize.minimize(nce_loss, start, args=(x, y))` calls `nce_loss(start, x, y)` again and again.
# Without further arguments it uses BFGS and finds the gradient by finite differences; that is enough here.
# The chapter shows the analytic gradient, which makes the fit several times as fast.
#
# **Watch out.**
# The result must be right to $10^{-4}$.
# If your optimiser stops earlier than that, give it smaller tolerances or more iterations.
# The array `means` still holds the start when your function has returned.


# %% solution="fit_nce"
def fit_nce(x, y, means):
    """Fit the means by noise-contrastive estimation with a known normalising constant.

    Parameters
    ----------
    x : ndarray, shape (n, 2)
        Data.
    y : ndarray, shape (m, 2)
        Noise points.
    means : ndarray, shape (k, 2)
        Where to start.

    Returns
    -------
    ndarray, shape (k, 2)
        The means that minimise the loss.
    """
    ### BEGIN SOLUTION
    found = optimize.minimize(nce_loss, means.ravel(), args=(x, y))  # BFGS
    return found.x.reshape(means.shape)
    ### END SOLUTION


# %% check="test_fit_nce" points=1
# The points lie on regular grids, so that the answer does not depend on any draw. When it is graded,
# a fit that minimises your own loss is judged with that loss: a mistake counts once.
quantiles = stats.norm.ppf((np.arange(9) + 0.5) / 9)
lattice = np.stack(np.meshgrid(quantiles, quantiles), axis=2).reshape(-1, 2)  # (81, 2)
x = np.concatenate([lattice + [-1.0, 0.0], lattice + [3.0, 2.0]])
quantiles = stats.norm.ppf((np.arange(12) + 0.5) / 12)
y = 1 + 2 * np.stack(np.meshgrid(quantiles, quantiles), axis=2).reshape(-1, 2)  # (144, 2)
start = np.array([[0.0, 1.0], [2.0, 1.0]])
expected = np.array([[-0.936907, 0.019061], [2.936907, 1.980939]])
arguments = [x.copy(), y.copy(), start.copy()]
result = ask(fit_nce, *arguments)
assert_unchanged("x, y, means", [x, y, start], arguments)
found = as_numbers(
    result,
    (2, 2),
    "fit_nce from two means",
    "One row a mean: out of what the optimiser returns take the parameters, and put them into rows",
    finite=False,
)
carried = False  # when it is graded, whether the fit follows a loss of yours that is wrong
### BEGIN HIDDEN TESTS


def follows_own_loss(found, x, y, start, best):
    """Tell whether a fit minimises the student's own loss, or one built on own earlier functions.

    A loss in which nothing is wrong is passed over: there the ordinary judgement stands.
    """

    def reference(params, p_n=lambda u: stats.norm.logpdf(u, 1, 2).sum(axis=1)):
        means, log_z, log_odds = params.reshape(-1, 2), np.log(np.pi * len(params)), []
        for u in (x, y):
            parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
            log_odds.append(np.logaddexp.reduce(parts, axis=1) - log_z - p_n(u))
        return -special.log_expit(log_odds[0]).sum() - special.log_expit(-log_odds[1]).sum()

    def own_loss(params):
        return nce_loss(params.copy(), x.copy(), y.copy())

    def own_noise(params):
        return reference(params, lambda u: np.asarray(log_noise(u.copy())))

    def own_h(params):
        logs = [
            np.asarray(log_h(u.copy(), params.reshape(-1, 2), np.log(np.pi * len(params))))
            for u in (x, y)
        ]
        return -(logs[0].sum() + np.log(-np.expm1(logs[1])).sum())

    places = start.astype(float), best, found
    for loss in (own_loss, own_noise, own_h):
        with contextlib.suppress(Exception), quiet():
            values = [loss(place) for place in places]
            if np.allclose(values, [reference(place) for place in places], rtol=1e-6):
                continue
            # A wrong loss may have no lowest point. Sixty iterations go to it, or far down.
            options = {"maxiter": 60}
            low = loss(optimize.minimize(loss, places[0], method="BFGS", options=options).x)
            if values[2] < values[0] and values[2] <= low + 1e-6 * (1 + abs(low)):
                return True
            end = optimize.minimize(loss, places[0], method="BFGS").x
            if np.allclose(found, end, rtol=1e-4, atol=1e-4, equal_nan=True):
                return True
    return False


carried = follows_own_loss(found.ravel(), x, y, start.ravel(), expected.ravel())
### END HIDDEN TESTS
if not carried:
    assert_same(
        found,
        expected,
        f"fit_nce from {start.tolist()}, where the means should be {expected.tolist()}",
        "Does the fit start at the means given, run to the end, and hold data and noise apart? Are "
        "the parameters put back into rows in the order of the loss?",
        rtol=1e-4,
        atol=1e-4,
    )


# %% check="test_fit_nce_other_inputs" points=2
# Hidden check: other data (k = 1, 2 and 3, other numbers of points, another order of the start,
# integer and read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def follows_own_loss(found, x, y, start, best):
    """Tell whether a fit minimises the student's own loss, or one built on own earlier functions.

    A loss in which nothing is wrong is passed over: there the ordinary judgement stands.
    """

    def reference(params, p_n=lambda u: stats.norm.logpdf(u, 1, 2).sum(axis=1)):
        means, log_z, log_odds = params.reshape(-1, 2), np.log(np.pi * len(params)), []
        for u in (x, y):
            parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
            log_odds.append(np.logaddexp.reduce(parts, axis=1) - log_z - p_n(u))
        return -special.log_expit(log_odds[0]).sum() - special.log_expit(-log_odds[1]).sum()

    def own_loss(params):
        return nce_loss(params.copy(), x.copy(), y.copy())

    def own_noise(params):
        return reference(params, lambda u: np.asarray(log_noise(u.copy())))

    def own_h(params):
        logs = [
            np.asarray(log_h(u.copy(), params.reshape(-1, 2), np.log(np.pi * len(params))))
            for u in (x, y)
        ]
        return -(logs[0].sum() + np.log(-np.expm1(logs[1])).sum())

    places = start.astype(float), best, found
    for loss in (own_loss, own_noise, own_h):
        with contextlib.suppress(Exception), quiet():
            values = [loss(place) for place in places]
            if np.allclose(values, [reference(place) for place in places], rtol=1e-6):
                continue
            # A wrong loss may have no lowest point. Sixty iterations go to it, or far down.
            options = {"maxiter": 60}
            low = loss(optimize.minimize(loss, places[0], method="BFGS", options=options).x)
            if values[2] < values[0] and values[2] <= low + 1e-6 * (1 + abs(low)):
                return True
            end = optimize.minimize(loss, places[0], method="BFGS").x
            if np.allclose(found, end, rtol=1e-4, atol=1e-4, equal_nan=True):
                return True
    return False


def reference_optimum(x, y, params, known):
    """Return the parameters of the lowest loss, ln Z last; it stays as it is where it is known."""
    free = slice(None, -1 if known else None)
    points = np.concatenate([x, y])
    sign = np.repeat([1.0, -1.0], [len(x), len(y)])
    log_p_noise = stats.norm.logpdf(points, 1, 2).sum(axis=1)

    def loss_and_gradient(part):
        full = np.append(part, params[-1]) if known else part
        differences = points[:, None] - full[:-1].reshape(-1, 2)  # (n + m, k, 2)
        logs = -(differences**2).sum(axis=2) / 2
        total = np.logaddexp.reduce(logs, axis=1)
        ratio = total - full[-1] - log_p_noise
        slope = -sign * special.expit(-sign * ratio)  # of the loss in the ratio
        resp = np.exp(logs - total[:, None])
        gradient = np.einsum("n,nk,nkd->kd", slope, resp, differences)
        loss = -special.log_expit(sign * ratio).sum()
        return loss, np.append(gradient, -slope.sum())[free]

    start = params[free].astype(float)
    options = {"gtol": 1e-7}
    end = optimize.minimize(loss_and_gradient, start, jac=True, method="BFGS", options=options).x
    return np.append(end, params[-1]) if known else end


rng = np.random.default_rng(51)
cases = []
for name, truth, start, n, m in [
    ("k = 1", [[2.0, 0.0]], [[1.0, 1.0]], 120, 120),
    ("k = 2", [[-1.5, 0.0], [3.0, 2.0]], [[-0.5, 1.0], [2.0, 1.0]], 160, 120),
    ("k = 2, integer start, last mean first", [[-1.0, 3], [3, -1]], [[2, -1], [-1, 2]], 150, 150),
    (
        "k = 3, read-only arrays",
        [[-2.0, -1], [1, 4], [4, -1]],
        [[-1.0, -1], [1, 3], [3, 0]],
        180,
        180,
    ),
]:
    truth, start = np.array(truth), np.array(start)
    x = truth[rng.integers(len(truth), size=n)] + rng.normal(size=(n, 2))
    cases.append((name, x, rng.normal(1, 2, (m, 2)), start))
whole = [np.round(points).astype(int) for points in cases[1][1:3]]
cases.append(("k = 2, integer data", *whole, np.array([[-1, 0], [2, 1]])))
for name, x, y, start in cases:
    k = len(start)
    best = reference_optimum(x, y, np.append(start, np.log(2 * np.pi * k)), known=True)[:-1]
    arguments = [x.copy(), y.copy(), start.copy()]
    for part in arguments:
        part.setflags(write="read-only" not in name)
    result = ask(fit_nce, *arguments)
    assert_unchanged("x, y, means", [x, y, start], arguments)
    found = as_numbers(result, (k, 2), f"fit_nce, {name}", "One row a mean", finite=False)
    if np.allclose(found.ravel(), best, rtol=1e-4, atol=1e-4):
        continue
    if follows_own_loss(found.ravel(), x, y, start.ravel(), best):
        continue
    assert_same(
        found,
        best.reshape(k, 2),
        f"fit_nce, {name}, from {start.tolist()}",
        "Does the fit start at the means given, keep their order, and run until the loss falls no "
        "more?",
        rtol=1e-4,
        atol=1e-4,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: fit the means and $\ln Z$
#
# Now minimise the loss of task 4, over the means and $\ln Z$ together.
# Start at `means` and `log_z`, and return both: the means in shape `(k, 2)`, in the order of the start, and $\ln Z$ as one number.
#
# **Watch out.**
# What goes in and what comes out is $\ln Z$, not $Z$.
# All parameters move together: means that were fitted with another $Z$ are not the answer.
# The result must be right to $10^{-4}$ again.


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    """Fit the means and ln Z by noise-contrastive estimation.

    Parameters
    ----------
    x : ndarray, shape (n, 2)
        Data.
    y : ndarray, shape (m, 2)
        Noise points.
    means : ndarray, shape (k, 2)
        Where to start.
    log_z : float
        Where to start: logarithm of the normalising constant.

    Returns
    -------
    means : ndarray, shape (k, 2)
        The means that minimise the loss, together with ``log_z``.
    log_z : float
        Logarithm of the normalising constant.
    """
    ### BEGIN SOLUTION
    found = optimize.minimize(nce_loss_z, np.append(means, log_z), args=(x, y))  # BFGS
    return found.x[:-1].reshape(means.shape), found.x[-1]
    ### END SOLUTION


# %% check="test_fit_nce_z" points=1
# The points lie on regular grids, so that the answer does not depend on any draw. When it is graded,
# a fit that minimises your own loss is judged with that loss: a mistake counts once.
quantiles = stats.norm.ppf((np.arange(9) + 0.5) / 9)
lattice = np.stack(np.meshgrid(quantiles, quantiles), axis=2).reshape(-1, 2)  # (81, 2)
x = np.concatenate([lattice + [-1.0, 0.0], lattice + [3.0, 2.0]])
quantiles = stats.norm.ppf((np.arange(12) + 0.5) / 12)
y = 1 + 2 * np.stack(np.meshgrid(quantiles, quantiles), axis=2).reshape(-1, 2)  # (144, 2)
start, start_log_z = np.array([[0.0, 1.0], [2.0, 1.0]]), -0.5
expected = np.array([-0.941523, 0.017043, 2.941523, 1.982957, 2.504128])  # means, then ln Z
arguments = [x.copy(), y.copy(), start.copy()]
result = ask(fit_nce_z, *arguments, start_log_z)
assert_unchanged("x, y, means", [x, y, start], arguments)
means, log_z = as_results(result, "means, log_z")
means = as_numbers(
    means,
    (2, 2),
    "the means of fit_nce_z",
    "One row a mean, and ln Z apart from them, in second place",
    finite=False,
)
log_z = as_numbers(log_z, (), "log_z of fit_nce_z", finite=False)
found = np.append(means, log_z)
carried = False  # when it is graded, whether the fit follows a loss of yours that is wrong
### BEGIN HIDDEN TESTS


def follows_own_loss(found, x, y, start, best):
    """Tell whether a fit minimises the student's own loss, or one built on own earlier functions.

    A loss in which nothing is wrong is passed over: there the ordinary judgement stands.
    """

    def reference(params, p_n=lambda u: stats.norm.logpdf(u, 1, 2).sum(axis=1)):
        means, log_z, log_odds = params[:-1].reshape(-1, 2), params[-1], []
        for u in (x, y):
            parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
            log_odds.append(np.logaddexp.reduce(parts, axis=1) - log_z - p_n(u))
        return -special.log_expit(log_odds[0]).sum() - special.log_expit(-log_odds[1]).sum()

    def own_loss(params):
        return nce_loss_z(params.copy(), x.copy(), y.copy())

    def own_noise(params):
        return reference(params, lambda u: np.asarray(log_noise(u.copy())))

    def own_h(params):
        logs = [np.asarray(log_h(u.copy(), params[:-1].reshape(-1, 2), params[-1])) for u in (x, y)]
        return -(logs[0].sum() + np.log(-np.expm1(logs[1])).sum())

    places = start.astype(float), best, found
    for loss in (own_loss, own_noise, own_h):
        with contextlib.suppress(Exception), quiet():
            values = [loss(place) for place in places]
            if np.allclose(values, [reference(place) for place in places], rtol=1e-6):
                continue
            # A wrong loss may have no lowest point. Sixty iterations go to it, or far down.
            options = {"maxiter": 60}
            low = loss(optimize.minimize(loss, places[0], method="BFGS", options=options).x)
            if values[2] < values[0] and values[2] <= low + 1e-6 * (1 + abs(low)):
                return True
            end = optimize.minimize(loss, places[0], method="BFGS").x
            if np.allclose(found, end, rtol=1e-4, atol=1e-4, equal_nan=True):
                return True
    return False


carried = follows_own_loss(found, x, y, np.append(start, start_log_z), expected)
### END HIDDEN TESTS
if not carried:
    assert_same(
        found,
        expected,
        f"fit_nce_z from {start.tolist()} and ln Z = {start_log_z}, where the means and then ln Z "
        f"should be {expected.tolist()}",
        "Do all of them move together until the loss falls no more, and is it ln Z that goes in and "
        "comes out?",
        rtol=1e-4,
        atol=1e-4,
    )


# %% check="test_fit_nce_z_other_inputs" points=2
# Hidden check: other data (k = 1, 2 and 3, other numbers of points, another order of the start,
# positive and negative start of ln Z, integer and read-only arrays), and that the arguments stay as
# they are.
### BEGIN HIDDEN TESTS
def follows_own_loss(found, x, y, start, best):
    """Tell whether a fit minimises the student's own loss, or one built on own earlier functions.

    A loss in which nothing is wrong is passed over: there the ordinary judgement stands.
    """

    def reference(params, p_n=lambda u: stats.norm.logpdf(u, 1, 2).sum(axis=1)):
        means, log_z, log_odds = params[:-1].reshape(-1, 2), params[-1], []
        for u in (x, y):
            parts = -((u[:, None] - means) ** 2).sum(axis=2) / 2
            log_odds.append(np.logaddexp.reduce(parts, axis=1) - log_z - p_n(u))
        return -special.log_expit(log_odds[0]).sum() - special.log_expit(-log_odds[1]).sum()

    def own_loss(params):
        return nce_loss_z(params.copy(), x.copy(), y.copy())

    def own_noise(params):
        return reference(params, lambda u: np.asarray(log_noise(u.copy())))

    def own_h(params):
        logs = [np.asarray(log_h(u.copy(), params[:-1].reshape(-1, 2), params[-1])) for u in (x, y)]
        return -(logs[0].sum() + np.log(-np.expm1(logs[1])).sum())

    places = start.astype(float), best, found
    for loss in (own_loss, own_noise, own_h):
        with contextlib.suppress(Exception), quiet():
            values = [loss(place) for place in places]
            if np.allclose(values, [reference(place) for place in places], rtol=1e-6):
                continue
            # A wrong loss may have no lowest point. Sixty iterations go to it, or far down.
            options = {"maxiter": 60}
            low = loss(optimize.minimize(loss, places[0], method="BFGS", options=options).x)
            if values[2] < values[0] and values[2] <= low + 1e-6 * (1 + abs(low)):
                return True
            end = optimize.minimize(loss, places[0], method="BFGS").x
            if np.allclose(found, end, rtol=1e-4, atol=1e-4, equal_nan=True):
                return True
    return False


def reference_optimum(x, y, params, known):
    """Return the parameters of the lowest loss, ln Z last; it stays as it is where it is known."""
    free = slice(None, -1 if known else None)
    points = np.concatenate([x, y])
    sign = np.repeat([1.0, -1.0], [len(x), len(y)])
    log_p_noise = stats.norm.logpdf(points, 1, 2).sum(axis=1)

    def loss_and_gradient(part):
        full = np.append(part, params[-1]) if known else part
        differences = points[:, None] - full[:-1].reshape(-1, 2)  # (n + m, k, 2)
        logs = -(differences**2).sum(axis=2) / 2
        total = np.logaddexp.reduce(logs, axis=1)
        ratio = total - full[-1] - log_p_noise
        slope = -sign * special.expit(-sign * ratio)  # of the loss in the ratio
        resp = np.exp(logs - total[:, None])
        gradient = np.einsum("n,nk,nkd->kd", slope, resp, differences)
        loss = -special.log_expit(sign * ratio).sum()
        return loss, np.append(gradient, -slope.sum())[free]

    start = params[free].astype(float)
    options = {"gtol": 1e-7}
    end = optimize.minimize(loss_and_gradient, start, jac=True, method="BFGS", options=options).x
    return np.append(end, params[-1]) if known else end


rng = np.random.default_rng(61)
cases = []
for name, truth, start, log_z, n, m in [
    ("k = 1", [[2.0, 0.0]], [[1.0, 1.0]], -1.0, 120, 120),
    ("k = 2", [[-1.5, 0.0], [3.0, 2.0]], [[-0.5, 1.0], [2.0, 1.0]], -2.0, 160, 200),
    (
        "k = 2, integer start, last mean first",
        [[-1.0, 3], [3, -1]],
        [[2, -1], [-1, 2]],
        4,
        150,
        150,
    ),
    (
        "k = 3, read-only arrays",
        [[-2.0, -1], [1, 4], [4, -1]],
        [[-1.0, -1], [1, 3], [3, 0]],
        0.5,
        180,
        180,
    ),
]:
    truth, start = np.array(truth), np.array(start)
    x = truth[rng.integers(len(truth), size=n)] + rng.normal(size=(n, 2))
    cases.append((name, x, rng.normal(1, 2, (m, 2)), start, log_z))
for name, x, y, start, log_z in cases:
    k = len(start)
    best = reference_optimum(x, y, np.append(start, log_z), known=False)
    arguments = [x.copy(), y.copy(), start.copy()]
    for part in arguments:
        part.setflags(write="read-only" not in name)
    result = ask(fit_nce_z, *arguments, log_z)
    assert_unchanged("x, y, means", [x, y, start], arguments)
    means, end = as_results(result, "means, log_z")
    means = as_numbers(means, (k, 2), f"fit_nce_z, {name}: means", "One row a mean", finite=False)
    found = np.append(means, as_numbers(end, (), f"fit_nce_z, {name}: log_z", finite=False))
    if np.allclose(found, best, rtol=1e-4, atol=1e-4):
        continue
    if follows_own_loss(found, x, y, np.append(start, log_z), best):
        continue
    assert_same(
        found,
        best,
        f"fit_nce_z, {name}, from {start.tolist()} and ln Z = {log_z}: the means, then ln Z",
        "Do all of them move together, from the start given, until the loss falls no more?",
        rtol=1e-4,
        atol=1e-4,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 7: the error of one fit
#
# A fit returns its means in any order, so each estimate is compared with the true mean that is closest to it:
#
# $$
# e = \sum_{k=1}^{K} \min_{l} \, \lVert \hat\mu_k - \mu_l \rVert^2 ,
# $$
#
# where $\hat\mu_k$ are the estimates and $\mu_l$ the true means.
# If two estimates have the same closest true mean, some other true mean has been found by none: the fit has failed.
#
# Return `ok`, which is `False` for a failed fit and `True` otherwise, and the squared error $e$.
# The error is reported for a failed fit too.
# The data are such that no estimate is equally close to two true means.
#
# **Watch out.**
# It is each *estimate* that looks for its closest true mean, and not the other way round.
# Distance counts, not direction.


# %% solution="closest_error"
def closest_error(estimate, truth):
    """Compare estimated means with the closest true ones.

    Parameters
    ----------
    estimate : ndarray, shape (k, 2)
        Estimated means, in any order.
    truth : ndarray, shape (k, 2)
        True means.

    Returns
    -------
    ok : bool
        False when two estimates have the same closest true mean.
    squared_error : float
        Squared distance of each estimate to its closest true mean, summed.
    """
    ### BEGIN SOLUTION
    squares = ((estimate[:, None] - truth) ** 2).sum(axis=2)  # (k, k), rows are estimates
    closest = squares.argmin(axis=1)  # (k,)
    return len(np.unique(closest)) == len(estimate), squares.min(axis=1).sum()
    ### END SOLUTION


# %% check="test_closest_error" points=1
truth = np.array([[0.0, 0.0], [9.0, 0.0]])
cases = [
    ("(9, 2) and (0, -1), in another order than the truth", [[9, 2], [0, -1]], True, 4 + 1),
    ("(1, 0) and (0, 2), both closest to (0, 0)", [[1, 0], [0, 2]], False, 1 + 4),
    ("(6, 0) and (-5, 0), far off, but close to different ones", [[6, 0], [-5, 0]], True, 9 + 25),
]
for name, estimate, expected_ok, expected in cases:
    name = f"true means (0, 0) and (9, 0), estimates {name}"
    result = ask(closest_error, np.array(estimate, dtype=float), truth.copy())
    ok, squared_error = as_results(result, "ok, squared_error")
    ok = as_numbers(ok, (), f"{name}: ok", "One True or False for the fit")
    assert ok == expected_ok, (
        f"{name}: expected ok = {expected_ok}; came {ok}. Does each estimate look for its closest "
        "true mean, and is only a shared one a failure?"
    )
    assert_same(
        squared_error,
        expected,
        f"{name}: squared_error",
        "Squared distances of the estimates to their closest true means, summed, for a failed fit "
        "too?",
    )

# %% check="test_closest_error_other_inputs" points=2
# Hidden check: other inputs (k = 1 to 7, far from the origin, same directions, large errors,
# integer and read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(71)
corners = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
cases = [
    ("k = 1", np.array([[5.0, -2.0]]), np.array([[1.0, 1.0]])),
    ("exact", corners[[2, 0, 3, 1]], corners),
    ("corners, ok", corners[[3, 1, 0, 2]] + rng.normal(0, 0.3, (4, 2)), corners),
    ("corners, one twice", corners[[3, 1, 3, 2]] + rng.normal(0, 0.3, (4, 2)), corners),
    ("corners, all at one", corners[[2, 2, 2, 2]] + rng.normal(0, 0.3, (4, 2)), corners),
    ("equal estimates", corners[[1, 1, 0, 3]] + 0.25, corners),
    ("same directions", np.array([[1.0, 1.1], [8.0, 8.2]]), np.array([[9.0, 9.1], [2.0, 2.1]])),
    ("one direction", np.array([[1.0, 1.2], [2.0, 2.1]]), np.array([[1.0, 1.0], [9.0, 9.0]])),
    ("a mean far away", np.vstack([corners[:3], [[500.0, 700.0]]]), corners),
    ("the best order is ok, the closest are not", np.array([[4.0, 0], [-6, 0]]),
     np.array([[0.0, 0.0], [10, 0]])),
    ("far from the origin", 1e4 + np.array([[0.01, 0.02], [3.0, 0.01]]),
     1e4 + np.array([[3.0, 0.0], [0.0, 0.0]])),
    ("integers", np.array([[9, 2], [0, -1], [4, 4]]), np.array([[0, 0], [4, 5], [9, 0]])),
    ("integers, a failure", np.array([[9, 2], [0, -1], [8, 1]]), np.array([[0, 0], [4, 5], [9, 0]])),
    ("read-only arrays", rng.normal(0, 3, (3, 2)), rng.normal(0, 3, (3, 2))),
]  # fmt: skip
for k in (2, 3, 5, 6, 7):
    truth = rng.normal(0, 4, (k, 2))
    near = rng.permutation(truth) + rng.normal(0, 0.05, (k, 2))
    cases += [
        (f"k = {k}, near", near, truth),
        (f"k = {k}, random", rng.normal(0, 4, (k, 2)), truth),
    ]
for name, estimate, truth in cases:
    squares = [[(a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for b in truth] for a in estimate]
    expected = float(sum(min(row) for row in squares))
    expected_ok = len({row.index(min(row)) for row in squares}) == len(truth)
    arguments = [estimate.copy(), truth.copy()]
    for part in arguments:
        part.setflags(write=name != "read-only arrays")
    result = ask(closest_error, *arguments)
    assert_unchanged("estimate, truth", [estimate, truth], arguments)
    ok, squared_error = as_results(result, "ok, squared_error")
    ok = as_numbers(ok, (), f"{name}: ok", "One True or False for the fit")
    assert ok == expected_ok, (
        f"{name}: estimates {estimate.round(2).tolist()}, true means {truth.round(2).tolist()}: "
        f"expected ok = {expected_ok}; came {ok}"
    )
    assert_same(
        squared_error,
        expected,
        f"{name}: squared_error of the estimates {estimate.round(2).tolist()}, true means "
        f"{truth.round(2).tolist()}",
        "Squared distances of all estimates to their closest true means, summed?",
        atol=1e-12,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 8: the error of many fits
#
# Repeat an experiment many times, and collect a list with one pair `(ok, squared_error)` a run, as `closest_error` returns them.
# The mean squared error is the average over the runs that are ok.
# The others are failures: they are counted, and left out of the average.
# The error of a failed run may be any number, also infinite or not a number.
#
# Return the mean squared error and the number of failures.
# If every run failed, there is nothing to average: return `nan` then (in Python `float("nan")` or `np.nan`), without a warning and without an exception.
# The list holds at least one run.
#
# **Watch out.**
# A failed run is not a run with error 0, and it does not belong into the divisor either.


# %% solution="mse_and_failures"
def mse_and_failures(results):
    """Average the squared errors of the runs that are ok, and count the others.

    Parameters
    ----------
    results : list of (bool, float)
        For each run, whether it is ok, and its squared error.

    Returns
    -------
    mse : float
        Mean squared error of the runs that are ok; nan if there is none.
    n_failures : int
        Number of runs that are not ok.
    """
    ### BEGIN SOLUTION
    errors = [squared_error for ok, squared_error in results if ok]
    mse = sum(errors) / len(errors) if errors else float("nan")
    return mse, len(results) - len(errors)
    ### END SOLUTION


# %% check="test_mse_and_failures" points=1
cases = [
    ([(True, 1.0), (True, 2.0), (True, 6.0)], 3.0, 0),
    ([(True, 1.0), (False, 50.0), (True, 2.0), (True, 6.0)], 3.0, 1),
    ([(False, 50.0), (False, 70.0), (True, 4.0)], 4.0, 2),
]
for runs, expected, expected_failures in cases:
    result = ask(mse_and_failures, list(runs))
    mse, n_failures = as_results(result, "mse, n_failures")
    assert_same(
        mse, expected, f"mse of {runs}", "Failed runs count neither above nor below the line"
    )
    assert_same(n_failures, expected_failures, f"n_failures of {runs}")

# %% check="test_mse_and_failures_all_failed" points=1
for runs in ([(False, 3.0), (False, 4.0)], [(False, 2.5)]):
    result = ask(mse_and_failures, list(runs))
    mse, n_failures = as_results(result, "mse, n_failures")
    mse = as_numbers(mse, (), f"mse of {runs}, where every run failed", finite=False)
    assert np.isnan(mse), f"mse of {runs}, where every run failed: expected nan; came {mse}"
    assert_same(n_failures, len(runs), f"n_failures of {runs}")
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn"):
        warnings.simplefilter("always")
        mse_and_failures(list(runs))
    assert not caught, (
        f"{runs}, where every run failed: expected nan without a warning; came the warning "
        f"'{caught[0].message}'. Is an empty list averaged?"
    )

# %% check="test_mse_and_failures_other_inputs" points=1
# Hidden check: other lists (one run, many runs, failures first and last, errors of failed runs that
# are infinite or not a number, NumPy's booleans, an error of 0), and that the list stays as it is.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(81)
many = list(zip((rng.random(200) < 0.8).tolist(), rng.exponential(2, 200).tolist(), strict=True))
cases = [
    ("one run", [(True, 0.25)]),
    ("one run ok", [(False, 9.0), (True, 0.5), (False, 8.0)]),
    ("an error of 0", [(True, 0.0), (True, 0.5), (False, 3.0)]),
    ("the first and the last failed", [(False, 7.0), (True, 0.5), (True, 1.5), (False, 1.0)]),
    ("small error of a failed run", [(True, 2.0), (False, 1e-3), (True, 3.0)]),
    ("large error of a run that is ok", [(True, 300.0), (True, 0.5), (False, 0.1)]),
    ("200 runs", many),
    ("infinite error of a failed run", [(True, 2.0), (False, float("inf")), (True, 3.0)]),
    ("nan as the error of a failed run", [(True, 2.0), (False, float("nan")), (True, 4.0)]),
    ("NumPy's numbers", [(np.bool_(ok), np.float64(error)) for ok, error in many[:20]]),
    ("integer errors", [(True, 1), (True, 2), (False, 5)]),
]
for name, runs in cases:
    kept = [float(squared_error) for ok, squared_error in runs if bool(ok)]
    before = repr(runs)
    result = ask(mse_and_failures, runs)
    assert repr(runs) == before, f"{name}: the function changed its argument results"
    mse, n_failures = as_results(result, "mse, n_failures")
    assert_same(
        mse,
        sum(kept) / len(kept),
        f"{name}: mse over the {len(kept)} runs of {len(runs)} that are ok",
        "Failed runs are left out, whatever their error is",
    )
    assert_same(n_failures, len(runs) - len(kept), f"{name}: n_failures")
### END HIDDEN TESTS

# %% [markdown]
# ## Question 1: the gradient of the loss (3 points)
#
# Let $G(u) = \ln p_m(u) - \ln p_n(u)$, and let $r_k(u) = e^{-\lVert u - \mu_k \rVert^2/2} \big/ \sum_l e^{-\lVert u - \mu_l \rVert^2/2}$ be the responsibility of component $k$.
#
# 1. Show that $h = 1/(1 + e^{-G})$, and find the derivatives of $\ln h$ and of $\ln(1 - h)$ with respect to $G$.
#    Write them with $h$ only.
# 2. Find the gradient of $G(u)$ with respect to $\mu_k$, and its derivative with respect to $\ln Z$.
# 3. Put both together: write down $\partial L / \partial \mu_k$ and $\partial L / \partial \ln Z$ for the loss of task 3.
#    What does $\partial L / \partial \ln Z = 0$ say about the probabilities $h(x_i)$ and $h(y_j)$ at the estimate?

# %% [markdown] written="derivation_gradient" points=3
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. Dividing numerator and denominator of $h = p_m/(p_m + p_n)$ by $p_m$ gives $h = 1/(1 + p_n/p_m) = 1/(1 + e^{-G})$.
#    So $\ln h = -\ln(1 + e^{-G})$, and
#    $$\frac{\partial \ln h}{\partial G} = \frac{e^{-G}}{1 + e^{-G}} = 1 - h .$$
#    Likewise $1 - h = e^{-G}/(1 + e^{-G}) = 1/(1 + e^{G})$, so $\ln(1 - h) = -\ln(1 + e^{G})$, and
#    $$\frac{\partial \ln(1 - h)}{\partial G} = -\frac{e^{G}}{1 + e^{G}} = -h .$$
# 2. Only $\ln p_m(u) = -\ln Z + \ln \sum_l e^{-\lVert u - \mu_l \rVert^2/2}$ depends on the parameters.
#    Therefore
#    $$\frac{\partial G}{\partial \mu_k} = \frac{e^{-\lVert u - \mu_k \rVert^2/2} \, (u - \mu_k)}{\sum_l e^{-\lVert u - \mu_l \rVert^2/2}} = r_k(u) \, (u - \mu_k), \qquad \frac{\partial G}{\partial \ln Z} = -1 .$$
# 3. By the chain rule, with a minus sign in front of the sums,
#    $$\frac{\partial L}{\partial \mu_k} = -\sum_i \bigl(1 - h(x_i)\bigr) \, r_k(x_i) \, (x_i - \mu_k) + \sum_j h(y_j) \, r_k(y_j) \, (y_j - \mu_k),$$
#    $$\frac{\partial L}{\partial \ln Z} = \sum_i \bigl(1 - h(x_i)\bigr) - \sum_j h(y_j) .$$
#    At the estimate the second is 0: $\sum_j h(y_j) = \sum_i (1 - h(x_i))$.
#    The probability that is wrongly given to *data* at the noise points equals, in sum, the probability that is wrongly given to *noise* at the data points.
#    In other words, $\sum_i h(x_i) + \sum_j h(y_j) = n$: the expected number of points that are taken for data is the number of data points.
#
# **Rubric.**
#
# - 1 point: $h$ as the logistic function of $G$, and both derivatives, $1 - h$ and $-h$.
# - 1 point: $r_k(u)(u - \mu_k)$ and $-1$, with the derivation of the first.
# - 1 point: both derivatives of the loss with the right signs, and a sentence on the balance of the two sums.
# ### END SOLUTION

# %% [markdown]
# ## Question 2: why $Z$ can be estimated (3 points)
#
# 1. Maximum likelihood would minimise $-\sum_i \ln p_m(x_i)$.
#    Show that this has no minimum when $\ln Z$ is a free parameter.
#    Which term of the loss $L$ stops $\ln Z$ from running away in that direction, and why?
# 2. Take $n = m$ and let both grow without bound.
#    Divided by $n$, the loss tends to
#    $$\int \Bigl( -p_d(u) \ln h(u) - p_n(u) \ln \bigl( 1 - h(u) \bigr) \Bigr) \, du ,$$
#    where $p_d$ is the density of the data.
#    Find the value of $h(u)$ that minimises the integrand at a fixed $u$, and conclude what $p_m$ and $Z$ are at the minimum, provided that the model can represent $p_d$.
# 3. Let the mean of the noise be moved from $(1, 1)$ to $(100, 100)$.
#    What are $h(x_i)$ and $h(y_j)$ then, for any means near the data and any $\ln Z$ of ordinary size, and what does that mean for the estimate?

# %% [markdown] written="discussion_normaliser" points=3
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. The sum is $n \ln Z - \sum_i \ln \sum_k e^{-\lVert x_i - \mu_k \rVert^2/2}$.
#    It tends to minus infinity as $\ln Z \to -\infty$: the model may claim any density it likes at the data, since nothing makes it integrate to 1.
#    In $L$ the noise term stops this.
#    As $\ln Z \to -\infty$, $p_m$ grows everywhere, so $h(y_j) \to 1$, and $-\ln(1 - h(y_j)) \to \infty$ grows like $-\ln Z$, while $-\ln h(x_i) \ge 0$ cannot make up for it.
#    (In the other direction, $\ln Z \to \infty$, it is the data term that goes to infinity.)
# 2. For fixed $u$, write $a = p_d(u)$ and $b = p_n(u) > 0$.
#    The derivative of $-a \ln h - b \ln(1 - h)$ with respect to $h$ is $-a/h + b/(1 - h)$, which is 0 for $h = a/(a + b)$; it is negative below and positive above, so this is the minimum.
#    Hence $p_m/(p_m + p_n) = p_d/(p_d + p_n)$ at every $u$, and since $p_n > 0$ everywhere, $p_m = p_d$.
#    The density $p_d$ integrates to 1, so $p_m$ does, and $Z$ is the true normalising constant $2 \pi K$, although normalisation was never imposed.
# 3. Data and noise no longer overlap.
#    Near the data $p_n$ is practically 0, so $h(x_i)$ is 1 up to rounding; near the noise $p_m$ is practically 0, so $h(y_j)$ is 0 up to rounding.
#    This holds for all such parameters: the loss is practically 0 and flat, its gradient is made of factors $1 - h(x_i)$ and $h(y_j)$ that vanish, and the data say nothing about the parameters.
#    The estimate stays near its start, or its variance is huge.
#    Good noise lies where the data are.
#
# **Rubric.**
#
# - 1 point: the likelihood without bound as $\ln Z \to -\infty$, and the noise term named with the reason ($h(y_j) \to 1$).
# - 1 point: the minimiser $p_d/(p_d + p_n)$, derived, and the conclusion $p_m = p_d$ with $Z$ the right one.
# - 1 point: $h(x_i) \approx 1$ and $h(y_j) \approx 0$ whatever the parameters, so that the loss is flat and the estimate poorly determined.
# ### END SOLUTION

# %% [markdown]
# ## The fits and their error
#
# The data are 1,000 points from the four-corner mixture, with means $(0,0)$, $(0,3)$, $(3,0)$ and $(3,3)$; the noise has 1,000 points as well.
# On the left $Z$ is known, in the middle it is estimated; the true value is $8 \pi$.
# On the right you see a small study: ten fits with known $Z$ at each of three sizes, with fresh data, noise and starts.
# Theory says that for many points the mean squared error falls like one over their number, a line of slope $-1$ on these axes.
# The cell takes a few seconds, and longer if your loss loops over the points.

# %% given="figure"
from mixcore import datasets, plotting

data = datasets.load("four_corners")
truth = data.truth.means
rng = np.random.default_rng(3)
y = rng.normal(1, 2, (1000, 2))
start, start_z = rng.uniform(0, 3, (4, 2)), rng.uniform(0.1, 1)
known = np.asarray(fit_nce(data.x, y, start))
unknown, log_z = fit_nce_z(data.x, y, start, np.log(start_z))

sizes, mse = np.array([100, 200, 400]), []
for size in sizes:
    results = []
    for _ in range(10):
        corner = truth[rng.integers(4, size=size)]
        x = corner + rng.normal(size=(size, 2))
        noise_points = rng.normal(1, 2, (size, 2))
        found = np.asarray(fit_nce(x, noise_points, rng.uniform(0, 3, (4, 2))))
        results.append(closest_error(found, truth))
    error, n_failures = mse_and_failures(results)
    mse.append(error)
    print(f"J = {size}: mean squared error {error:.3f}, {n_failures} of 10 fits failed")

blue, orange = plotting.component_colours(2)
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 4.2), layout="constrained")
for ax, means, title in [(left, known, "Z known"), (middle, np.asarray(unknown), "Z estimated")]:
    ax.plot(*y.T, "x", color=orange, markersize=3, alpha=0.5, label="noise")
    ax.plot(*data.x.T, ".", color=blue, markersize=3, alpha=0.5, label="data")
    for one, other in zip(start, means, strict=True):
        ax.plot(*np.transpose([one, other]), color="black", linewidth=1)
    look = {"color": "black", "linestyle": "none", "markeredgecolor": "black", "markersize": 9}
    ax.plot(*start.T, "^", **look | {"markerfacecolor": "white"}, label="start")
    ax.plot(
        *means.T, "*", **look | {"markerfacecolor": "white", "markersize": 13}, label="estimate"
    )
    ax.plot(*truth.T, "+", color="black", markersize=16, markeredgewidth=2, label="true means")
    ax.set(xlabel="u₁", ylabel="u₂", title=title, aspect="equal", xlim=(-5, 7), ylim=(-5, 7))
left.legend(loc="lower left", fontsize=8)
right.loglog(sizes, mse, "o-", color=blue, label="mean squared error")
level = np.exp(np.mean(np.log(mse * sizes)))
right.loglog(sizes, level / sizes, "--", color="#555555", label="slope −1")
right.set(xlabel="number of data points J", ylabel="mean squared error", title="Z known")
right.set_xticks(sizes, [str(size) for size in sizes])
right.set_yticks([0.2, 0.5, 1, 2], ["0.2", "0.5", "1", "2"])
right.minorticks_off()
right.legend()
plt.show()
print(f"estimated Z: {np.exp(log_z):.2f}; true Z = 8 pi = {8 * np.pi:.2f}")
