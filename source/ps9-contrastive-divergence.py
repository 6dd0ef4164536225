# ---
# jupyter:
#   course:
#     notebook: contrastive_divergence
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Maximum likelihood by sampling, and contrastive divergence
#
# You fit the means of a mixture without ever using its normalising constant.
# You write the gradient and the update, then three fits that differ in one thing only: where the synthetic points come from.
# The first draws them directly, the second walks to them with long Langevin chains, the third, contrastive divergence (CD), with short chains from the data.
# Then you compare the estimates with the truth, and at the end you see all three fits side by side.
#
# ## How to work
#
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - After your submission further checks run on other inputs: other numbers of points and components, extreme values, integer arrays.
# - A function never changes the arrays it is given.
# - All randomness comes from the generator `rng`. Set no seed, and make no generator of your own.
# - A cell may take a few seconds. Work on whole arrays: a Python loop over the points or the chains is too slow for the fits.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $K$ | number of components, at least 1 | `k` | number |
# | $\mu_i$ | mean of component $i$ | `means[i]` | `means` has `(k, 2)` |
# | $n$ | number of real points | `len(x_real)` | number |
# | $x_j$ | real point number $j$ | `x_real[j]` | `x_real` has `(n, 2)` |
# | $m$ | number of synthetic points; the fits use 100 | `len(x_model)` | number |
# | $y_j$ | synthetic point number $j$ | `x_model[j]` | `x_model` has `(m, 2)` |
# | $r_i(x)$ | responsibility: the probability that component $i$ produced $x$ | | number |
# | $\eta$ | learning rate | `eta` | number |
# | $t$ | number of the step; $\mu^{(0)}$ is the start | `history[t]` | `history` has `(n_steps + 1, k, 2)` |
# | $\varepsilon$ | step size of the Langevin chains: 0.005, so that $\sqrt{2\varepsilon} = 0.1$ | `epsilon` | number |
#
# The model is the mixture of $K$ Gaussians in the plane with equal weights and the covariance $I$, the unit matrix:
#
# $$
# p_\mu(x) = \frac1Z \sum_{i=1}^K \exp\!\left( -\tfrac12 \lVert x - \mu_i \rVert^2 \right) .
# $$
#
# So $\sigma = 1$ everywhere.
# Logarithms are natural.

# %% given="imports"
import contextlib
import itertools
import time

import matplotlib.pyplot as plt
import numpy as np
from scipy import optimize, special, stats

# %% given="checking"
from checking import as_numbers, ask, assert_same, assert_unchanged, quiet

# %% [markdown]
# ## Given: the sampler, and how random results are judged
#
# `mala` is the Metropolis-adjusted Langevin algorithm of assignment 8, written for speed.
# A hundred chains of 1,000 steps take it about 30 ms.
# You may use it in every task, or your own.
#
# Your fits are random, so no check can ask for certain numbers.
# `same_law` compares many first steps of your fit with those of a right one: their average, their overall spread, and their spread in each direction.
# A right fit fails a check by bad luck less than once in 100,000 times, and the seeds are fixed, so the verdict is the same in every run.


# %% given="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    """Run the Metropolis-adjusted Langevin algorithm on an equal-weight mixture, many chains.

    Parameters
    ----------
    x : ndarray, shape (n, 2)
        Starts, one chain from each row. The array is not changed.
    means : ndarray, shape (k, 2)
        Means of the components.
    sigma : float
        Standard deviation of each coordinate in each component.
    epsilon : float
        Factor of the score in a step; the noise has the standard deviation sqrt(2 epsilon).
    n_steps : int
        Number of steps.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    x : ndarray, shape (n, 2)
        State of each chain after the last step.
    acceptance_rate : float
        Share of accepted proposals over all chains and steps.
    """
    means = np.asarray(means, dtype=float)
    half_squares = 0.5 * (means**2).sum(axis=1)[:, None]  # (k, 1)
    with_ones = np.vstack([means.T, np.ones(len(means))])  # (3, k)

    def evaluate(points):
        """Stack points (2, n), score (2, n) and log-density up to a constant (1, n)."""
        state = np.empty((5, points.shape[1]))
        state[:2] = points
        logs = (means @ points - half_squares) / sigma**2  # (k, n)
        top = logs.max(axis=0)
        sums = with_ones @ np.exp(logs - top)  # (3, n)
        state[2:4] = (sums[:2] / sums[2] - points) / sigma**2
        state[4] = top + np.log(sums[2]) - 0.5 * (points[0] ** 2 + points[1] ** 2) / sigma**2
        return state

    state = evaluate(np.array(x, dtype=float).T)
    n = state.shape[1]
    n_accepted = 0
    for _ in range(n_steps):
        noise = rng.standard_normal((2, n))
        new = evaluate(state[:2] + epsilon * state[2:4] + np.sqrt(2 * epsilon) * noise)
        back = (state[:2] - new[:2] - epsilon * new[2:4]) ** 2
        # log p(new) q(x | new) - log p(x) q(new | x)
        log_ratio = new[4] - state[4] - (back[0] + back[1]) / (4 * epsilon)
        log_ratio += 0.5 * (noise[0] ** 2 + noise[1] ** 2)
        accepted = -rng.standard_exponential(n) < log_ratio  # each chain decides alone
        np.copyto(state, new, where=accepted)
        n_accepted += np.count_nonzero(accepted)
    return state[:2].T.copy(), n_accepted / (n_steps * n)


# %% given="same_law"
def same_law(steps, reference):
    """Compare the random steps of a fit with those of a right one.

    Parameters
    ----------
    steps : array_like, shape (n, k, 2)
        Steps of the fit that is judged, independent of each other.
    reference : array_like, shape (m, k, 2)
        Steps of a right fit.

    Returns
    -------
    str
        Empty if both may have the same law, otherwise what differs. For Gaussian steps of the same
        law it is empty with a probability above 1 - 1e-6.
    """
    steps, reference = np.array(steps, dtype=float), np.array(reference, dtype=float)
    if steps.shape[1:] != reference.shape[1:]:
        return f"a step has the shape {steps.shape[1:]}, expected {reference.shape[1:]}"
    if not np.isfinite(steps).all():
        return "some means are not finite"
    (n, k, _), m = steps.shape, len(reference)
    right_mean = reference.mean(axis=0)
    flat, right = ((s - right_mean).reshape(len(s), 2 * k) for s in (steps, reference))
    off_average = (
        f"the average step is {np.round(steps.mean(axis=0), 4).tolist()}, "
        f"expected {np.round(right_mean, 4).tolist()}"
    )
    # In units of the right standard deviations, along the axes of the right covariance; where
    # right steps do not vary, the steps must be the same.
    variances, axes = np.linalg.eigh(np.cov(right.T))
    tiny = 1e-8 * (1 + np.abs(right_mean).max())
    varies = variances > tiny**2
    if np.abs(flat @ axes[:, ~varies]).max(initial=0) > 100 * tiny:
        return off_average
    p = varies.sum()
    if p == 0:
        return ""
    flat = flat @ axes[:, varies] / np.sqrt(variances[varies])  # (n, p)
    # Hotelling's test of the average.
    statistic = np.sum(flat.mean(axis=0) ** 2) / (1 / n + 1 / m)
    if not stats.f.sf(statistic * (m - p) / (p * (m - 1)), p, m - p) > 1e-7:
        return off_average
    # The overall spread.
    ratio = flat.var(axis=0, ddof=1).mean() * (m - p - 2) / (m - 1)
    law = stats.f(p * (n - 1), p * (m - 1))
    if not min(law.sf(ratio), law.cdf(ratio)) > 1e-8:
        return f"the variance of the steps is {ratio:.3g} times what it should be"
    # The spread of each coordinate, and of the sum over the components.
    for i in range(k + 1):
        name = f"mean {i}" if i < k else "the sum of the means"
        for c in range(2):
            one, right = (s[:, i, c] if i < k else s[:, :, c].sum(1) for s in (steps, reference))
            ratio = (one.var(ddof=1) + tiny**2) / (right.var(ddof=1) + tiny**2)
            law = stats.f(n - 1, m - 1)
            if not min(law.sf(ratio), law.cdf(ratio)) > 1e-8:
                return (
                    f"in coordinate {c} of {name} the variance of the steps is {ratio:.3g} times "
                    "what it should be"
                )
    return ""


# %% [markdown]
# ## Task 1: the gradient with respect to the means
#
# The constant $Z$ does not appear in the responsibilities:
#
# $$
# r_i(x) = \frac{\exp(-\tfrac12 \lVert x - \mu_i \rVert^2)}{\sum_{l=1}^K \exp(-\tfrac12 \lVert x - \mu_l \rVert^2)} .
# $$
#
# In this model $Z = 2 \pi K$ does not depend on the means, and the gradient of the log-density at the point $x$ with respect to $\mu_i$ is
#
# $$
# f_i(x) = \nabla_{\mu_i} \log p_\mu(x) = r_i(x) \, (x - \mu_i) .
# $$
#
# Return the average of $f_i$ over the points `x`, for every $i$.
# The result has shape `(k, 2)`, one row a component.
#
# **Watch out.**
# It is an average over *all* points, not a weighted mean: divide by their number, not by the sum of the responsibilities.
# The responsibilities of one point sum to 1.
# Far from every mean all exponentials are 0 in floating point, and $0/0$ is not a number.
# Your result must be right there too.


# %% solution="mean_gradient"
def mean_gradient(x, means):
    """Return the average gradient of the log-density with respect to the means.

    Parameters
    ----------
    x : ndarray, shape (n, 2)
        Points, at least one.
    means : ndarray, shape (k, 2)
        Means of the components.

    Returns
    -------
    ndarray, shape (k, 2)
        Average over the points; row i belongs to mean i.
    """
    ### BEGIN SOLUTION
    differences = x[:, None] - means  # (n, k, 2)
    resp = special.softmax(-0.5 * (differences**2).sum(axis=2), axis=1)  # (n, k)
    return (resp[:, :, None] * differences).mean(axis=0)
    ### END SOLUTION


# %% check="test_mean_gradient" points=1
x = np.array([[1.0, 2.0], [3.0, -2.0], [5.0, 6.0], [-1.0, 0.0]])
for what, hint, means, expected in [
    (
        "one component",
        "Its responsibility is 1, which leaves the average of x minus the mean. Average or sum? Point "
        "minus mean, or mean minus point?",
        np.array([[0.5, 1.0]]),
        [[1.5, 0.5]],
    ),
    (
        "two equal components",
        "Each responsibility is 1/2. Do the responsibilities of one point sum to 1? Do you divide by "
        "the number of points?",
        np.array([[0.5, 1.0], [0.5, 1.0]]),
        [[0.75, 0.25], [0.75, 0.25]],
    ),
    (
        "means far apart",
        "All four points belong to the second mean only, and the average runs over all of them. "
        "Nothing is divided by the sum of the responsibilities",
        np.array([[40.0, 30.0], [0.5, 1.0], [-30.0, 30.0]]),
        [[0.0, 0.0], [1.5, 0.5], [0.0, 0.0]],
    ),
    (
        "means (0, 2) and (4, 2), one point",
        "At (1, 2) the squares of the distances are 1 and 9, so the responsibilities are in the ratio "
        "1 to exp(-4)",
        np.array([[0.0, 2.0], [4.0, 2.0]]),
        None,
    ),
]:
    points = x
    if expected is None:
        share = 1 / (1 + np.exp(-4.0))
        points, expected = x[:1], [[share, 0.0], [-3 * (1 - share), 0.0]]
    value = ask(mean_gradient, points.copy(), means.copy())
    assert_same(value, expected, f"{what}: average gradient", hint, atol=1e-12)

# %% check="test_mean_gradient_other_inputs" points=2
# Hidden check: other inputs (k = 1 to 9, n = 1, n = k, integer arrays, arrays that cannot be
# written to), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(11)
cases = [
    (f"n = {n}, k = {k}", rng.normal(0, 2, (n, 2)), rng.normal(0, 2, (k, 2)))
    for n, k in [(7, 3), (12, 4), (5, 9), (40, 2), (6, 1), (4, 4), (2, 2), (1, 5), (1, 1)]
]
cases += [
    ("integers", np.array([[3, -2], [0, 1], [5, 5]]), np.array([[0, 0], [4, 3]])),
    ("integers, one point", np.array([[2, 1]]), np.array([[1, 0], [0, 3], [2, 2]])),
    ("a point on a mean", np.array([[1.0, 2.0]]), np.array([[1.0, 2.0], [2.0, 2.0]])),
    ("equal means", rng.normal(0, 2, (6, 2)), np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 2.0]])),
]
for name, x, means in cases:
    n, k = len(x), len(means)
    expected = np.zeros((k, 2))
    for point in x:
        densities = np.array([np.exp(-0.5 * np.sum((point - mean) ** 2)) for mean in means])
        for i in range(k):
            expected[i] += densities[i] / densities.sum() * (point - means[i]) / n
    arguments = [x.copy(), means.copy()]
    value = ask(mean_gradient, *arguments)
    assert_unchanged("x, means", (x, means), arguments)
    assert_same(
        value,
        expected,
        f"{name}: average gradient",
        "The average over the points of responsibility times (point - mean): over which axis do the "
        "responsibilities sum to 1, and over which do you average?",
        atol=1e-12,
    )
    for argument in arguments:
        argument.flags.writeable = False
    assert_same(
        ask(mean_gradient, *arguments),
        expected,
        f"{name}, arrays that cannot be written to: average gradient",
        "The second call gave another result than the first",
        atol=1e-12,
    )
### END HIDDEN TESTS

# %% check="test_mean_gradient_far_points" points=1
# Hidden check: points far from every mean, means far apart, and everything far from the origin.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(12)
for name, x, means in [
    (
        "far points",
        np.array([[60.0, 0.0], [-900.0, 40.0], [3.0, 5000.0]]),
        rng.normal(0, 2, (3, 2)),
    ),
    ("one far point", np.array([[300.0, -400.0]]), np.array([[0.0, 0.0], [0.02, 0.01], [-1, 4]])),
    ("one component", np.array([[1e6, -1e6], [50.0, 50.0]]), np.array([[1.0, 2.0]])),
    (
        "far apart",
        np.array([[500.0, 1.0], [0.3, -600.0], [-490.0, 3.0]]),
        np.array([[500.0, 0.0], [0.0, 500.0], [-500.0, 0.0], [0.0, -500.0]]),
    ),
    (
        "far from the origin",
        np.array([1000.0, -800.0]) + rng.normal(0, 2, (8, 2)),
        np.array([1000.0, -800.0]) + rng.normal(0, 2, (4, 2)),
    ),
    ("halfway", np.array([[0.0, 100.0]]), np.array([[-70.0, 0.0], [70.0, 0.0]])),
]:
    expected = np.zeros(means.shape)
    for point in x:
        logs = [-0.5 * np.sum((point - mean) ** 2) for mean in means]
        shares = np.exp(np.array(logs) - max(logs))
        expected += shares[:, None] / shares.sum() * (point - means) / len(x)
    assert_same(
        ask(mean_gradient, x.copy(), means.copy()),
        expected,
        f"{name}: average gradient",
        "Do all exponentials underflow there? What can be taken out of numerator and denominator "
        "before exp? Nothing may be added or cut off",
        atol=1e-9,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the update
#
# In most models of this form $Z$ depends on the parameters and cannot be computed.
# Then the gradient of the average log-likelihood is a difference of two averages of the same function: over the data, and over the model.
# You derive this in a question below.
# The average over the model is estimated with synthetic points.
# One step of gradient ascent is
#
# $$
# \mu_i^{\text{new}} = \mu_i + \eta \left( \frac1n \sum_{j=1}^n f_i(x_j) - \frac1m \sum_{j=1}^m f_i(y_j) \right) ,
# $$
#
# with $x_j$ the rows of `x_real`, $y_j$ the rows of `x_model`, and both averages at the means that are given.
# Return the new means, of shape `(k, 2)`.
#
# **Watch out.**
# There need not be as many synthetic points as real ones.
# The means that are given stay as they are, and they may be integers.


# %% solution="update"
def update(means, x_real, x_model, eta):
    """Return the means after one step of gradient ascent.

    Parameters
    ----------
    means : ndarray, shape (k, 2)
        Current means.
    x_real : ndarray, shape (n, 2)
        Real points.
    x_model : ndarray, shape (m, 2)
        Synthetic points.
    eta : float
        Learning rate.

    Returns
    -------
    ndarray, shape (k, 2)
        New means.
    """
    ### BEGIN SOLUTION
    return means + eta * (mean_gradient(x_real, means) - mean_gradient(x_model, means))
    ### END SOLUTION


# %% check="test_update" points=1
# One component: both averages are easy, and the step is eta times the difference of the averages.
x_real = np.array([[2.0, 1.0], [4.0, 3.0], [6.0, 2.0]])  # average (4, 2)
x_model = np.array([[1.0, 0.0], [2.0, 1.0]])  # average (1.5, 0.5)
value = ask(update, np.array([[1.0, -1.0]]), x_real.copy(), x_model.copy(), 0.5)
value = as_numbers(value, (1, 2), "one component: new means", "One row for each mean?")


def one_component(gradient):
    """Return the new mean for a gradient."""
    mean = np.array([[1.0, -1.0]])
    return mean + 0.5 * (np.asarray(gradient(x_real, mean)) - np.asarray(gradient(x_model, mean)))


right = np.allclose(value, [[2.25, -0.25]], rtol=1e-8)
with contextlib.suppress(Exception), quiet():
    right = right or np.allclose(value, one_component(mean_gradient), rtol=1e-8)
assert right, (
    "one component at (1, -1), eta = 0.5, averages (4, 2) and (1.5, 0.5): expected "
    f"(1 + 0.5 * 2.5, -1 + 0.5 * 1.5) = (2.25, -0.25); came {value.tolist()}. "
    "Data minus model? Averages, each over its own points? The new means, not the step alone?"
)

# When the synthetic points are the real ones, nothing moves.
means = np.array([[0.0, 0.0], [3.0, 1.0]])
assert_same(
    ask(update, means.copy(), x_real.copy(), x_real.copy(), 2.0),
    means,
    "x_model equal to x_real: new means",
    "Then the two averages are the same, and the means stay where they are",
    atol=1e-12,
)


# %% check="test_update_other_inputs" points=2
# Hidden check: other inputs (k = 1 to 5, one point, many more real points than synthetic ones,
# negative and whole eta, integer arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def reference_gradient(x, means):
    differences = np.asarray(x, dtype=float)[:, None] - means  # (n, k, 2)
    resp = special.softmax(-0.5 * (differences**2).sum(axis=2), axis=1)
    return (resp[:, :, None] * differences).mean(axis=0)


rng = np.random.default_rng(21)
cases = [
    (f"k = {k}, {n} real and {m} synthetic points, eta = {eta}",
     rng.normal(0, 2, (k, 2)), rng.normal(1, 2, (n, 2)), rng.normal(0, 2, (m, 2)), eta)
    for k, n, m, eta in [
        (4, 50, 8, 1.0), (2, 3, 30, 0.3), (5, 6, 6, 4), (1, 9, 4, 2.5),
        (3, 1, 1, 0.7), (1, 1, 7, 1), (3, 5, 11, -0.4), (2, 6, 3, 0.0),
    ]
]  # fmt: skip
cases += [
    ("integers", np.array([[0, 0], [2, 1]]), np.array([[3, 1], [1, 0], [2, 2]]),
     np.array([[0, 1], [-1, 2]]), 1),
    ("integer means", np.array([[1, 0], [2, 2], [0, 3]]), rng.normal(0, 2, (6, 2)),
     rng.normal(0, 2, (4, 2)), 0.25),
]  # fmt: skip
for name, means, x_real, x_model, eta in cases:
    arguments = [means.copy(), x_real.copy(), x_model.copy()]
    ask(update, *arguments, eta)
    assert_unchanged("means, x_real, x_model", (means, x_real, x_model), arguments)
    for argument in arguments:
        argument.flags.writeable = False
    value = ask(update, *arguments, eta)
    value = as_numbers(value, means.shape, f"{name}: new means", "One row for each mean?")
    expected, right = None, False
    # The right gradient first; then the student's own, since a mistake there counts there.
    for gradient in (reference_gradient, globals().get("mean_gradient")):
        with contextlib.suppress(Exception), quiet():
            step = np.asarray(gradient(x_real.copy(), means.copy())) - np.asarray(
                gradient(x_model.copy(), means.copy())
            )
            expected = means + eta * step if expected is None else expected
            right = right or np.allclose(value, means + eta * step, rtol=1e-8, atol=1e-10)
    assert right, (
        f"{name}: expected {np.round(expected, 6).tolist()}; came {np.round(value, 6).tolist()}. "
        "Is it means + eta * (average over the real points - average over the synthetic points), "
        "each at the means that are given?"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: maximum likelihood by direct sampling
#
# Start from the means that are given and take `n_steps` steps.
# In each step:
#
# 1. draw 100 synthetic points from the mixture *at the current means*: for each point a component, all equally likely, then the point from that component;
# 2. update the means with all real points and these 100 synthetic points.
#
# Return the history of the means, of shape `(n_steps + 1, k, 2)`, with the start first.
#
# **Watch out.**
# The number of points from each component is random too.
# The synthetic points come from the current estimate, not from the start, and not from the truth, which no fit knows.
# Draw new points in every step.


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    """Fit the means by gradient ascent, with synthetic points drawn directly from the model.

    Parameters
    ----------
    x_real : ndarray, shape (n, 2)
        Real points.
    means : ndarray, shape (k, 2)
        Means to start from.
    n_steps : int
        Number of steps, at least 1.
    eta : float
        Learning rate.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    ndarray, shape (n_steps + 1, k, 2)
        Means before the first step and after each step.
    """
    ### BEGIN SOLUTION
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        components = rng.integers(len(means), size=100)
        x_model = means[components] + rng.standard_normal((100, 2))
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
    ### END SOLUTION


# %% check="test_fit_direct" points=1
# One component, so that a step is easy: eta times (average of the real points - average of the
# 100 synthetic ones). The synthetic average is near the current mean, with a noise of 0.1.
x_real = np.array([[2.0, 1.0], [4.0, 3.0], [6.0, 2.0], [4.0, -6.0]])  # average (4, 0)
start = np.array([[24.0, -14.0]])
history, again, other = (
    as_numbers(
        ask(fit_direct, x_real.copy(), start.copy(), 3, 0.5, np.random.default_rng(seed)),
        (4, 1, 2),
        "3 steps, one mean: history",
        "The start and the means after each step?",
    ).astype(float)
    for seed in (1, 1, 2)
)
assert_same(
    history[0],
    start,
    "first entry of the history",
    "It is the start, before any step",
    rtol=1e-12,
)
assert np.array_equal(history, again), (
    "the same seed gave two different histories. Draw everything from rng"
)
verdicts = []
far = (
    "one component, eta = 0.5, average of the data (4, 0): expected each step to go half-way from "
    f"the current mean to (4, 0), up to a noise of 0.05; came {np.round(history, 2).tolist()}. "
    "Are the synthetic points drawn from the mixture at the current means? Averages or sums? "
    "Is the sign right, and eta there?"
)
rules = [
    lambda mean, y: mean + 0.5 * (x_real.mean(axis=0) - y.mean(axis=0)),
    lambda mean, y: np.asarray(update(mean.copy(), x_real.copy(), y, 0.5)),
    lambda mean, y: (
        mean + 0.5 * (np.asarray(mean_gradient(x_real, mean)) - np.asarray(mean_gradient(y, mean)))
    ),
]
for rule in rules:
    # For each step: where 60 right steps from the same means would end.
    with contextlib.suppress(Exception), quiet():
        rng = np.random.default_rng(3)
        noise = rng.standard_normal((60, 100, 2))
        ends = np.array([[rule(history[t], history[t] + y) for y in noise] for t in range(3)])
        noises = history[1:] - ends.mean(axis=1)
        near = np.all(np.abs(noises) <= 9 * ends.std(axis=1) + 1e-9)
        same_step = np.array_equal(history[1], other[1])
        same_noise = np.allclose(noises[0], noises[1], rtol=1e-3, atol=0)
        if not near:
            verdicts.append(far)
        elif ends.std(axis=1).max() > 1e-9 and same_step:
            verdicts.append(
                "two different seeds gave the same step. Draw from rng, and set no seed inside"
            )
        elif ends.std(axis=1).max() > 1e-9 and same_noise:
            verdicts.append(
                "the noise of the synthetic points is the same in every step. "
                "Draw new points in each step"
            )
        else:
            verdicts.append("")
assert "" in verdicts, verdicts[0]


# %% check="test_fit_direct_distribution" points=2
# Hidden check: the distribution of the first step, over many calls: average, variance and
# covariance, with 2 and with 4 components; only rng is used; the arguments stay as they are.
### BEGIN HIDDEN TESTS
# How sharp it is. A right fit is refused with a probability below 1e-6 (same_law: one test of the
# average at 1e-7, one of the overall variance at 2e-8, 2k + 2 of single variances at 2e-8 each; two
# settings together below 1e-6). With the same number of points from each component, the variance of
# the sum of the means falls to 0.63 of its value: log(0.63) is -0.46, its standard error with
# 1,000 steps and 6,000 reference steps is 0.048, so the test at 5.6 standard errors misses it with
# a probability of 1e-4. Everything else in the bank is farther away.
def reference_gradient(x, means):
    differences = x[..., None, :] - means  # (..., n, k, 2)
    resp = special.softmax(-0.5 * (differences**2).sum(axis=-1), axis=-1)
    return (resp[..., None] * differences).mean(axis=-3)


def reference_update(means, x_real, x_model, eta):
    real = reference_gradient(np.asarray(x_real, dtype=float), means)
    return means + eta * (real - reference_gradient(x_model, means))


def with_own_gradient(means, x_real, x_model, eta):
    step = np.asarray(mean_gradient(x_real, means)) - np.asarray(mean_gradient(x_model, means))
    return means + eta * step


def own_update(means, x_real, x_model, eta):
    return np.asarray(update(means, x_real, x_model, eta), dtype=float)


# Arguments that can be written to stay as they are, and integers are as good as floats.
arguments = [np.array([[5, 5], [-3, 0], [2, -4]]), np.array([[0, 0], [1, -2]])]
x_real, start = (argument.copy() for argument in arguments)
floats = [x_real.astype(float), start.astype(float)]
whole = ask(fit_direct, *arguments, 6, 2, np.random.default_rng(33))
same = ask(fit_direct, *(part.copy() for part in floats), 6, 2.0, np.random.default_rng(33))
assert_unchanged("x_real, means", (x_real, start), arguments)
hint = "The start and the means after each step?"
# Means that run away by a mistake in an earlier function may overflow here; that is for its check.
whole = as_numbers(whole, (7, 2, 2), "integers, 6 steps: history", hint, finite=False)
same = as_numbers(same, (7, 2, 2), "two means, 6 steps: history", hint, finite=False)
assert np.allclose(whole, same, rtol=1e-8, atol=1e-10, equal_nan=True), (
    "integer data and means gave another history than the same numbers as floats, from the same "
    "seed. Does an array take over the integer type of an argument, or is not all drawn from rng?"
)
ask(fit_direct, *floats, 2, 0.5, np.random.default_rng(34))
assert_unchanged("x_real, means", (x_real, start), floats)

for name, x_real, start, eta, n_calls, seed in [
    (
        "two overlapping components",
        np.array([[1.0, 5.0], [2.5, 3.0], [-2.0, 2.0], [4.0, -1.0], [0.5, 0.5]]),
        np.array([[0.4, 2.0], [2.4, 2.0]]),
        0.7,
        1000,
        31,
    ),
    (
        "four components",
        np.array([[5, 5], [-3, 0], [2, -4], [8, 1], [0, 0], [1, 2]]),
        np.array([[0, 0], [1, -2], [7, 3], [-2, 4]]),
        3,
        150,
        32,
    ),
]:
    k = len(start)
    np.random.seed(4321)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    rng = np.random.default_rng(seed)
    arguments = [x_real.copy(), start.copy()]
    for argument in arguments:
        argument.flags.writeable = False
    fits = [
        as_numbers(
            ask(fit_direct, *arguments, 1, eta, rng),
            (2, k, 2),
            f"{name}, one step: history",
            "The start and the means after each step?",
        )
        for _ in range(n_calls)
    ]
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "the function used or seeded NumPy's global generator (np.random.something). Use rng only"
    )
    fits = np.array(fits, dtype=float)
    assert np.allclose(fits[:, 0], start, rtol=1e-12), f"{name}: the first entry must be the start"
    steps = fits[:, 1] - fits[:, 0]

    reference_rng = np.random.default_rng(seed + 500)
    components = reference_rng.integers(k, size=(6000, 100))
    sets = start[components] + reference_rng.standard_normal((6000, 100, 2))
    differs = same_law(steps, reference_update(start, x_real, sets, eta) - start)
    # The right steps first; then the student's own functions, since a mistake there counts there.
    for rule in (own_update, with_own_gradient):
        if differs:
            with contextlib.suppress(Exception), quiet():
                ends = np.array(
                    [rule(start.copy(), x_real.copy(), y.copy(), eta) for y in sets[:1000]]
                )
                differs = differs if same_law(steps, ends - start) else ""
    assert not differs, (
        f"{name}, {n_calls} calls with one step: {differs}. 100 points in a step, each from a "
        "component drawn at random, at the current means, with the standard deviation 1?"
    )
### END HIDDEN TESTS


# %% check="test_fit_direct_long_run" points=1
# Hidden check: over 400 steps the means hover around the maximum-likelihood answer.
### BEGIN HIDDEN TESTS
# With eta = 1 the means hover around the answer with a variance of eta / (m (2 - eta * lambda)), and
# lambda, an eigenvalue of the information of one point, is at most 1/2: a standard deviation of 0.08
# in each coordinate. Neighbours in time depend on each other with (1 - lambda)^t, so the average
# over 300 steps has one of 0.1 / sqrt(300) / lambda^(1/2), about 0.008 (measured in 200 fits: 0.009
# at most). The bound 0.08 is nearly 9 of them away.
def reference_gradient(x, means):
    differences = x[..., None, :] - means  # (..., n, k, 2)
    resp = special.softmax(-0.5 * (differences**2).sum(axis=-1), axis=-1)
    return (resp[..., None] * differences).mean(axis=-3)


def reference_update(means, x_real, x_model, eta):
    return means + eta * (reference_gradient(x_real, means) - reference_gradient(x_model, means))


def own_update(means, x_real, x_model, eta):
    return np.asarray(update(means, x_real, x_model, eta), dtype=float)


def with_own_gradient(means, x_real, x_model, eta):
    step = np.asarray(mean_gradient(x_real, means)) - np.asarray(mean_gradient(x_model, means))
    return means + eta * step


x_real = np.random.default_rng(35).standard_normal((40, 2))
x_real[:22] += [-3.0, 1.0]
x_real[22:] += [3.0, -0.5]
start = np.array([[-1.0, -1.0], [1.0, 2.0]])
history = as_numbers(
    ask(fit_direct, x_real.copy(), start.copy(), 400, 1.0, np.random.default_rng(36)),
    (401, 2, 2),
    "two means, 400 steps: history",
    "The start and the means after each step?",
    finite=False,  # see below: a mistake in an earlier function may drive the means away
)
assert_same(
    history[0], start, "first entry of the history", "It is the start, before any step", atol=1e-8
)
average = history[101:].mean(axis=0)

# Gradient ascent without noise: in this model the average over the model is 0.
best = start
for _ in range(2000):
    best = best + reference_gradient(x_real, best)
near = np.all(np.abs(average - best) < 0.08)
# The right steps first; then the student's own functions, since a mistake there counts there.
for rule in (own_update, with_own_gradient):
    if not near:
        with contextlib.suppress(Exception), quiet():
            # Every tenth step must be one that the student's own functions may take from there.
            rng, follows = np.random.default_rng(536), []
            for t in range(0, 400, 10):
                now, then = history[t], history[t + 1]
                if not np.abs([now, then]).max() < 1e6:
                    break
                sets = now[rng.integers(2, size=(20, 100))] + rng.standard_normal((20, 100, 2))
                ends = np.array([rule(now.copy(), x_real.copy(), y.copy(), 1.0) for y in sets])
                gap = np.abs(then - ends.mean(axis=0))
                follows.append(np.all(gap <= 15 * ends.std(axis=0) + 1e-9))
            near = bool(follows) and all(follows)
assert near, (
    f"400 steps with eta = 1: expected the average of the last 300 means near the "
    f"maximum-likelihood answer {np.round(best, 2).tolist()}; came "
    f"{np.round(average, 2).tolist()}. "
    "Does every step start at the means of the step before, data minus model?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: maximum likelihood by MCMC
#
# Now pretend that you cannot draw from the model directly.
# In each step:
#
# 1. draw 100 starts from the Gaussian $\mathcal N\bigl( (1.5, 1.5), 2 I \bigr)$;
# 2. run 100 MALA chains of 1,000 steps from them, one from each start, on the mixture *at the current means*, with $\varepsilon = 0.005$, so that the noise has the standard deviation $\sqrt{2 \varepsilon} = 0.1$;
# 3. update the means with all real points and the last states of the 100 chains.
#
# Return the history as in task 3.
#
# **Watch out.**
# The Gaussian of the starts has the *variance* 2 in each coordinate; `rng.normal` wants a standard deviation.
# The chains start anew in every step: they do not continue where the last step left them.


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    """Fit the means by gradient ascent, with synthetic points from long Langevin chains.

    Parameters
    ----------
    x_real : ndarray, shape (n, 2)
        Real points.
    means : ndarray, shape (k, 2)
        Means to start from.
    n_steps : int
        Number of steps, at least 1.
    eta : float
        Learning rate.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    ndarray, shape (n_steps + 1, k, 2)
        Means before the first step and after each step.
    """
    ### BEGIN SOLUTION
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = rng.normal(1.5, np.sqrt(2), size=(100, 2))
        x_model, _ = mala(x_model, means, 1.0, 0.005, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
    ### END SOLUTION


# %% check="test_fit_mcmc" points=1
# One component again. Chains forget their start by the factor (1 - 0.005)^1000 = 0.0067, so the
# synthetic average is near the current mean, with a noise of 0.1.
x_real = np.array([[2.0, 1.0], [4.0, 3.0], [6.0, 2.0], [4.0, -6.0]])  # average (4, 0)
start = np.array([[24.0, -14.0]])
history, again, other = (
    as_numbers(
        ask(fit_mcmc, x_real.copy(), start.copy(), n_steps, 0.5, np.random.default_rng(seed)),
        (n_steps + 1, 1, 2),
        f"n_steps = {n_steps}, one mean: history",
        "The start and the means after each step?",
    ).astype(float)
    for n_steps, seed in [(2, 1), (2, 1), (1, 2)]
)
assert_same(
    history[0],
    start,
    "first entry of the history",
    "It is the start, before any step",
    rtol=1e-12,
)
assert np.array_equal(history, again), (
    "the same seed gave two different histories. Draw everything from rng"
)
verdicts = []
far = (
    "one component, eta = 0.5, average of the data (4, 0): expected each step to go half-way from "
    f"the current mean to (4, 0), up to a noise of 0.05; came {np.round(history, 2).tolist()}. "
    "Do the chains walk on the mixture at the current means? 1,000 steps, epsilon = 0.005? "
    "Averages or sums? Is the sign right, and eta there?"
)
rules = [
    lambda mean, y: mean + 0.5 * (x_real.mean(axis=0) - y.mean(axis=0)),
    lambda mean, y: np.asarray(update(mean.copy(), x_real.copy(), y, 0.5)),
    lambda mean, y: (
        mean + 0.5 * (np.asarray(mean_gradient(x_real, mean)) - np.asarray(mean_gradient(y, mean)))
    ),
]
for rule in rules:
    # For each step: where 60 right steps from the same means would end.
    with contextlib.suppress(Exception), quiet():
        rng = np.random.default_rng(3)
        noise = rng.standard_normal((60, 100, 2))
        centres = history[:-1] + 0.995**1000 * (1.5 - history[:-1])  # (2, 1, 2)
        ends = np.array([[rule(history[t], centres[t] + y) for y in noise] for t in range(2)])
        noises = history[1:] - ends.mean(axis=1)
        near = np.all(np.abs(noises) <= 9 * ends.std(axis=1) + 1e-9)
        same_step = np.array_equal(history[1], other[1])
        same_noise = np.allclose(noises[0], noises[1], rtol=1e-3, atol=0)
        if not near:
            verdicts.append(far)
        elif ends.std(axis=1).max() > 1e-9 and same_step:
            verdicts.append(
                "two different seeds gave the same step. Draw from rng, and set no seed inside"
            )
        elif ends.std(axis=1).max() > 1e-9 and same_noise:
            verdicts.append(
                "the noise of the synthetic points is the same in every step. "
                "Run new chains in each step"
            )
        else:
            verdicts.append("")
assert "" in verdicts, verdicts[0]


# %% check="test_fit_mcmc_chains" points=2
# Hidden check: where the chains start, how many they are and how long they walk; only rng is used;
# integer arrays; the arguments stay as they are.
### BEGIN HIDDEN TESTS
# How it works. Six means stand on the far side of the plane, 4,000 from the chains' starts, and
# arranged so that the borders between them are five parallel lines through the cloud of starts.
# A chain walks to the mean of the stripe in which it starts, and after 1,000 steps it is still
# 4000 * 0.995^1000 = 26.6 short of it. So a step shows how many chains started in each stripe, and
# how far each has walked; a linear regression on it gives the variance of the starts across the
# stripes. Two directions of the stripes are used, 400 starts each.
# How sharp it is (from a million simulated verdicts). A right fit: same_law refuses it with a
# probability below 1e-6 in each direction, the test of the variance at 5.7 with one below 1e-7. With
# the standard deviation 2 the variance is 11.0 standard errors off, give or take 1.1, with the
# variance 1 it is 10.2, give or take 0.7: missed with a probability below 1e-5. A walk of 980 or
# 1,020 steps changes the 26.6 by 2.7, against a noise of 0.05.
def reference_gradient(x, means):
    differences = x[..., None, :] - means  # (..., n, k, 2)
    resp = special.softmax(-0.5 * (differences**2).sum(axis=-1), axis=-1)
    return (resp[..., None] * differences).mean(axis=-3)


def reference_update(means, x_real, x_model, eta):
    return means + eta * (reference_gradient(x_real, means) - reference_gradient(x_model, means))


def own_update(means, x_real, x_model, eta):
    return np.asarray(update(means, x_real, x_model, eta), dtype=float)


def with_own_gradient(means, x_real, x_model, eta):
    step = np.asarray(mean_gradient(x_real, means)) - np.asarray(mean_gradient(x_model, means))
    return means + eta * step


# Arguments that can be written to stay as they are, and integers are as good as floats.
arguments = [np.array([[5, 5], [-3, 0], [2, -4]]), np.array([[0, 0], [1, -2]])]
x_real, start = (argument.copy() for argument in arguments)
floats = [x_real.astype(float), start.astype(float)]
one = ask(fit_mcmc, *arguments, 1, 2, np.random.default_rng(43))
two = ask(fit_mcmc, *floats, 1, 2.0, np.random.default_rng(43))
assert_unchanged("x_real, means", (x_real, start), arguments)
assert_unchanged("x_real, means", (x_real, start), floats)
hint = "The start and the means after each step?"
# Means that run away by a mistake in an earlier function may overflow here; that is for its check.
one = as_numbers(one, (2, 2, 2), "n_steps = 1, integers: history", hint, finite=False)
two = as_numbers(two, (2, 2, 2), "n_steps = 1: history", hint, finite=False)
assert np.allclose(one, two, rtol=1e-6, atol=1e-8, equal_nan=True), (
    "integer data and means gave another history than the same numbers as floats, from the same "
    "seed. Does an array take over the integer type of an argument, or is not all drawn from rng?"
)

# The average and the standard deviation of the starts exchanged, 1.414 and 1.5, is too small a change
# for the stripes below. So that mistake is known by its numbers: to nine digits they are those of a
# fit that makes it. No right fit comes so near by chance, in whatever order it draws. (With a walk of
# one's own instead of the given mala the mistake is not seen.)
exchanged = np.full((2, 2), np.nan)
with contextlib.suppress(Exception), quiet():
    rng = np.random.default_rng(43)
    ends, _ = mala(rng.normal(np.sqrt(2), 1.5, (100, 2)), start, 1.0, 0.005, 1000, rng)
    exchanged = reference_update(start, x_real, ends, 2.0)
assert not np.allclose(two[1], exchanged, rtol=1e-9, atol=1e-9), (
    "the starts of the chains: expected the average 1.5 and the standard deviation sqrt(2) in each "
    "coordinate; came the average sqrt(2) and the standard deviation 1.5. Which argument of the "
    "generator's method is which?"
)

settings = []
for angle, seed in [(0.5, 41), (0.5 + np.pi / 2, 42)]:
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-np.sin(angle), np.cos(angle)])
    borders = np.array([-1.7, -0.8, 0.0, 0.8, 1.7])
    sideways = 100 * (np.arange(6) - 2.5)
    # The border between two means lies at equal distance from both.
    height = 200 * np.concatenate([[0], np.cumsum(borders)]) - sideways**2
    far = np.sqrt(4000.0**2 + height - height.mean())
    start = 1.5 + far[:, None] * along + sideways[:, None] * across
    x_real = start + np.array([[1, -2], [0.5, 3], [-4, 1], [2, 2], [0, -1.5], [3, 0]])
    np.random.seed(4321)  # noqa: NPY002
    before = np.random.get_state()  # noqa: NPY002
    rng = np.random.default_rng(seed)
    arguments = [x_real.copy(), start.copy()]
    for argument in arguments:
        argument.flags.writeable = False
    fits = [
        as_numbers(
            ask(fit_mcmc, *arguments, 1, 2.0, rng), (2, 6, 2), "six means, one step: history", hint
        )
        for _ in range(4)
    ]
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
        "the function used or seeded NumPy's global generator (np.random.something). Use rng only"
    )
    fits = np.array(fits, dtype=float)
    reference_rng = np.random.default_rng(seed + 500)
    starts = reference_rng.normal(1.5, np.sqrt(2), (2000, 100, 2))
    distances = ((starts[:, :, None] - start) ** 2).sum(axis=-1)
    goals = start[distances.argmin(axis=-1)]
    sets = goals + 0.995**1000 * (starts - goals) + reference_rng.standard_normal(starts.shape)
    variances = (((starts - 1.5) @ across) ** 2).mean(axis=1)  # (2000,)
    settings.append((x_real, start, fits[:, 1] - start, sets, variances))


def judge(rule, n_sets):
    """Return what differs from right steps, in each direction and in both together."""
    gaps = []
    for x_real, start, steps, sets, variances in settings:
        if rule is reference_update:
            reference = rule(start, x_real, sets, 2.0) - start
        else:
            ends = [rule(start.copy(), x_real.copy(), y.copy(), 2.0) for y in sets[:n_sets]]
            reference = np.array(ends) - start
        differs = same_law(steps, reference)
        if differs:
            return differs
        features = np.column_stack([np.ones(n_sets), reference.reshape(n_sets, 12)])
        slopes = np.linalg.lstsq(features, variances[:n_sets], rcond=None)[0]
        right = features @ slopes
        found = slopes[0] + steps.reshape(4, 12) @ slopes[1:]
        error = right.std() * np.sqrt(1 / 4 + 1 / n_sets) + 1e-9
        gaps.append((found.mean() - right.mean()) / error)
    gap = np.sum(gaps) / np.sqrt(2)
    if not abs(gap) < 5.7:
        return f"the starts of the chains are spread too {'wide' if gap > 0 else 'little'}"
    return ""


differs = judge(reference_update, 2000)
# The right steps first; then the student's own functions, since a mistake there counts there.
for rule in (own_update, with_own_gradient):
    if differs:
        with contextlib.suppress(Exception), quiet():
            differs = differs if judge(rule, 500) else ""
assert not differs, (
    f"six means far away, 8 calls with one step: {differs}. 100 chains of 1,000 steps with "
    "epsilon = 0.005? Do they start at (1.5, 1.5), with the variance 2 in each coordinate?"
)

# Two means so far out that a chain is still 2,661 short of its mean after 1,000 steps, with a noise
# of 1. So one step shows the length of the walk, and the share of the chains at each mean, which is a
# multiple of 1/100. Steps for neighbouring numbers lie 53 apart, with a noise below 0.3. A right fit
# is refused with a probability below 1e-6: 9 of its standard deviations, estimated from 20 sets.
start = 1.5 + 4e5 * np.array([[-0.6, 0.8], [0.6, -0.8]])
x_real = start + np.array([[1.0, 2.0], [0.0, -1.0]])
fit = ask(fit_mcmc, x_real.copy(), start.copy(), 1, 2.0, np.random.default_rng(45))
fit = as_numbers(fit, (2, 2, 2), "two means, one step: history", hint, finite=False)
step = fit[1] - start
goals = start[(np.arange(100) < np.arange(20, 81)[:, None, None]).astype(int)]  # (61, 1, 100, 2)
noise = np.random.default_rng(545).standard_normal((61, 20, 100, 2))
sets = goals + 0.995**1000 * (1.5 - goals) + noise
near = False
for rule in (reference_update, own_update, with_own_gradient):
    if not near:
        with contextlib.suppress(Exception), quiet():
            if rule is reference_update:
                ends = rule(start, x_real, sets, 2.0) - start
            else:
                ends = [rule(start.copy(), x_real.copy(), y, 2.0) for y in sets.reshape(-1, 100, 2)]
                ends = np.reshape(ends, (61, 20, 2, 2)) - start
            gaps = np.abs(step - ends.mean(axis=1)) - 9 * ends.std(axis=1)
            lost = np.isnan(step) & np.isnan(ends).all(axis=1)  # by an earlier function
            near = np.any(np.all((gaps <= 1e-3) | lost, axis=(1, 2)))
assert near, (
    "two means very far away, one step: the step does not fit to 100 chains of 1,000 steps. Count "
    "the chains, and the steps of each: is there one too many, or one too few?"
)
### END HIDDEN TESTS


# %% check="test_fit_mcmc_equilibrium" points=2
# Hidden check: at close means, the chains have the distribution of the model after their walk.
### BEGIN HIDDEN TESTS
# How sharp it is. Chains that forget the proposal density, take one direction of it only or turn
# the ratio round follow another density, of half the variance or less. Its average gradient is
# 1.18 standard errors of 100 points away in each of 10 calls: the noncentrality of Hotelling's
# statistic is 10 * 14 = 140 against the limit 38, so it is missed with a probability below 1e-5. A
# right fit is refused with a probability below 1e-6. (One decision for all 100 chains changes
# nothing that could be seen here: 0.9999 of all proposals are accepted. test_fit_cd_chains sees it.)
def reference_gradient(x, means):
    differences = x[..., None, :] - means  # (..., n, k, 2)
    resp = special.softmax(-0.5 * (differences**2).sum(axis=-1), axis=-1)
    return (resp[..., None] * differences).mean(axis=-3)


def reference_update(means, x_real, x_model, eta):
    return means + eta * (reference_gradient(x_real, means) - reference_gradient(x_model, means))


def own_update(means, x_real, x_model, eta):
    return np.asarray(update(means, x_real, x_model, eta), dtype=float)


def with_own_gradient(means, x_real, x_model, eta):
    step = np.asarray(mean_gradient(x_real, means)) - np.asarray(mean_gradient(x_model, means))
    return means + eta * step


x_real = np.array([[3.0, 0.0], [0.5, 4.0], [2.0, 2.0], [1.0, 0.0]])
start = 1.5 + 0.6 * np.array([[-0.8, -0.6], [0.8, 0.6]])
rng = np.random.default_rng(44)
fits = [
    as_numbers(
        ask(fit_mcmc, x_real.copy(), start.copy(), 1, 1.5, rng),
        (2, 2, 2),
        "two means, one step: history",
        "The start and the means after each step?",
    )
    for _ in range(10)
]
fits = np.array(fits, dtype=float)
steps = fits[:, 1] - start
# After 1,000 steps at close means the chains are as good as direct draws.
reference_rng = np.random.default_rng(544)
components = reference_rng.integers(2, size=(1000, 100))
sets = start[components] + reference_rng.standard_normal((1000, 100, 2))
differs = same_law(steps, reference_update(start, x_real, sets, 1.5) - start)
# The right steps first; then the student's own functions, since a mistake there counts there.
for rule in (own_update, with_own_gradient):
    if differs:
        with contextlib.suppress(Exception), quiet():
            ends = np.array([rule(start.copy(), x_real.copy(), y, 1.5) for y in sets])
            differs = differs if same_law(steps, ends - start) else ""
assert not differs, (
    f"two close means, 10 calls with one step: {differs}. Is the walk MALA, with both proposal "
    "densities in the ratio? All real points in one average, the 100 last states in the other?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: contrastive divergence
#
# Contrastive divergence starts its chains at the data and lets them walk only a little.
# If the model were right, the data would already be distributed like the model, and short chains would change nothing on average.
# In each step:
#
# 1. draw 100 of the real points with `rng`, with or without replacement;
# 2. run 100 MALA chains of 10 steps from these points, on the mixture *at the current means*, with $\varepsilon = 0.005$;
# 3. update the means: the data average is taken over *these same 100 real points*, the model average over the last states of the chains.
#
# Return the history as in task 3.
#
# **Watch out.**
# Each chain ends close to its start, and the noise of the two averages nearly cancels.
# It does so only when the two averages belong to the same points.
# There are at least 100 real points.


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    """Fit the means by contrastive divergence with chains of 10 steps.

    Parameters
    ----------
    x_real : ndarray, shape (n, 2)
        Real points, at least 100.
    means : ndarray, shape (k, 2)
        Means to start from.
    n_steps : int
        Number of steps, at least 1.
    eta : float
        Learning rate.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    ndarray, shape (n_steps + 1, k, 2)
        Means before the first step and after each step.
    """
    ### BEGIN SOLUTION
    x_real = np.asarray(x_real, dtype=float)
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        chosen = rng.choice(x_real, size=100, replace=False)
        x_model, _ = mala(chosen, means, 1.0, 0.005, 10, rng)
        history.append(update(means, chosen, x_model, eta))
    return np.array(history)
    ### END SOLUTION


# %% check="test_fit_cd" points=1
# One component, and all real points at the same place (4, 0). In 10 steps a chain goes the part
# 1 - 0.995^10 = 0.049 of the way from (4, 0) to the mean, with a noise of 0.31.
x_real = np.tile([4.0, 0.0], (150, 1))
start = np.array([[24.0, -14.0]])
history, again, other = (
    as_numbers(
        ask(fit_cd, x_real.copy(), start.copy(), 3, 10.0, np.random.default_rng(seed)),
        (4, 1, 2),
        "3 steps, one mean: history",
        "The start and the means after each step?",
    ).astype(float)
    for seed in (1, 1, 2)
)
assert_same(
    history[0],
    start,
    "first entry of the history",
    "It is the start, before any step",
    rtol=1e-12,
)
assert np.array_equal(history, again), (
    "the same seed gave two different histories. Draw everything from rng"
)
verdicts = []
first = start + 10 * (1 - 0.995**10) * (x_real[0] - start)
far = (
    "one component, all real points at (4, 0), eta = 10: expected each step to go 0.49 of the way "
    f"from the current mean to (4, 0), at first to about {np.round(first[0], 1).tolist()}, up to a "
    f"noise of 0.3; came {np.round(history, 2).tolist()}. Do the chains start at real points, and "
    "walk 10 steps with epsilon = 0.005 on the mixture at the current means? Averages or sums?"
)
rules = [
    lambda mean, x, y: mean + 10 * (x.mean(axis=0) - y.mean(axis=0)),
    lambda mean, x, y: np.asarray(update(mean.copy(), x.copy(), y, 10.0)),
    lambda mean, x, y: (
        mean + 10 * (np.asarray(mean_gradient(x, mean)) - np.asarray(mean_gradient(y, mean)))
    ),
]
for rule in rules:
    # For each step: where 60 right steps from the same means would end.
    with contextlib.suppress(Exception), quiet():
        rng = np.random.default_rng(3)
        noise = 0.309 * rng.standard_normal((60, 100, 2))
        centres = history[:-1] + 0.995**10 * (x_real[0] - history[:-1])  # (3, 1, 2)
        ends = np.array(
            [[rule(history[t], x_real[:100], centres[t] + y) for y in noise] for t in range(3)]
        )
        noises = history[1:] - ends.mean(axis=1)
        near = np.all(np.abs(noises) <= 9 * ends.std(axis=1) + 1e-9)
        same_step = np.array_equal(history[1], other[1])
        same_noise = np.allclose(noises[0], noises[1], rtol=1e-3, atol=0)
        if not near:
            verdicts.append(far)
        elif ends.std(axis=1).max() > 1e-9 and same_step:
            verdicts.append(
                "two different seeds gave the same step. Draw from rng, and set no seed inside"
            )
        elif ends.std(axis=1).max() > 1e-9 and same_noise:
            verdicts.append(
                "the noise of the synthetic points is the same in every step. "
                "Run new chains in each step"
            )
        else:
            verdicts.append("")
assert "" in verdicts, verdicts[0]


# %% check="test_fit_cd_same_points" points=2
# Hidden check: the distribution of the first step when the real points lie in groups: which points
# are drawn, and that both averages belong to the same ones; only rng is used; integer arrays; the
# arguments stay as they are.
### BEGIN HIDDEN TESTS
# How it works. Four groups of real points lie 35 away from the nearest of three means. In 10 steps a
# chain from there moves 1.7 towards its mean. The noise of a step is 0.01 to 0.02 from the walk, and
# about 0.06 from the number of points drawn in each group.
# How sharp it is (measured over 1,500 steps). A data average over all points, or over another 100,
# keeps the average step, but multiplies every variance by 300 at least. Always the same 100 points
# leave 0.12 of it at most. With 300 calls, same_law refuses ratios outside 0.59 to 1.59. Drawing
# without replacement instead of with it gives 0.975, far inside. A right fit is refused with a
# probability below 1e-6. The walk itself is judged by test_fit_cd_chains.
def reference_gradient(x, means):
    differences = x[..., None, :] - means  # (..., n, k, 2)
    resp = special.softmax(-0.5 * (differences**2).sum(axis=-1), axis=-1)
    return (resp[..., None] * differences).mean(axis=-3)


def reference_update(means, x_real, x_model, eta):
    return means + eta * (reference_gradient(x_real, means) - reference_gradient(x_model, means))


def own_update(means, x_real, x_model, eta):
    return np.asarray(update(means, x_real, x_model, eta), dtype=float)


def with_own_gradient(means, x_real, x_model, eta):
    step = np.asarray(mean_gradient(x_real, means)) - np.asarray(mean_gradient(x_model, means))
    return means + eta * step


start = np.array([[0, 0], [90, 20], [10, 100]])
groups = np.array([[28, -21], [-21, 28], [69, 48], [38, 121]])
rng = np.random.default_rng(51)
# Whole numbers, the groups one after the other.
x_real = groups[np.repeat([0, 1, 2, 3], [800, 1000, 1400, 800])] + rng.integers(-1, 2, (4000, 2))
# Arguments that can be written to stay as they are, and integers are as good as floats.
arguments = [x_real.copy(), start.copy()]
floats = [x_real.astype(float), start.astype(float)]
one = ask(fit_cd, *arguments, 4, 3, np.random.default_rng(53))
two = ask(fit_cd, *floats, 4, 3.0, np.random.default_rng(53))
assert_unchanged("x_real, means", (x_real, start), arguments)
assert_unchanged("x_real, means", (x_real, start), floats)
hint = "The start and the means after each step?"
# Means that run away by a mistake in an earlier function may overflow here; that is for its check.
one = as_numbers(one, (5, 3, 2), "n_steps = 4, integers: history", hint, finite=False)
two = as_numbers(two, (5, 3, 2), "n_steps = 4: history", hint, finite=False)
assert np.allclose(one, two, rtol=1e-8, atol=1e-8, equal_nan=True), (
    "integer data and means gave another history than the same numbers as floats, from the same "
    "seed. Does an array take over the integer type of an argument, or is not all drawn from rng?"
)

np.random.seed(4321)  # noqa: NPY002
before = np.random.get_state()  # noqa: NPY002
arguments = [x_real.copy(), start.copy()]
for argument in arguments:
    argument.flags.writeable = False
rng = np.random.default_rng(52)
fits = [
    as_numbers(
        ask(fit_cd, *arguments, 2, 3, rng),
        (3, 3, 2),
        "three means, two steps: history",
        hint,
        finite=False,
    )
    for _ in range(300)
]
after = np.random.get_state()  # noqa: NPY002
assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
    "the function used or seeded NumPy's global generator (np.random.something). Use rng only"
)
fits = np.array(fits, dtype=float)
as_numbers(fits[:, 1], (300, 3, 2), "300 calls: means after the first step")
steps = fits[:, 1] - start

reference_rng = np.random.default_rng(552)
chosen = x_real[reference_rng.integers(len(x_real), size=(2000, 100))].astype(float)
nearest = ((chosen[:, :, None] - start) ** 2).sum(axis=-1).argmin(axis=-1)
goals = start[nearest]
# So far out every proposal is accepted, and a chain is an autoregression of the first order.
noise = np.sqrt(0.01 * (1 - 0.995**20) / (1 - 0.995**2))
sets = goals + 0.995**10 * (chosen - goals) + noise * reference_rng.standard_normal(chosen.shape)
differs = same_law(steps, reference_update(start, chosen, sets, 3) - start)
# The right steps first; then the student's own functions, since a mistake there counts there.
for rule in (own_update, with_own_gradient):
    if differs:
        with contextlib.suppress(Exception), quiet():
            pairs = zip(chosen[:800], sets[:800], strict=True)
            ends = np.array([rule(start.copy(), x.copy(), y.copy(), 3) for x, y in pairs])
            differs = differs if same_law(steps, ends - start) else ""
assert not differs, (
    f"real points in four groups, first steps of 300 calls: {differs}. Do the chains start at 100 "
    "points drawn at random from all real points? Is the data average taken over these same 100 "
    "points?"
)
# The second step depends on the first only through the means: the correlation is -0.04, with a
# standard error of 0.06. With the same 100 points in both steps it is 0.8 and more.
first, second = steps[:, 0, 0], fits[:, 2, 0, 0] - fits[:, 1, 0, 0]
with quiet():
    correlation = np.corrcoef(first, second)[0, 1]
assert not correlation > 0.4, (
    f"the first and the second step are correlated: expected about 0, came {correlation:.2f}. Draw "
    "100 real points anew in each step"
)

# Two groups of equal real points, so far from their means that one step shows the share of the
# chains in each group, a multiple of 1/100: steps for neighbouring numbers lie 587 apart, with a
# noise below 0.1. A right fit is refused with a probability below 1e-6: 9 of its standard
# deviations, estimated from 20 sets.
start = np.array([[-4e5, 2.0], [4e5, 3.0]])
places = np.array([[-5.0, 1.0], [5.0, 2.0]])
fit = ask(fit_cd, np.repeat(places, 120, axis=0), start.copy(), 1, 3.0, np.random.default_rng(55))
fit = as_numbers(fit, (2, 2, 2), "two means, one step: history", hint, finite=False)
step = fit[1] - start
groups = (np.arange(100) < np.arange(20, 81)[:, None, None]).astype(int)  # (61, 1, 100)
chosen = np.repeat(places[groups], 20, axis=1).reshape(-1, 100, 2)
goals = np.repeat(start[groups], 20, axis=1).reshape(-1, 100, 2)
sets = goals + 0.995**10 * (chosen - goals)
sets += noise * np.random.default_rng(555).standard_normal(sets.shape)
near = False
for rule in (reference_update, own_update, with_own_gradient):
    if not near:
        with contextlib.suppress(Exception), quiet():
            if rule is reference_update:
                ends = rule(start, chosen, sets, 3.0)
            else:
                pairs = zip(chosen, sets, strict=True)
                ends = [rule(start.copy(), x.copy(), y.copy(), 3.0) for x, y in pairs]
            ends = np.reshape(ends, (61, 20, 2, 2)) - start
            gaps = np.abs(step - ends.mean(axis=1)) - 9 * ends.std(axis=1)
            lost = np.isnan(step) & np.isnan(ends).all(axis=1)  # by an earlier function
            near = np.any(np.all((gaps <= 1e-3) | lost, axis=(1, 2)))
assert near, (
    "two groups of real points very far from two means, one step: the step does not fit to 100 "
    "chains of 10 steps. Count the points that you draw, and the steps of each chain"
)
### END HIDDEN TESTS


# %% check="test_fit_cd_chains" points=2
# Hidden check: the chains themselves, where proposals are often rejected: each chain decides
# alone, by the right ratio.
### BEGIN HIDDEN TESTS
# How it works. All real points lie on the ridge half-way between two means at a distance of 72,
# where the score changes so fast that MALA rejects one proposal in 13.
# How sharp it is. The average step of one call is off by so many standard errors, squared: without
# rejection, or with the proposal density in the forward direction only, 9; without any proposal
# density 11; with the ratio of the proposal densities turned round 12; with it in the backward
# direction only 590; with one decision for all chains 1,700. With 100 calls the noncentrality of
# Hotelling's statistic is 900 at least, against the limit 39: missed with a probability below 1e-9.
# A right fit is refused with a probability below 1e-6.
def reference_gradient(x, means):
    differences = x[..., None, :] - means  # (..., n, k, 2)
    resp = special.softmax(-0.5 * (differences**2).sum(axis=-1), axis=-1)
    return (resp[..., None] * differences).mean(axis=-3)


def reference_update(means, x_real, x_model, eta):
    return means + eta * (reference_gradient(x_real, means) - reference_gradient(x_model, means))


def own_update(means, x_real, x_model, eta):
    return np.asarray(update(means, x_real, x_model, eta), dtype=float)


def with_own_gradient(means, x_real, x_model, eta):
    step = np.asarray(mean_gradient(x_real, means)) - np.asarray(mean_gradient(x_model, means))
    return means + eta * step


def reference_mala(x, means, rng):
    def log_density_and_score(points):
        squares = ((points[:, None] - means) ** 2).sum(axis=2)
        resp = special.softmax(-0.5 * squares, axis=1)
        return special.logsumexp(-0.5 * squares, axis=1), resp @ means - points

    log_density, score = log_density_and_score(x)
    for _ in range(10):
        new = x + 0.005 * score + 0.1 * rng.standard_normal(x.shape)
        new_log_density, new_score = log_density_and_score(new)
        forward = ((new - x - 0.005 * score) ** 2).sum(axis=1)
        backward = ((x - new - 0.005 * new_score) ** 2).sum(axis=1)
        log_ratio = new_log_density - log_density + (forward - backward) / 0.02
        accepted = np.log(rng.random(len(x))) < log_ratio
        x = np.where(accepted[:, None], new, x)
        score = np.where(accepted[:, None], new_score, score)
        log_density = np.where(accepted, new_log_density, log_density)
    return x


start = np.array([[-35.0, 2.0], [37.0, 2.0]])
x_real = np.tile([1.0, 1.0], (200, 1))
rng = np.random.default_rng(54)
fits = [
    as_numbers(
        ask(fit_cd, x_real.copy(), start.copy(), 1, 2.0, rng),
        (2, 2, 2),
        "two means, one step: history",
        "The start and the means after each step?",
    )
    for _ in range(100)
]
fits = np.array(fits, dtype=float)
steps = fits[:, 1] - start
with quiet():
    sets = reference_mala(np.tile([1.0, 1.0], (80000, 1)), start, np.random.default_rng(554))
sets = sets.reshape(800, 100, 2)
differs = same_law(steps, reference_update(start, x_real[:100], sets, 2.0) - start)
# The right steps first; then the student's own functions, since a mistake there counts there.
for rule in (own_update, with_own_gradient):
    if differs:
        with contextlib.suppress(Exception), quiet():
            ends = np.array([rule(start.copy(), x_real[:100].copy(), y.copy(), 2.0) for y in sets])
            differs = differs if same_law(steps, ends - start) else ""
assert not differs, (
    f"real points half-way between two far means, 100 calls with one step: {differs}. Is the walk "
    "MALA, with both proposal densities in the ratio, and does each chain decide alone?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: the error after matching
#
# Component 1 of a fit need not be component 1 of the truth: a mixture does not change when its components are renumbered.
# So an estimate $\hat\mu_1, \dots, \hat\mu_K$ is compared with the truth $\mu_1, \dots, \mu_K$ in the best order:
#
# $$
# \min_s \sum_{i=1}^K \lVert \hat\mu_{s(i)} - \mu_i \rVert^2 ,
# $$
#
# where $s$ runs over all permutations of the components.
# Return this number.
# Here $K$ is at most 7.
# `itertools.permutations` or `scipy.optimize.linear_sum_assignment` may help.
#
# **Watch out.**
# Taking the closest free estimate for one true mean after the other is not enough.
# Two true means may not share an estimate.


# %% solution="matched_error"
def matched_error(estimate, truth):
    """Return the squared error of the means under the best matching.

    Parameters
    ----------
    estimate : ndarray, shape (k, 2)
        Estimated means, in any order.
    truth : ndarray, shape (k, 2)
        True means.

    Returns
    -------
    float
        Smallest total squared distance over all permutations.
    """
    ### BEGIN SOLUTION
    squares = ((truth[:, None] - estimate) ** 2).sum(axis=2)  # (k, k)
    return float(squares[optimize.linear_sum_assignment(squares)].sum())
    ### END SOLUTION


# %% check="test_matched_error" points=1
truth = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 9.0]])
for what, hint, estimate, true_means, expected in [
    (
        "the true means in another order",
        "Each estimate has its own true mean, wherever it stands",
        truth[[2, 0, 1]],
        truth,
        0.0,
    ),
    (
        "each mean is off by (1, 2)",
        "3 * (1 + 4): the sum of the squares, not their average, and no square root",
        truth[[1, 0, 2]] + [1.0, 2.0],
        truth,
        15.0,
    ),
    (
        "estimates (4, 0) and (-6, 0), truth (0, 0) and (10, 0)",
        "36 + 36: taking the closest estimate first gives 16 + 256",
        np.array([[4.0, 0.0], [-6.0, 0.0]]),
        np.array([[0.0, 0.0], [10.0, 0.0]]),
        72.0,
    ),
    (
        "two estimates near the same true mean",
        "Each estimate is used once",
        np.array([[0.0, 0.0], [0.0, 1.0]]),
        np.array([[0.0, 0.0], [4.0, 0.0]]),
        17.0,
    ),
]:
    value = ask(matched_error, estimate.copy(), true_means.copy())
    assert_same(value, expected, f"{what}: error", hint, atol=1e-10)

# %% check="test_matched_error_other_inputs" points=2
# Hidden check: other inputs (k = 1 to 7, cycles, ties, integer arrays, far from the origin,
# distances against squared distances), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(61)
cases = [
    ("integers", np.array([[9, 9], [0, 1], [5, -3]]), np.array([[0, 0], [4, -4], [8, 9]])),
    ("ties", np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]), np.array([[0.0, 0], [1, 1], [2, 2]])),
    ("same direction", np.array([[5.0, 5.0], [1.0, 1.1]]), np.array([[1.0, 1.0], [5.0, 5.4]])),
    ("far from 0", np.array([[900.0, 903], [900, 900]]), np.array([[900.0, 901], [900.0, 904]])),
    (
        "squared distances, not distances",
        np.array([[1.0, 0.0], [1.9, 0.5]]),
        np.array([[0.0, 0.0], [1.0, 0.0]]),
    ),
    ("k = 1", np.array([[3.0, 1.0]]), np.array([[0.0, -1.0]])),
]
for k in (2, 3, 4, 5, 6, 7):
    truth = rng.normal(0, 2, (k, 2))
    # Rolled: a cycle of k components. Shaken: a greedy match goes wrong.
    cases.append((f"k = {k}, rolled", np.roll(truth, 1, axis=0) + 0.01, truth))
    for _ in range(3 if k < 7 else 0):
        cases.append((f"k = {k}, shaken", rng.permutation(truth) + rng.normal(0, 2, (k, 2)), truth))
for name, estimate, truth in cases:
    k = len(truth)
    differences = estimate.astype(float)[:, None] - truth.astype(float)
    squares = (differences**2).sum(axis=2)  # (k, k), estimates first
    orders = np.array(list(itertools.permutations(range(k))))
    expected = squares[orders, np.arange(k)].sum(axis=1).min()
    arguments = [estimate.copy(), truth.copy()]
    ask(matched_error, *arguments)
    assert_unchanged("estimate, truth", (estimate, truth), arguments)
    for argument in arguments:
        argument.flags.writeable = False
    assert_same(
        ask(matched_error, *arguments),
        expected,
        f"{name}: error",
        "The smallest total squared distance over all permutations?",
        atol=1e-10,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Question: where the two averages come from (3 points)
#
# Let $p_\mu(x) = e^{-E_\mu(x)} / Z_\mu$ with $Z_\mu = \int e^{-E_\mu(x)} \, dx$, where the constant $Z_\mu$ may depend on the parameters $\mu$.
# Write $f_\mu = -\nabla_\mu E_\mu$.
# You may exchange derivative and integral.
#
# 1. Show that $\nabla_\mu \log Z_\mu = \int p_\mu(x) \, f_\mu(x) \, dx$, and conclude that the gradient of the average log-likelihood of $x_1, \dots, x_n$ is
#    $$\frac1n \sum_{j=1}^n f_\mu(x_j) - \mathbb E_{x \sim p_\mu} f_\mu(x) .$$
# 2. For the mixture of this notebook, $e^{-E_\mu(x)} = \sum_i \exp(-\tfrac12 \lVert x - \mu_i \rVert^2)$.
#    Derive $f_i(x) = r_i(x) (x - \mu_i)$ for the part that belongs to $\mu_i$.
# 3. Show that for this mixture $\mathbb E_{x \sim p_\mu} f_i(x) = 0$.
#    What do the synthetic points of `fit_direct` contribute, then?

# %% [markdown] written="derivation_gradient" points=3
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. By the chain rule,
#    $$\nabla_\mu \log Z_\mu = \frac{1}{Z_\mu} \int \nabla_\mu e^{-E_\mu(x)} \, dx = \int \frac{e^{-E_\mu(x)}}{Z_\mu} \bigl( -\nabla_\mu E_\mu(x) \bigr) \, dx = \int p_\mu(x) \, f_\mu(x) \, dx .$$
#    Since $\log p_\mu(x) = -E_\mu(x) - \log Z_\mu$, we have $\nabla_\mu \log p_\mu(x) = f_\mu(x) - \mathbb E_{p_\mu} f_\mu$.
#    The second term is the same for every point, so averaging over $x_1, \dots, x_n$ gives the claim.
# 2. $-E_\mu(x) = \log \sum_l \exp(-\tfrac12 \lVert x - \mu_l \rVert^2)$.
#    Only the term $l = i$ depends on $\mu_i$, and $\nabla_{\mu_i} \exp(-\tfrac12 \lVert x - \mu_i \rVert^2) = \exp(-\tfrac12 \lVert x - \mu_i \rVert^2) \, (x - \mu_i)$.
#    Dividing by the sum gives $r_i(x) (x - \mu_i)$.
# 3. With $Z = 2 \pi K$ the responsibility cancels the density of the mixture:
#    $$\int p_\mu(x) \, r_i(x) \, (x - \mu_i) \, dx = \frac1Z \int \exp(-\tfrac12 \lVert x - \mu_i \rVert^2) \, (x - \mu_i) \, dx = 0 ,$$
#    because the integrand is odd around $\mu_i$.
#    (Or by part 1: $Z = 2\pi K$ does not depend on the means, so $\nabla_{\mu_i} \log Z = 0$.)
#    The synthetic points contribute nothing on average, only noise.
#    The model is a test bench: the method works without this knowledge, and the right answer is known.
#
# **Rubric.**
#
# - 1 point: gradient of $\log Z_\mu$ as an expectation, and the difference of the two averages.
# - 1 point: $f_i$ with the responsibility, derived and not only stated.
# - 1 point: the expectation is 0, with a reason; the synthetic points only add noise here.
# ### END SOLUTION

# %% [markdown]
# ## Question: why start at the data? (3 points)
#
# 1. With a constant learning rate, the means of `fit_direct` never come to rest.
#    Why does a stopping rule *stop when the means move by less than $10^{-4}$* not work, and what does averaging the means over many steps buy?
# 2. Compare the noise of one step of `fit_cd` with that of `fit_direct` at the same $\eta$.
#    Why is it so much smaller, and why must the data average be taken over the same 100 points?
#    Does the smaller noise mean that `fit_cd` gets to the answer in fewer steps?
# 3. Suppose that the real points are distributed exactly like the model at the current means.
#    What is the expected step of `fit_cd`, and what has the Metropolis rule to do with it?
#    Suppose that they are not: does a short chain show the full gradient?

# %% [markdown] written="discussion_cd" points=3
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. Even at the maximum-likelihood answer each step is $-\eta$ times the average of $f$ over 100 fresh synthetic points, a noise with a standard deviation of the order of $\eta/10$ times that of $f$.
#    A step of length $10^{-4}$ happens only by chance, and says nothing about being at the answer.
#    The means hover around the answer.
#    The average over many steps has a much smaller variance, because the noise of different steps is nearly independent: with $T$ steps it falls like $1/T$ once the start is forgotten.
# 2. In ten steps with noise of standard deviation 0.1 a chain moves about $0.1 \sqrt{10} \approx 0.3$.
#    So $f(x_j)$ and $f(y_j)$ nearly agree for each chain, and in the difference of the two averages the scatter of the points cancels: what is left is the noise of the short walk.
#    If the data average is taken over other points, nothing cancels: the difference contains the scatter of the 100 starts, which is far larger than the signal.
#    The signal shrinks too: with $L \varepsilon = 0.05$ a step shows only about 5 % of the gradient.
#    At the same $\eta$ the fit therefore needs about 20 times as many steps.
# 3. MALA leaves the distribution of the model unchanged, by detailed balance.
#    Then $y_j$ has the same distribution as $x_j$, both averages have the same expectation, and the expected step is 0.
#    Without the Metropolis rule the chains drift to a slightly different distribution and the expected step is not 0.
#    When the data do not follow the model, the short chain has only begun to move towards the model: the step has only a part of the gradient, and not always exactly its direction, so that for small $L$ the answer can be biased when the model is wrong.
#
# **Rubric.**
#
# - 1 point: noise of the synthetic points as a floor for the steps, and averaging of the iterates.
# - 1 point: starts and ends are close and the noise cancels only over the same points; the signal is smaller as well.
# - 1 point: the model's distribution is left as it is by MALA, so the expected step is 0; otherwise only part of the gradient.
# ### END SOLUTION

# %% [markdown]
# ## All three fits
#
# The data are 1,000 points from the four-corner mixture, with means at $(0, 0)$, $(0, 3)$, $(3, 0)$ and $(3, 3)$.
# All three fits start from the same four random means in the square.
# The learning rate and the number of steps differ: long chains are dear, so they take few large steps, and short chains show a small part of the gradient, so they take many.
# You see the paths of the means, from the hollow start to the full end, and crosses at the truth.
# Below stand the matched errors of the last means and of the average over the second half of the path, and the time.

# %% given="figure"
from mixcore import datasets, plotting

data = datasets.load("four_corners")
start = np.random.default_rng(7).uniform(0, 3, (4, 2))
figure, axes = plt.subplots(1, 3, figsize=(10, 3.8), layout="constrained", sharex=True, sharey=True)
for axis, (name, fit, n_steps, eta) in zip(
    axes,
    [
        ("direct sampling", fit_direct, 150, 1.0),
        ("MCMC", fit_mcmc, 20, 3.0),
        ("contrastive divergence", fit_cd, 400, 4.0),
    ],
    strict=True,
):
    began = time.perf_counter()
    history = np.asarray(fit(data.x, start, n_steps, eta, np.random.default_rng(8)))
    seconds = time.perf_counter() - began
    axis.scatter(*data.x.T, s=3, color="0.8")
    plotting.means_path(history, data.truth.means, ax=axis)
    axis.set(title=f"{name}, {n_steps} steps", xlabel="x₁", aspect="equal")
    last = matched_error(history[-1], data.truth.means)
    average = matched_error(history[n_steps // 2 :].mean(axis=0), data.truth.means)
    print(
        f"{name}, {n_steps} steps with eta = {eta:g}: squared error {last:.3f}, "
        f"of the average {average:.3f}; {seconds:.1f} s"
    )
axes[0].set_ylabel("x₂")
plt.show()
