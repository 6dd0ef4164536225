# ---
# jupyter:
#   course:
#     notebook: langevin
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Langevin sampling and MALA
#
# You draw from a density of which you know only the shape, not the normalising constant.
# You write the log-density of a mixture and its score, one step of the Langevin walk, the density of that step, the probability that the step is accepted, and the Metropolis-adjusted Langevin algorithm (MALA).
# At the end 500 chains start in a square and settle on the four corners.
#
# ## How to work
#
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - After your submission further checks run on other inputs: other numbers of points and components, extreme values, integer arrays.
# - A function never changes the arrays it is given.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $n$ | number of points, or of chains, at least 1 | `n` | number |
# | $K$ | number of components, at least 1 | `k` | number |
# | $x_i$ | point number $i$ in the plane, or where chain number $i$ stands | `x[i]` | `x` has `(n, 2)` |
# | $\mu_k$ | mean of component $k$ | `means[k]` | `means` has `(k, 2)` |
# | $\sigma$ | *standard deviation* of each coordinate in each component | `sigma` | number |
# | $s(x)$ | score: gradient of $\log p$ at $x$ | `score(x, means, sigma)` | `(n, 2)` |
# | $\varepsilon$ | step size, the factor of the score in a step | `epsilon` | number |
# | $\xi_i$ | standard normal noise for point $i$ | `noise[i]` | `noise` has `(n, 2)` |
# | $x'_i$ | proposal of chain $i$ | `x_new[i]` | `x_new` has `(n, 2)` |
#
# All components have the same weight $1/K$ and the same covariance $\sigma^2 I$.
# Logarithms are natural.

# %% given="imports"
import contextlib
import itertools

import matplotlib.pyplot as plt
import numpy as np
from scipy import special, stats

# %% given="checking"
from checking import as_numbers, as_results, ask, assert_same, assert_unchanged, quiet

# %% [markdown]
# ## Task 1: the log-density
#
# The density of the mixture in the plane is
#
# $$
# p(x) = \frac{1}{2 \pi K \sigma^2} \sum_{k=1}^{K} \exp\!\left( - \frac{\lVert x - \mu_k \rVert^2}{2 \sigma^2} \right) .
# $$
#
# Return $\log p(x_i)$ for every row of `x`, the constant included.
# The result has shape `(n,)`, also for $n = 1$ and $K = 1$.
#
# **Watch out.**
# Far from every mean all exponentials are 0 in floating point, and $\log 0$ is minus infinity.
# The true value is an ordinary number, and your result must be right there too.
# `scipy.special.logsumexp` may help.


# %% solution="log_density"
def log_density(x, means, sigma):
    """Return the log-density of an equal-weight mixture of round Gaussians in the plane.

    Parameters
    ----------
    x : ndarray, shape (n, 2)
        Points.
    means : ndarray, shape (k, 2)
        Means of the components.
    sigma : float
        Standard deviation of each coordinate in each component.

    Returns
    -------
    ndarray, shape (n,)
        Logarithm of the density at each point, finite wherever the true value is.
    """
    ### BEGIN SOLUTION
    squares = ((x[:, None] - means) ** 2).sum(axis=2)  # (n, k)
    constant = np.log(2 * np.pi * len(means) * sigma**2)
    return special.logsumexp(-squares / (2 * sigma**2), axis=1) - constant
    ### END SOLUTION


# %% check="test_log_density" points=1
def check_log_density():
    near = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 0.5], [-3.0, 2.0]])
    apart = np.array([[-100.0, 0.0], [100.0, 1.0], [102.0, 0.0]])
    one = stats.multivariate_normal([0.5, 1.0], 4 * np.eye(2)).logpdf(near)
    for what, hint, x, means, sigma, expected in [
        (
            "one component, sigma = 2",
            "The log-density of a Gaussian with the covariance 4 times the unit matrix. Sigma or its "
            "square? Is the constant there?",
            near,
            np.array([[0.5, 1.0]]),
            2.0,
            one,
        ),
        (
            "three equal components, which are one component",
            "Is the sum over all components inside the logarithm, with the weight 1/K?",
            near,
            np.array([[0.5, 1.0], [0.5, 1.0], [0.5, 1.0]]),
            2.0,
            one,
        ),
        (
            "two components far apart",
            "log(1/2) plus the log-density of the near component",
            apart,
            np.array([[-100.0, 0.0], [100.0, 0.0]]),
            1.0,
            np.log(0.5) - np.log(2 * np.pi) - np.array([0.0, 0.5, 2.0]),
        ),
    ]:
        value = ask(log_density, x.copy(), means.copy(), sigma)
        assert_same(value, expected, f"{what}: log-densities", hint, atol=1e-10)


check_log_density()


# %% check="test_log_density_other_inputs" points=1
# Hidden check: other inputs (k = 1 to 7, n = 1, n = k = 2, small and large sigma, integer and
# read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def check_log_density_other_inputs():
    rng = np.random.default_rng(11)
    cases = [
        (
            f"n = {n}, k = {k}, sigma = {sigma}",
            rng.normal(0, 2, (n, 2)),
            rng.normal(0, 2, (k, 2)),
            sigma,
        )
        for n, k, sigma in [
            (9, 4, 1.0),
            (5, 3, 0.6),
            (7, 7, 2.5),
            (2, 2, 1.3),
            (3, 2, 0.9),
            (2, 3, 1.7),
            (1, 1, 0.5),
            (1, 5, 3.0),
            (4, 1, 1.2),
        ]
    ]
    scaled = rng.normal(0, 2, (6, 2))
    cases += [
        ("sigma = 0.001", 1e-3 * scaled, 1e-3 * rng.normal(0, 2, (3, 2)), 1e-3),
        ("sigma = 1000", 1e3 * scaled, 1e3 * rng.normal(0, 2, (3, 2)), 1e3),
        ("integers", np.array([[0, 3], [-2, 1], [5, 5]]), np.array([[0, 1], [-1, 0], [4, 4]]), 2),
        ("integer means", scaled, np.array([[0, 0], [0, 3], [3, 0], [3, 3]]), 1),
    ]
    for name, x, means, sigma in cases:
        density = [
            np.mean([np.exp(-((p - m) @ (p - m)) / (2 * sigma**2)) for m in means])
            / (2 * np.pi * sigma**2)
            for p in x
        ]
        arguments = [x.copy(), means.copy()]
        for part in arguments:
            part.setflags(write=not name.startswith("integer"))
        assert_same(
            ask(log_density, *arguments, sigma),
            np.log(density),
            f"{name}: log-densities",
            "All K components inside the logarithm, squared distances over twice the squared sigma, and "
            "the constant with K and sigma?",
            atol=1e-9,
        )
        assert_unchanged("x, means", (x, means), arguments)


check_log_density_other_inputs()
### END HIDDEN TESTS


# %% check="test_log_density_far_tails" points=1
# Hidden check: points far from every mean together with near ones, where the density is 0 in
# floating point.
### BEGIN HIDDEN TESTS
def check_log_density_far_tails():
    corners = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
    for x, means, sigma in [
        (np.array([[1.0, 2.0], [60.0, -40.0], [-1e3, 1e3], [1e6, 0.0], [0.0, 0.0]]), corners, 1.0),
        (np.array([[45.0, 45.0], [3.0, 3.0]]), corners, 0.5),
        (np.array([[1.0, 1.0], [-2.0, 0.4]]), corners[:2], 0.01),
        (np.array([[500.0, 20.0]]), np.array([[0.0, 1.0]]), 3.0),
    ]:
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        assert_same(
            ask(log_density, x.copy(), means.copy(), sigma),
            np.logaddexp.reduce(logs, axis=1) - np.log(2 * np.pi * len(means) * sigma**2),
            "log-densities far from the means",
            "The sum of the exponentials is 0 there. What can be taken out of the sum, for each point, "
            "before exp? Nothing may be added or cut off",
            atol=1e-10,
        )


check_log_density_far_tails()
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the score
#
# The score is the gradient of $\log p$ with respect to the point.
# The constant has disappeared from it:
#
# $$
# s(x) = \nabla_x \log p(x) = \frac{1}{\sigma^2} \sum_{k=1}^{K} r_k(x) \, (\mu_k - x),
# \qquad
# r_k(x) = \frac{\exp\bigl( - \lVert x - \mu_k \rVert^2 / 2 \sigma^2 \bigr)}{\sum_{j=1}^{K} \exp\bigl( - \lVert x - \mu_j \rVert^2 / 2 \sigma^2 \bigr)} .
# $$
#
# So the score pulls a point towards the means, each with the responsibility that it has for the point.
# The result has shape `(n, 2)`, one row a point.
#
# **Watch out.**
# The responsibilities of one point sum to 1.
# Far from every mean numerator and denominator are both 0 in floating point, while the score is an ordinary vector: it pulls hardest there.


# %% solution="score"
def score(x, means, sigma):
    """Return the gradient of the log-density at the points.

    Parameters
    ----------
    x : ndarray, shape (n, 2)
        Points.
    means : ndarray, shape (k, 2)
        Means of the components.
    sigma : float
        Standard deviation of each coordinate in each component.

    Returns
    -------
    ndarray, shape (n, 2)
        One row a point, finite wherever the true value is.
    """
    ### BEGIN SOLUTION
    squares = ((x[:, None] - means) ** 2).sum(axis=2)  # (n, k)
    resp = special.softmax(-squares / (2 * sigma**2), axis=1)  # (n, k)
    return (resp @ means - x) / sigma**2
    ### END SOLUTION


# %% check="test_score" points=1
def check_score():
    # One component: the score points to its mean. Two components: half-way between them their pulls
    # cancel; far to one side only one of them pulls.
    near = 10 * np.tanh(5.0) - 0.5  # the pull to the right at (0.5, 0)
    for what, hint, x, means, sigma, expected in [
        (
            "one component, mean (0.5, 1), sigma = 2",
            "A quarter of the way to the mean: look at the sign, and at sigma and its square",
            np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 0.5]]),
            np.array([[0.5, 1.0]]),
            2.0,
            np.array([[0.125, 0.0], [-0.375, 0.5], [-0.125, 0.125]]),
        ),
        (
            "means (-10, 0) and (10, 0), sigma = 1",
            "Do the responsibilities of each point, not of each component, sum to 1?",
            np.array([[0.0, 0.0], [0.0, 2.0], [12.0, 1.0], [-12.0, 1.0], [0.5, 0.0]]),
            np.array([[-10.0, 0.0], [10.0, 0.0]]),
            1.0,
            np.array([[0.0, 0.0], [0.0, -2.0], [-2.0, -1.0], [2.0, -1.0], [near, 0.0]]),
        ),
    ]:
        value = ask(score, x.copy(), means.copy(), sigma)
        value = as_numbers(value, x.shape, f"{what}: scores", "One row a point?", finite=False)
        agrees = False
        ### BEGIN HIDDEN TESTS
        # A mistake in log_density counts there, not here.
        with contextlib.suppress(Exception), quiet():
            full = np.asarray(log_density(x.copy(), means, sigma))[:, None] + np.log(len(means))
            one = np.stack([log_density(x.copy(), m[None], sigma) for m in means], axis=1)
            squares = ((x[:, None] - means) ** 2).sum(axis=2)
            true = -squares / (2 * sigma**2) - np.log(2 * np.pi * sigma**2)
            for logs in (one - np.logaddexp.reduce(one, axis=1)[:, None], one - full, true - full):
                own = (np.exp(logs)[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2
                agrees |= np.allclose(value, own, rtol=1e-8, atol=1e-10, equal_nan=True)
        ### END HIDDEN TESTS
        if not agrees:
            assert_same(value, expected, f"{what}: scores", hint, atol=1e-10)


check_score()


# %% check="test_score_other_inputs" points=2
# Hidden check: other inputs (k = 1 to 7, n = 1, n = k = 2, small and large sigma, integer and
# read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def check_score_other_inputs():
    def reference(x, means, sigma):
        """Return the score, one point at a time, from the formula."""
        rows = []
        for p in x:
            terms = [np.exp(-((p - m) @ (p - m)) / (2 * sigma**2)) for m in means]
            rows.append(
                sum(t * (m - p) for t, m in zip(terms, means, strict=True)) / sum(terms) / sigma**2
            )
        return np.array(rows)

    def carried(x, means, sigma):
        """Yield scores with responsibilities from the student's log_density."""
        full = np.asarray(log_density(x, means, sigma))[:, None]
        one = np.stack([log_density(x, means[j : j + 1], sigma) for j in range(len(means))], axis=1)
        squares = ((x[:, None] - means) ** 2).sum(axis=2)
        true = -squares / (2 * sigma**2) - np.log(2 * np.pi * sigma**2)
        for logs in (
            one - np.logaddexp.reduce(one, axis=1, keepdims=True),
            one - np.log(len(means)) - full,
            true - np.log(len(means)) - full,
        ):
            yield (np.exp(logs)[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2

    rng = np.random.default_rng(21)
    cases = [
        (
            f"n = {n}, k = {k}, sigma = {sigma}",
            rng.normal(0, 2, (n, 2)),
            rng.normal(0, 2, (k, 2)),
            sigma,
        )
        for n, k, sigma in [
            (9, 4, 1.0),
            (5, 3, 0.6),
            (7, 7, 2.5),
            (2, 2, 1.3),
            (3, 2, 0.9),
            (2, 3, 1.7),
            (1, 1, 0.5),
            (1, 5, 3.0),
            (4, 1, 1.2),
        ]
    ]
    scaled = rng.normal(0, 2, (6, 2))
    cases += [
        ("sigma = 0.001", 1e-3 * scaled, 1e-3 * rng.normal(0, 2, (3, 2)), 1e-3),
        ("sigma = 1000", 1e3 * scaled, 1e3 * rng.normal(0, 2, (3, 2)), 1e3),
        ("integers", np.array([[0, 3], [-2, 1], [5, 5]]), np.array([[0, 1], [-1, 0], [4, 4]]), 2),
        ("integer means", scaled, np.array([[0, 0], [0, 3], [3, 0], [3, 3]]), 1),
    ]
    for name, x, means, sigma in cases:
        arguments = [x.copy(), means.copy()]
        for part in arguments:
            part.setflags(write=not name.startswith("integer"))
        value = ask(score, *arguments, sigma)
        value = as_numbers(value, x.shape, f"{name}: scores", "One row a point?", finite=False)
        expected = reference(x, means, sigma)
        tolerance = 1e-9 * np.abs(x[:, None] - means).max() / sigma**2
        agrees = np.allclose(value, expected, rtol=1e-8, atol=tolerance)
        used = [x.copy(), means.copy()]
        if not agrees:  # A mistake in log_density counts there, not here.
            with contextlib.suppress(Exception), quiet():
                agrees = any(
                    np.allclose(value, other, rtol=1e-8, atol=tolerance, equal_nan=True)
                    for other in carried(*used, sigma)
                )
        if not agrees:
            assert_same(
                value,
                expected,
                f"{name}: scores",
                "The mean of (mu_k - x), weighted by the responsibilities of the point, over sigma "
                "squared?",
                atol=tolerance,
            )
        assert_unchanged(
            "x, means",
            [
                a if np.array_equal(a, own) else b
                for a, b, own in zip((x, means), arguments, used, strict=True)
            ],
            arguments,
        )


check_score_other_inputs()
### END HIDDEN TESTS


# %% check="test_score_far_tails" points=1
# Hidden check: points far from every mean together with near ones, where the responsibilities are
# 0/0 when computed from densities.
### BEGIN HIDDEN TESTS
def check_score_far_tails():
    corners = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
    for x, means, sigma in [
        (
            np.array([[1.0, 2.0], [60.0, -40.0], [-1e3, 1.5], [300.0, 1.0], [0.0, 0.0]]),
            corners,
            1.0,
        ),
        (np.array([[45.0, 45.0], [3.0, 2.0]]), corners, 0.5),
        (np.array([[1.0, 1.0], [-2.0, 0.4]]), corners[:2], 0.01),
        (np.array([[500.0, 20.0]]), np.array([[0.0, 1.0]]), 3.0),
    ]:
        value = ask(score, x.copy(), means.copy(), sigma)
        value = as_numbers(value, x.shape, "scores", "One row a point?", finite=False)
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        resp = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        expected = (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2
        agrees = np.allclose(value, expected, rtol=1e-8, atol=1e-8)
        if not agrees:  # A mistake in log_density counts there, not here.
            with contextlib.suppress(Exception), quiet():
                points = x.copy()
                full = np.asarray(log_density(points, means, sigma))[:, None]
                one = np.stack([log_density(points, m[None], sigma) for m in means], axis=1)
                true = logs - np.log(2 * np.pi * sigma**2)
                for own in (
                    one - np.logaddexp.reduce(one, axis=1, keepdims=True),
                    one - np.log(len(means)) - full,
                    true - np.log(len(means)) - full,
                ):
                    other = (np.exp(own)[:, :, None] * (means - points[:, None])).sum(
                        axis=1
                    ) / sigma**2
                    # Where these are not finite, no score made of them is.
                    finite = np.isfinite(other)
                    if np.array_equal(finite, np.isfinite(value)):
                        agrees |= np.allclose(value[finite], other[finite], rtol=1e-8, atol=1e-8)
        if not agrees:
            assert_same(
                value,
                expected,
                "scores far from the means",
                "Numerator and denominator of the responsibilities are 0 there. What cancels between "
                "them before exp? Nothing may be added or cut off",
                atol=1e-8,
            )


check_score_far_tails()
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: one Langevin step
#
# A step follows the score and adds noise:
#
# $$
# x'_i = x_i + \varepsilon \, s(x_i) + \sqrt{2 \varepsilon} \; \xi_i .
# $$
#
# Here $\varepsilon$ is the factor of the score, and the noise has the *standard deviation* $\sqrt{2 \varepsilon}$.
# (Other books write $\varepsilon / 2$ and $\sqrt \varepsilon$; both belong together, so never mix them.)
# The noise is given: `noise` holds standard normal numbers, one row for each point, and the function draws none itself.
#
# You may call your `score`; a mistake in it counts only once.


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    """Return where the points stand after one unadjusted Langevin step.

    Parameters
    ----------
    x : ndarray, shape (n, 2)
        Points.
    means : ndarray, shape (k, 2)
        Means of the components.
    sigma : float
        Standard deviation of each coordinate in each component.
    epsilon : float
        Step size: the factor of the score.
    noise : ndarray, shape (n, 2)
        Standard normal numbers.

    Returns
    -------
    ndarray, shape (n, 2)
        The points after the step, in a new array.
    """
    ### BEGIN SOLUTION
    return x + epsilon * score(x, means, sigma) + np.sqrt(2 * epsilon) * noise
    ### END SOLUTION


# %% check="test_langevin_step" points=1
def check_langevin_step():
    # One component, mean (1, -1) and sigma = 2: the score at x is a quarter of the way to the mean.
    x = np.array([[1.0, -1.0], [5.0, -1.0], [1.0, 7.0]])
    means = np.array([[1.0, -1.0]])
    for what, hint, epsilon, noise, expected in [
        (
            "no noise, epsilon = 0.5: new points",
            "x plus half the score",
            0.5,
            np.zeros((3, 2)),
            np.array([[1.0, -1.0], [4.5, -1.0], [1.0, 6.0]]),
        ),
        (
            "epsilon = 0.125: new points",
            "On top of the drift, the noise times the square root of 2 epsilon, which is 1/2 here",
            0.125,
            np.array([[1.0, 0.0], [0.0, -2.0], [3.0, 1.0]]),
            np.array([[1.5, -1.0], [4.875, -2.0], [2.5, 7.25]]),
        ),
    ]:
        value = ask(langevin_step, x.copy(), means.copy(), 2.0, epsilon, noise.copy())
        value = as_numbers(value, x.shape, what, "One row a point?", finite=False)
        agrees = False
        ### BEGIN HIDDEN TESTS
        # A mistake in score counts there, not here.
        with contextlib.suppress(Exception), quiet():
            points = x.copy()
            off = np.asarray(score(points, means.copy(), 2.0)) - (means - x) / 4
            own = expected + (points - x) + epsilon * off
            agrees = np.allclose(value, own, rtol=1e-8, atol=1e-10, equal_nan=True)
        ### END HIDDEN TESTS
        if not agrees:
            assert_same(value, expected, what, hint, atol=1e-10)


check_langevin_step()


# %% check="test_langevin_step_other_inputs" points=1
# Hidden check: other inputs (k = 1 to 5, n = 1, small and large steps, far points, integer and
# read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def check_langevin_step_other_inputs():
    rng = np.random.default_rng(31)
    cases = [
        (
            f"n = {n}, k = {k}, sigma = {sigma}, epsilon = {epsilon}",
            rng.normal(0, 2, (n, 2)),
            rng.normal(0, 2, (k, 2)),
            sigma,
            epsilon,
            rng.normal(size=(n, 2)),
        )
        for n, k, sigma, epsilon in [
            (8, 4, 1.0, 0.005),
            (5, 3, 0.6, 0.3),
            (2, 2, 1.3, 2.0),
            (1, 1, 0.5, 0.05),
            (1, 5, 3.0, 1e-6),
        ]
    ]
    integers = [np.array([[0, 3], [-2, 1], [5, 5]]), np.array([[0, 1], [-1, 0], [4, 4]])]
    cases += [
        ("far points", np.array([[90.0, -70.0], [0.0, 1e3]]), integers[1] / 2, 1.0, 0.1, np.eye(2)),
        ("integers", *integers, 2, 1, np.array([[0, 1], [-1, 2], [1, 0]])),
        ("integer points", *integers, 2, 0.4, rng.normal(size=(3, 2))),
    ]
    for name, x, means, sigma, epsilon, noise in cases:
        before = (x, means, noise)
        arguments = [part.copy() for part in before]
        for part in arguments:
            part.setflags(write=not name.startswith("integer"))
        value = ask(langevin_step, *arguments[:2], sigma, epsilon, arguments[2])
        value = as_numbers(value, x.shape, f"{name}: new points", "One row a point?", finite=False)
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        resp = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        drift = epsilon * (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2
        expected = x + drift + np.sqrt(2 * epsilon) * noise
        agrees = False
        used = [part.copy() for part in before]
        # A mistake in score counts there, not here.
        with contextlib.suppress(Exception), quiet():
            drift = epsilon * np.asarray(score(*used[:2], sigma))
            own = used[0] + drift + np.sqrt(2 * epsilon) * noise
            agrees = np.allclose(value, own, rtol=1e-8, atol=1e-9, equal_nan=True)
        if not agrees:
            assert_same(
                value,
                expected,
                f"{name}: new points",
                "The point, epsilon times its score, and the noise that was given, with the standard "
                "deviation sqrt(2 epsilon)?",
                atol=1e-9,
            )
        assert_unchanged(
            "x, means, noise",
            [
                a if np.array_equal(a, own) else b
                for a, b, own in zip(before, arguments, used, strict=True)
            ],
            arguments,
        )


check_langevin_step_other_inputs()
### END HIDDEN TESTS

# %% [markdown]
# ## Task 4: the density of a step
#
# Given the point $x$, the step of Task 3 is a draw from a Gaussian with mean $x + \varepsilon \, s(x)$ and covariance $2 \varepsilon I$.
# Its density at $x'$ is, up to a constant,
#
# $$
# q(x' \mid x) \propto \exp\!\left( - \frac{\lVert x' - x - \varepsilon \, s(x) \rVert^2}{4 \varepsilon} \right) .
# $$
#
# Return $\log q(x'_i \mid x_i)$ for every pair of rows of `x_to` and `x_from`: where the step ends, and where it starts.
# The result has shape `(n,)`.
# You may leave out an additive constant, if it is the same for every point and for both directions.
#
# **Watch out.**
# The score is that of the point where the step starts.
# So $q(x' \mid x)$ and $q(x \mid x')$ are different numbers.


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    """Return the log-density of Langevin steps, up to a constant.

    Parameters
    ----------
    x_to : ndarray, shape (n, 2)
        Where the steps end.
    x_from : ndarray, shape (n, 2)
        Where the steps start.
    means : ndarray, shape (k, 2)
        Means of the components.
    sigma : float
        Standard deviation of each coordinate in each component.
    epsilon : float
        Step size.

    Returns
    -------
    ndarray, shape (n,)
        log q(x_to | x_from) for each pair of rows.
    """
    ### BEGIN SOLUTION
    centre = x_from + epsilon * score(x_from, means, sigma)  # (n, 2)
    return -((x_to - centre) ** 2).sum(axis=1) / (4 * epsilon)
    ### END SOLUTION


# %% check="test_log_proposal" points=1
def check_log_proposal():
    # One component, mean (0, 0) and sigma = 2, epsilon = 1: a step from x is centred at 3/4 x.
    x_from = np.array([[4.0, 0.0], [4.0, 0.0], [0.0, -8.0], [0.0, 0.0]])
    x_to = np.array([[3.0, 0.0], [5.0, 2.0], [4.0, -6.0], [0.0, 0.0]])
    means, hint = np.zeros((1, 2)), "One number for each pair of rows?"
    value = ask(log_proposal, x_to.copy(), x_from.copy(), means.copy(), 2.0, 1.0)
    value = as_numbers(value, (4,), "log q of four steps", hint, finite=False)
    agrees = False
    ### BEGIN HIDDEN TESTS
    # A mistake in score or langevin_step counts there, not here.
    for way in ("score", "langevin_step"):
        with contextlib.suppress(Exception), quiet():
            if way == "score":
                centre = x_from + np.asarray(score(x_from.copy(), means, 2.0))
            else:
                centre = langevin_step(x_from.copy(), means, 2.0, 1.0, np.zeros((4, 2)))
            own = -0.25 * ((x_to - centre) ** 2).sum(axis=1)
            agrees |= np.allclose(value - value[0], own - own[0], rtol=1e-8, atol=1e-10)
    ### END HIDDEN TESTS
    if not agrees:
        as_numbers(value, (4,), "log q of four steps")
        assert_same(
            value - value[0],
            [0.0, -2.0, -4.0, 0.0],
            "log q of four steps, less that of the first",
            "Look at the centre of the step, at the sign, and at the factor below the square",
            atol=1e-10,
        )


check_log_proposal()


# %% check="test_log_proposal_other_inputs" points=2
# Hidden check: other inputs and both directions (k = 1 to 5, n = 1, small and large steps, far
# points, integer and read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def check_log_proposal_other_inputs():
    def true_score(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        resp = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        return (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2

    def centres(x, means, sigma, epsilon):
        """Yield the true centre of a step, then those from the student's own functions."""
        yield x + epsilon * true_score(x, means, sigma)
        with contextlib.suppress(Exception):
            drift = epsilon * np.asarray(score(x, means, sigma))
            yield x + drift
        with contextlib.suppress(Exception):
            yield np.asarray(langevin_step(x, means, sigma, epsilon, np.zeros(x.shape)))

    def reduced(value, expected):
        """Return both arrays less their entry where the expected one is closest to 0."""
        first = np.argmin(np.where(np.isfinite(expected), np.abs(expected), np.inf))
        return value - value[first], expected - expected[first]

    rng = np.random.default_rng(41)
    cases = []
    for n, k, sigma, epsilon in [
        (8, 4, 1.0, 0.005),
        (5, 3, 0.6, 0.3),
        (2, 2, 1.3, 2.0),
        (1, 1, 0.5, 0.05),
        (1, 5, 3.0, 0.2),
    ]:
        name = f"n = {n}, k = {k}, sigma = {sigma}, epsilon = {epsilon}"
        x, means = rng.normal(0, 2, (n, 2)), rng.normal(0, 2, (k, 2))
        cases.append((name, x + rng.normal(0, np.sqrt(epsilon), (n, 2)), x, means, sigma, epsilon))
    integers = [np.array([[0, 3], [-2, 1], [5, 5]]), np.array([[0, 1], [-1, 0], [4, 4]])]
    far = [np.array([[80.0, -65.0], [3.0, 200.0]]), np.array([[90.0, -70.0], [1.0, 210.0]])]
    cases += [
        ("far points", *far, integers[1] / 2, 1.0, 0.1),
        ("integers", integers[0] - [[1, 0], [2, 1], [0, 3]], *integers, 2, 1),
        ("integer points", integers[0] - [[1, 0], [2, 1], [0, 3]], *integers, 3, 0.4),
    ]
    for name, x_to, x_from, means, sigma, epsilon in cases:
        what, values, candidates = f"{name}: log q", [], []
        for before in ((x_to, x_from, means), (x_from, x_to, means)):
            arguments = [part.copy() for part in before]
            for part in arguments:
                part.setflags(write=not name.startswith("integer"))
            value = ask(log_proposal, *arguments, sigma, epsilon)
            values.append(as_numbers(value, (len(x_to),), what, "A number a pair?", finite=False))
            used = [part.copy() for part in before]
            with quiet():
                candidates.append(
                    [
                        -((used[0] - centre) ** 2).sum(axis=1) / (4 * epsilon)
                        for centre in centres(*used[1:], sigma, epsilon)
                    ]
                )
            excused = [
                after if not np.array_equal(a, own) else a
                for a, after, own in zip(before, arguments, used, strict=True)
            ]
            assert_unchanged("x_to, x_from, means", excused, arguments)
        value = np.concatenate(values)  # both directions: one constant for both
        candidates = [np.concatenate(both) for both in zip(*candidates, strict=False)]
        with quiet():
            agrees = any(
                np.allclose(*reduced(value, one), rtol=1e-8, atol=1e-8, equal_nan=True)
                for one in candidates[1:]
            )
        if not agrees:
            as_numbers(value, value.shape, what)
            assert_same(
                *reduced(value, candidates[0]),
                f"{what}, the {len(x_to)} steps and then the way back, less one of them",
                "Is the score taken where the step starts, and is the constant the same for both "
                "directions?",
                atol=1e-8,
            )


check_log_proposal_other_inputs()
### END HIDDEN TESTS

# %% [markdown]
# ## Task 5: the probability of acceptance
#
# The walk of Task 3 alone does not have $p$ as its distribution, because the step is finite.
# Metropolis and Hastings repair it.
# The step is only a *proposal* $x'$, and it is accepted with the probability
#
# $$
# \alpha(x, x') = \min\!\left( 1, \; \frac{p(x') \, q(x \mid x')}{p(x) \, q(x' \mid x)} \right) .
# $$
#
# Return $\log \alpha(x_i, x'_i)$ for every pair of rows of `x` and `x_new`.
# It is at most 0.
# The result has shape `(n,)`: every chain has its own.
# You may call your `log_density` and `log_proposal`; a mistake in them counts only once.
#
# **Watch out.**
# Both directions of the step are there: the way back above the line, the way out below.
# Far from the means the densities are 0 in floating point, and so is a very small ratio: never leave the logarithms.


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    """Return the logarithm of the probability that MALA accepts its proposals.

    Parameters
    ----------
    x_new : ndarray, shape (n, 2)
        Proposals.
    x : ndarray, shape (n, 2)
        Where the chains stand.
    means : ndarray, shape (k, 2)
        Means of the components.
    sigma : float
        Standard deviation of each coordinate in each component.
    epsilon : float
        Step size.

    Returns
    -------
    ndarray, shape (n,)
        One value a chain, at most 0.
    """
    ### BEGIN SOLUTION
    log_ratio = (
        log_density(x_new, means, sigma)
        + log_proposal(x, x_new, means, sigma, epsilon)
        - log_density(x, means, sigma)
        - log_proposal(x_new, x, means, sigma, epsilon)
    )
    return np.minimum(0, log_ratio)
    ### END SOLUTION


# %% check="test_log_acceptance" points=1
def check_log_acceptance():
    # A proposal that is the point itself has the ratio 1. For one component the logarithm of the ratio
    # is epsilon / (4 sigma^4) times the fall of the squared distance to the mean.
    means = np.array([[1.0, 0.0]])
    x = np.array([[2.0, 2.0], [1.0, 3.0], [1.0, 1.0], [4.0, 0.0], [1.0, 0.0]])
    x_new = np.array([[2.0, 2.0], [1.0, 1.0], [1.0, 3.0], [0.0, 4.0], [3.0, -2.0]])
    rise = ((x_new - means) ** 2).sum(axis=1) - ((x - means) ** 2).sum(axis=1)
    for sigma, epsilon in [(2.0, 8.0), (0.5, 0.125)]:
        what = f"one component, sigma = {sigma}, epsilon = {epsilon}: log alpha of five chains"
        value = ask(log_acceptance, x_new.copy(), x.copy(), means.copy(), sigma, epsilon)
        value = as_numbers(value, (5,), what, "One number for each chain?", finite=False)
        assert not np.any(value > 0), (
            f"{what}: expected logarithms of probabilities, at most 0; came {value.max():.4g}"
        )
        agrees = False

        ### BEGIN HIDDEN TESTS
        # Mistakes in earlier functions count there, not here.
        def true_density(x, means, sigma):
            return -((x - means) ** 2).sum(axis=1) / (2 * sigma**2)

        def by_true_score(x_to, x_from, means, sigma, epsilon):
            step = x_from + epsilon * (means - x_from) / sigma**2
            return -((x_to - step) ** 2).sum(axis=1) / (4 * epsilon)

        def by_score(x_to, x_from, means, sigma, epsilon):
            step = x_from + epsilon * np.asarray(score(x_from, means, sigma))
            return -((x_to - step) ** 2).sum(axis=1) / (4 * epsilon)

        densities = (globals().get("log_density"), true_density)
        proposals = (globals().get("log_proposal"), by_score, by_true_score)
        for density, proposal in itertools.product(densities, proposals):
            with contextlib.suppress(Exception), quiet():
                used = [x_new.copy(), x.copy()]
                own = (
                    np.asarray(density(used[0], means, sigma))
                    + np.asarray(proposal(used[1], used[0], means, sigma, epsilon))
                    - np.asarray(density(used[1], means, sigma))
                    - np.asarray(proposal(used[0], used[1], means, sigma, epsilon))
                )
                own = np.minimum(0, own)
                agrees |= own.shape == (5,) and np.allclose(
                    value, own, rtol=1e-8, atol=1e-10, equal_nan=True
                )
        ### END HIDDEN TESTS
        if not agrees:
            hint = "Both densities of p and both directions of q, each on its side?"
            assert_same(
                value, np.minimum(0, -epsilon / (4 * sigma**4) * rise), what, hint, atol=1e-10
            )


check_log_acceptance()


# %% check="test_log_acceptance_other_inputs" points=2
# Hidden check: other inputs (k = 1 to 5, n = 1, uphill and downhill, small and large steps, integer
# and read-only arrays), and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def check_log_acceptance_other_inputs():
    def true_density(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        return np.logaddexp.reduce(logs, axis=1) - np.log(2 * np.pi * len(means) * sigma**2)

    def true_score(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        resp = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        return (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2

    def from_score(drift):
        def log_q(x_to, x_from, means, sigma, epsilon):
            step = x_from + epsilon * np.asarray(drift(x_from, means, sigma))
            return -((x_to - step) ** 2).sum(axis=1) / (4 * epsilon)

        return log_q

    def ratio(density, proposal, x_new, x, means, sigma, epsilon):
        """Return the logarithm of the ratio, not cut at 0."""
        return (
            np.asarray(density(x_new, means, sigma))
            + np.asarray(proposal(x, x_new, means, sigma, epsilon))
            - np.asarray(density(x, means, sigma))
            - np.asarray(proposal(x_new, x, means, sigma, epsilon))
        )

    own = {name: globals().get(name) for name in ("log_density", "score", "log_proposal")}
    rng = np.random.default_rng(51)
    cases = []
    for n, k, sigma, epsilon in [
        (12, 4, 1.0, 0.8),
        (9, 3, 0.6, 0.3),
        (8, 2, 1.3, 3.0),
        (2, 2, 0.8, 0.5),
        (6, 4, 1.0, 0.005),
        (1, 1, 0.5, 0.2),
        (1, 5, 3.0, 9.0),
    ]:
        name = f"n = {n}, k = {k}, sigma = {sigma}, epsilon = {epsilon}"
        x, means = rng.normal(0, 2, (n, 2)), rng.normal(0, 2, (k, 2))
        cases.append((name, x + rng.normal(0, 1.5 * sigma, (n, 2)), x, means, sigma, epsilon))
    integers = [np.array([[0, 3], [-2, 1], [5, 5]]), np.array([[0, 1], [-1, 0], [4, 4]])]
    cases += [
        ("integers", integers[0] - [[1, 0], [2, 1], [0, 3]], *integers, 2, 1),
        ("integer points", integers[0] + [[1, 0], [2, 1], [0, 3]], *integers, 3, 0.4),
    ]
    for name, *parts, sigma, epsilon in cases:
        what = f"{name}: log alpha"
        arguments = [part.copy() for part in parts]
        for part in arguments:
            part.setflags(write=not name.startswith("integer"))
        value = ask(log_acceptance, *arguments, sigma, epsilon)
        value = as_numbers(
            value, (len(parts[0]),), what, "One number for each chain?", finite=False
        )
        log_ratio = ratio(true_density, from_score(true_score), *parts, sigma, epsilon)
        agrees, before = False, list(parts)
        densities = (own["log_density"], true_density)
        proposals = (own["log_proposal"], from_score(own["score"]), from_score(true_score))
        for density, proposal in itertools.product(densities, proposals):
            used = [part.copy() for part in parts]
            with contextlib.suppress(Exception), quiet():
                other = np.minimum(0, ratio(density, proposal, *used, sigma, epsilon))
                agrees |= value.shape == np.shape(other) and np.allclose(
                    value, other, rtol=1e-8, atol=1e-9, equal_nan=True
                )
            for i in range(3):  # an earlier function that changes its arguments pays for it there
                if not np.array_equal(parts[i], used[i]):
                    before[i] = arguments[i]
        if not agrees:
            assert_same(
                value,
                np.minimum(0, log_ratio),
                what,
                "Both directions of the proposal, each on its side, and cut at 0?",
                atol=1e-9,
            )
        assert_unchanged("x_new, x, means", before, arguments)


check_log_acceptance_other_inputs()
### END HIDDEN TESTS


# %% check="test_log_acceptance_far_tails" points=1
# Hidden check: chains and proposals far from every mean, and ratios that are 0 in floating point.
### BEGIN HIDDEN TESTS
def check_log_acceptance_far_tails():
    def true_density(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        return np.logaddexp.reduce(logs, axis=1) - np.log(2 * np.pi * len(means) * sigma**2)

    def true_score(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        resp = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        return (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2

    def from_score(drift):
        def log_q(x_to, x_from, means, sigma, epsilon):
            step = x_from + epsilon * np.asarray(drift(x_from, means, sigma))
            return -((x_to - step) ** 2).sum(axis=1) / (4 * epsilon)

        return log_q

    def ratio(density, proposal, x_new, x, means, sigma, epsilon):
        """Return the logarithm of the ratio, not cut at 0."""
        return (
            np.asarray(density(x_new, means, sigma))
            + np.asarray(proposal(x, x_new, means, sigma, epsilon))
            - np.asarray(density(x, means, sigma))
            - np.asarray(proposal(x_new, x, means, sigma, epsilon))
        )

    own = {name: globals().get(name) for name in ("log_density", "score", "log_proposal")}
    corners = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
    cases = [
        (
            np.array([[70.0, -50.0], [62.0, -41.0], [-200.0, 90.0], [1.0, 1.0], [200.0, 250.0]]),
            np.array([[60.0, -40.0], [60.0, -40.0], [-201.0, 90.0], [2.0, 1.5], [1.0, 2.0]]),
            corners,
            1.0,
            0.1,
        ),
        (
            np.array([[46.0, 45.0], [3.0, 3.0], [8.0, 60.0]]),
            np.array([[45.0, 45.0], [2.8, 3.1], [8.0, 59.0]]),
            corners,
            0.5,
            0.05,
        ),
        (
            np.array([[1.0, 1.1], [1.0, 0.9]]),
            np.array([[1.0, 1.0], [1.0, 1.0]]),
            corners[:2],
            0.02,
            1e-4,
        ),
    ]
    for *parts, sigma, epsilon in cases:
        what = "log alpha far from the means, or of unlikely moves"
        value = ask(log_acceptance, *(part.copy() for part in parts), sigma, epsilon)
        value = as_numbers(
            value, (len(parts[0]),), what, "One number for each chain?", finite=False
        )
        expected = np.minimum(
            0, ratio(true_density, from_score(true_score), *parts, sigma, epsilon)
        )
        size = sum(np.abs(true_density(part, parts[2], sigma)) for part in parts[:2])
        with quiet():
            agrees = np.all(
                np.abs(value - expected) <= 1e-8 + 1e-11 * size + 1e-8 * np.abs(expected)
            )
        densities = (own["log_density"], true_density)
        proposals = (own["log_proposal"], from_score(own["score"]), from_score(true_score))
        for density, proposal in itertools.product(densities, proposals):
            if agrees:
                break
            # Mistakes in earlier functions count there.
            with contextlib.suppress(Exception), quiet():
                used = [part.copy() for part in parts]
                other = np.minimum(0, ratio(density, proposal, *used, sigma, epsilon))
                # Where these are not finite, no probability made of them is.
                finite = np.isfinite(other)
                agrees = value.shape == other.shape and np.array_equal(finite, np.isfinite(value))
                agrees = agrees and np.allclose(value[finite], other[finite], rtol=1e-8, atol=1e-6)
        if not agrees:
            assert_same(
                value,
                expected,
                what,
                "Densities and small ratios are 0 in floating point: stay with logarithms, and add or "
                "cut off nothing",
                atol=1e-6,
            )


check_log_acceptance_far_tails()
### END HIDDEN TESTS

# %% [markdown]
# ## Task 6: MALA
#
# Now let all chains walk, `n_steps` steps each.
# In each step every chain makes a proposal $x'$ by Task 3, with fresh noise.
# It moves there with the probability $\alpha(x, x')$ of Task 5; otherwise it stays where it is.
# A uniform number $u$ between 0 and 1 decides: the chain moves if $\log u < \log \alpha(x, x')$.
#
# Return where the chains stand after the last step, shape `(n, 2)`, and the *acceptance rate*: the share of all proposals, of all chains and all steps, that were accepted.
# It is one number.
#
# All randomness comes from the generator `rng`; you may draw from it in any order.
#
# **Watch out.**
# Every chain has its own noise and its own $u$, new ones in each step, and decides alone.
# A chain that rejects stays: its point counts again, and no second proposal is made in that step.
# The start `x` still belongs to the caller when the function returns, and it may hold whole numbers.


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    """Run the Metropolis-adjusted Langevin algorithm, one chain from each row of x.

    Parameters
    ----------
    x : ndarray, shape (n, 2)
        Starts of the chains.
    means : ndarray, shape (k, 2)
        Means of the components.
    sigma : float
        Standard deviation of each coordinate in each component.
    epsilon : float
        Step size.
    n_steps : int
        Number of steps, at least 1.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    x : ndarray, shape (n, 2)
        Where the chains stand after the last step.
    acceptance_rate : float
        Share of the proposals that were accepted, over all chains and steps.
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)  # a copy, which may be changed
    n_accepted = 0
    for _ in range(n_steps):
        x_new = langevin_step(x, means, sigma, epsilon, rng.standard_normal(x.shape))
        accepted = np.log(rng.random(len(x))) < log_acceptance(x_new, x, means, sigma, epsilon)
        x[accepted] = x_new[accepted]
        n_accepted += accepted.sum()
    return x, n_accepted / (n_steps * len(x))
    ### END SOLUTION


# %% check="test_mala" points=1
def check_mala():
    # One component with epsilon = sigma squared: chains that start in the target stay in it, and
    # exactly two proposals in three are accepted on average.
    means, sigma = np.array([[1.0, -2.0]]), 0.5
    start = means + sigma * np.random.default_rng(0).standard_normal((400, 2))
    result = ask(mala, start.copy(), means.copy(), sigma, 0.25, 5, np.random.default_rng(1))
    x, rate = as_results(result, "x, acceptance_rate")
    x = as_numbers(x, (400, 2), "x of 400 chains", "One row a chain, after the last step?")
    rate = as_numbers(rate, (), "acceptance_rate", "One number for all chains and steps?")
    assert 0 <= rate <= 1, f"expected an acceptance rate between 0 and 1; came {rate:.4g}"
    small = [
        ask(mala, start[:50].copy(), means.copy(), sigma, 0.25, 2, np.random.default_rng(seed))[0]
        for seed in (1, 1, 2)
    ]
    excused = False
    ### BEGIN HIDDEN TESTS
    # Where an earlier function is wrong already, or changes its arguments, the mistake counts there: the
    # other checks compare with what MALA makes of these functions.
    old, new = start[:5], start[5:10] + 0.3
    noise = np.array([[0.5, -1.0], [2.0, 0.0], [-1.5, 1.0], [0.0, 0.3], [1.0, 1.0]])
    new_squares, old_squares = (((part - means) ** 2).sum(axis=1) for part in (new, old))
    for function, points, rest, known in [
        ("log_density", (new,), (), -2 * new_squares),
        ("score", (new,), (), -4 * (new - means)),
        ("langevin_step", (new,), (0.25, noise), means + np.sqrt(0.5) * noise),
        ("log_proposal", (new, old), (0.25,), -new_squares),
        ("log_acceptance", (new, old), (0.25,), np.minimum(0, old_squares - new_squares)),
    ]:
        with contextlib.suppress(Exception), quiet():
            used = [part.copy() for part in points]
            own = np.asarray(globals()[function](*used, means.copy(), sigma, *rest), dtype=float)
            excused |= own.shape != known.shape or not all(map(np.array_equal, used, points))
            off = own - known
            if function in ("log_density", "log_proposal"):  # their constants play no part here
                off = off - off[0]
            excused |= not np.all(np.abs(off) < 1e-6)
    ### END HIDDEN TESTS
    assert excused or np.array_equal(small[0], small[1]), (
        "the same seed gave two different results. Draw all from rng"
    )
    assert excused or not np.array_equal(small[0], small[2]), (
        "two different seeds gave the same result. Do the chains move, and is all drawn from rng?"
    )
    # Seven standard errors, here and below: a false alarm in less than one run in a million.
    centre, spread = x.mean(axis=0), np.sqrt(((x - means) ** 2).mean())
    assert excused or np.all(np.abs(centre - means[0]) < 7 * sigma / np.sqrt(400)), (
        f"target with mean {means[0].tolist()}: the chains have mean {centre.round(3).tolist()}. Does "
        "each chain have its own noise and its own decision?"
    )
    assert excused or abs(spread / sigma - 1) < 7 / np.sqrt(1600), (
        f"target with standard deviation {sigma}: the chains have {spread:.3f}. Does each chain stay "
        "where it is when it rejects, and are both directions of the step in the ratio?"
    )
    assert excused or abs(rate - 2 / 3) < 0.09, (
        f"expected an acceptance rate of about 2/3 in this target; came {rate:.3f}. Is it the share over "
        "all chains and all steps, and does each chain decide by its own log alpha?"
    )


check_mala()


# %% check="test_mala_distribution" points=2
# Hidden check: where the chains go from several starts, and how often they move, for one and
# several steps, k = 1, 3 and 4, small and large steps and far starts. Each statistic must lie within
# seven standard errors: a false alarm in less than one run in 100,000.
### BEGIN HIDDEN TESTS
def check_mala_distribution():
    def true_density(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        return np.logaddexp.reduce(logs, axis=1) - np.log(2 * np.pi * len(means) * sigma**2)

    def true_score(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        resp = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        return (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2

    def step_by(drift):
        def step(x, means, sigma, epsilon, noise):
            pull = epsilon * np.asarray(drift(x, means, sigma))
            return x + pull + np.sqrt(2 * epsilon) * noise

        return step

    def proposal_by(drift):
        def log_q(x_to, x_from, means, sigma, epsilon):
            centre = x_from + epsilon * np.asarray(drift(x_from, means, sigma))
            return -((x_to - centre) ** 2).sum(axis=1) / (4 * epsilon)

        return log_q

    def ratio_by(density, proposal):
        def log_ratio(x_new, x, means, sigma, epsilon):
            return (
                np.asarray(density(x_new, means, sigma))
                + np.asarray(proposal(x, x_new, means, sigma, epsilon))
                - np.asarray(density(x, means, sigma))
                - np.asarray(proposal(x_new, x, means, sigma, epsilon))
            )

        return log_ratio

    def distinct(functions, probe):
        """Return the functions that run, without those that do the same as an earlier one."""
        kept = []
        for function in functions:
            with contextlib.suppress(Exception), quiet():
                used = [np.copy(part) if np.ndim(part) else part for part in probe]
                value = np.asarray(function(*used), dtype=float)
                value = np.minimum(0, value) if value.ndim == 1 else value
                record = [value, *used]  # a function that changes its arguments is another one
                if not any(
                    np.shape(value) == np.shape(other[0])
                    and all(
                        np.allclose(one, two, rtol=1e-6, atol=1e-9, equal_nan=True)
                        for one, two in zip(record, other, strict=True)
                    )
                    for _, other in kept
                ):
                    kept.append((function, record))
        return [function for function, _ in kept]

    def own_pairs(pair):
        """Yield (step, log ratio) made of the student's earlier functions, the likeliest first."""
        own = {
            name: globals().get(name)
            for name in ("log_density", "score", "langevin_step", "log_proposal", "log_acceptance")
        }
        x = np.array(
            [[0.0, 0.5], [1.0, 2.5], [-2.5, -0.5], [4.0, -1.0], [60.0, -40.0], [14.0, -9.0]]
        )
        x_new = x + [[0.3, -0.7], [1.1, 0.2], [-0.4, 0.9], [0.6, 0.1], [3.0, -5.0], [2.0, 1.0]]
        means = np.array([[0.0, 1.0], [2.5, -1.0], [-1.0, -2.0]])
        steps = distinct(
            [pair[0], own["langevin_step"], step_by(own["score"])], (x, means, 0.8, 0.3, x_new)
        )
        densities = (own["log_density"], true_density)
        proposals = (own["log_proposal"], proposal_by(own["score"]), proposal_by(true_score))
        ratios = [ratio_by(*parts) for parts in itertools.product(densities, proposals)]
        ratios = distinct([pair[1], own["log_acceptance"], *ratios], (x_new, x, means, 0.8, 0.3))
        for step, log_ratio in itertools.product(steps[1:] + steps[:1], ratios[1:] + ratios[:1]):
            if (step, log_ratio) != pair:
                yield step, log_ratio

    def run(step, log_ratio, x, means, sigma, epsilon, n_steps, rng):
        """Return the ends of the chains and how many proposals each accepted."""
        x, accepted = x.copy(), np.zeros(len(x))
        for _ in range(n_steps):
            x_new = np.asarray(step(x, means, sigma, epsilon, rng.standard_normal(x.shape)))
            log_alpha = log_ratio(x_new, x, means, sigma, epsilon)
            move = np.log(rng.random(len(x))) < log_alpha
            x = np.where(move[:, None], x_new, x)
            accepted += move
        return x, accepted

    LABELS = (
        "number of chains that moved",
        "number of chains that moved in one coordinate only",
        "sum of the moves in x1",
        "sum of the moves in x2",
        "sum of the squared moves in x1",
        "sum of the squared moves in x2",
        "sum of the products of the moves in x1 and x2",
        "number of accepted proposals, from the rate",
    )
    FLOOR = np.array([4, 4, 0, 0, 0, 0, 0, 4])  # counts of rare events are not Gaussian

    def features(start, end):
        """Statistics of each chain, the last axis over the first seven labels."""
        move = end - start
        moved = move != 0
        first, second = move[..., 0], move[..., 1]
        return np.stack(
            [
                moved.any(-1),
                moved[..., 0] != moved[..., 1],
                first,
                second,
                first**2,
                second**2,
                first * second,
            ],
            axis=-1,
        )

    def compare(functions, case, result, seed):
        """Return (largest number of standard errors, its label, expected, came)."""
        _, x, means, sigma, epsilon, n_steps = case
        repeats = 30 if functions == pair else 8
        n, rng, table = len(x), np.random.default_rng(seed), []
        for _ in range(repeats):
            reference, accepted = run(*functions, x, means, sigma, epsilon, n_steps, rng)
            table.append(np.concatenate([features(x, reference), accepted[:, None]], axis=1))
        single = features(x, result[0])
        came = np.append(single.sum(axis=0), result[1] * n * n_steps)
        expected = np.mean(table, axis=0).sum(axis=0)
        variance = np.var(table, axis=0, ddof=1).sum(axis=0)
        if functions == pair:
            floor = FLOOR
        else:  # Wrong functions may tie the chains together, or move them rarely and far.
            variance = np.maximum(variance, np.sum(table, axis=1).var(axis=0, ddof=1))
            largest = np.maximum(np.abs(table).max(axis=(0, 1))[:-1], np.abs(single).max(axis=0))
            floor = 4 * np.append(largest, 1) ** 2 + 1e-12 * (1 + expected**2)
        errors = np.abs(came - expected) / np.sqrt(variance * (1 + 1 / repeats) + floor)
        errors = np.where(np.isfinite(errors), errors, np.inf)
        worst = np.argmax(errors)
        return errors[worst], LABELS[worst], expected[worst], came[worst]

    pair = (step_by(true_score), ratio_by(true_density, proposal_by(true_score)))
    rng = np.random.default_rng(61)
    three = np.array([[0.0, 1.0], [2.5, -1.0], [-1.0, -2.0]])
    corners = np.array([[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]])
    places = np.array([[0.0, 0.0], [1.0, 2.5], [-2.5, -0.5], [4.0, -1.0]])
    centre = np.array([[1.0, -0.5]])
    cases = [
        ("k = 1, one step from the mean", np.repeat(centre, 240, axis=0), centre, 2.0, 2.0, 1),
        ("k = 3, two steps", np.repeat(places, 40, axis=0), three, 0.8, 0.5, 2),
        ("k = 1, 7 steps from the mean", np.repeat(centre, 240, axis=0), centre, 0.5, 0.25, 7),
        ("four corners, 3 steps", rng.uniform(0, 3, (100, 2)), corners, 1.0, 0.8, 3),
        ("far start, 5 short steps", np.tile([[60.0, -40.0]], (20, 1)), corners, 2.0, 0.8, 5),
        ("k = 1, 4 steps from outside", np.tile([[9.0, -0.5]], (200, 1)), centre, 1.0, 1.3, 4),
    ]
    results = []
    for number, (name, x, means, sigma, epsilon, n_steps) in enumerate(cases):
        rng = np.random.default_rng(70 + number)
        result = ask(mala, x.copy(), means.copy(), sigma, epsilon, n_steps, rng)
        end, rate = as_results(result, "x, acceptance_rate")
        end = as_numbers(end, x.shape, f"{name}: x", "One row a chain, after the last step?")
        rate = as_numbers(
            rate, (), f"{name}: acceptance_rate", "One number for all chains and steps?"
        )
        results.append((end, rate))

    # The reference algorithm with the reference steps; where that disagrees, with the student's own
    # earlier functions, since a mistake there counts there.
    with quiet():
        verdicts = [
            compare(pair, case, result, 80 + number)
            for number, (case, result) in enumerate(zip(cases, results, strict=True))
        ]
    agrees = all(verdict[0] < 7 for verdict in verdicts)
    for functions in () if agrees else own_pairs(pair):
        with contextlib.suppress(Exception), quiet():
            agrees = all(
                compare(functions, case, result, 90 + number)[0] < 7
                for number, (case, result) in enumerate(zip(cases, results, strict=True))
            )
        if agrees:
            break
    worst = max(range(len(cases)), key=lambda number: verdicts[number][0])
    errors, label, expected, came = verdicts[worst]
    assert agrees, (
        f"{cases[worst][0]}, {len(cases[worst][1])} chains: the {label} is {came:.2f}, expected about "
        f"{expected:.2f}; that is {errors:.0f} standard errors off. Look at the size of the step, at "
        "what a chain does when it rejects, at fresh noise and a fresh u in each step, and at the rate"
    )


check_mala_distribution()
### END HIDDEN TESTS


# %% check="test_mala_chains" points=2
# Hidden check: each chain decides alone and has its own noise. Equal chains are run beside far ones
# in many calls, and one chain is run alone. False alarm in less than one run in 100,000.
### BEGIN HIDDEN TESTS
def check_mala_chains():
    def true_density(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        return np.logaddexp.reduce(logs, axis=1) - np.log(2 * np.pi * len(means) * sigma**2)

    def true_score(x, means, sigma):
        logs = -((x[:, None] - means) ** 2).sum(axis=2) / (2 * sigma**2)
        resp = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        return (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2

    def step_by(drift):
        def step(x, means, sigma, epsilon, noise):
            pull = epsilon * np.asarray(drift(x, means, sigma))
            return x + pull + np.sqrt(2 * epsilon) * noise

        return step

    def proposal_by(drift):
        def log_q(x_to, x_from, means, sigma, epsilon):
            centre = x_from + epsilon * np.asarray(drift(x_from, means, sigma))
            return -((x_to - centre) ** 2).sum(axis=1) / (4 * epsilon)

        return log_q

    def ratio_by(density, proposal):
        def log_ratio(x_new, x, means, sigma, epsilon):
            return (
                np.asarray(density(x_new, means, sigma))
                + np.asarray(proposal(x, x_new, means, sigma, epsilon))
                - np.asarray(density(x, means, sigma))
                - np.asarray(proposal(x_new, x, means, sigma, epsilon))
            )

        return log_ratio

    def distinct(functions, probe):
        """Return the functions that run, without those that do the same as an earlier one."""
        kept = []
        for function in functions:
            with contextlib.suppress(Exception), quiet():
                used = [np.copy(part) if np.ndim(part) else part for part in probe]
                value = np.asarray(function(*used), dtype=float)
                value = np.minimum(0, value) if value.ndim == 1 else value
                record = [value, *used]  # a function that changes its arguments is another one
                if not any(
                    np.shape(value) == np.shape(other[0])
                    and all(
                        np.allclose(one, two, rtol=1e-6, atol=1e-9, equal_nan=True)
                        for one, two in zip(record, other, strict=True)
                    )
                    for _, other in kept
                ):
                    kept.append((function, record))
        return [function for function, _ in kept]

    def own_pairs(pair):
        """Yield (step, log ratio) made of the student's earlier functions, the likeliest first."""
        own = {
            name: globals().get(name)
            for name in ("log_density", "score", "langevin_step", "log_proposal", "log_acceptance")
        }
        x = np.array(
            [[0.0, 0.5], [1.0, 2.5], [-2.5, -0.5], [4.0, -1.0], [60.0, -40.0], [14.0, -9.0]]
        )
        x_new = x + [[0.3, -0.7], [1.1, 0.2], [-0.4, 0.9], [0.6, 0.1], [3.0, -5.0], [2.0, 1.0]]
        means = np.array([[0.0, 1.0], [2.5, -1.0], [-1.0, -2.0]])
        steps = distinct(
            [pair[0], own["langevin_step"], step_by(own["score"])], (x, means, 0.8, 0.3, x_new)
        )
        densities = (own["log_density"], true_density)
        proposals = (own["log_proposal"], proposal_by(own["score"]), proposal_by(true_score))
        ratios = [ratio_by(*parts) for parts in itertools.product(densities, proposals)]
        ratios = distinct([pair[1], own["log_acceptance"], *ratios], (x_new, x, means, 0.8, 0.3))
        for step, log_ratio in itertools.product(steps[1:] + steps[:1], ratios[1:] + ratios[:1]):
            if (step, log_ratio) != pair:
                yield step, log_ratio

    def run(step, log_ratio, x, means, sigma, epsilon, n_steps, rng):
        """Return the ends of the chains and how many proposals each accepted."""
        x, accepted = x.copy(), np.zeros(len(x))
        for _ in range(n_steps):
            x_new = np.asarray(step(x, means, sigma, epsilon, rng.standard_normal(x.shape)))
            log_alpha = log_ratio(x_new, x, means, sigma, epsilon)
            move = np.log(rng.random(len(x))) < log_alpha
            x = np.where(move[:, None], x_new, x)
            accepted += move
        return x, accepted

    def play(pair, calls, beside, rng):
        """Return the steps of `calls` runs of the reference, with or without far chains beside."""
        steps = []
        for _ in range(calls):
            start = np.tile(place, (chains, 1)) if beside else place[None]
            start = np.concatenate([start, far]) if beside else start
            end, _ = run(*pair, start, means, sigma, epsilon, 1, rng)
            steps.append((end - place)[: chains if beside else 1])
        return np.array(steps)

    def moves(steps):
        """Return whether a chain moved, and by how much: (calls, chains, 3)."""
        return np.concatenate([np.any(steps != 0, axis=2, keepdims=True), steps], axis=2)

    def scatter(table):
        """Variance between calls and between places in the call, 1 for independent chains."""
        calls, chains, _ = table.shape
        spread = table.var(axis=(0, 1)) + 1e-12
        between_calls = chains * table.mean(axis=1).var(axis=0, ddof=1) / spread
        between_places = calls * table.mean(axis=0).var(axis=0, ddof=1) / spread
        return np.concatenate([between_calls, between_places])

    def errors(table, reference):
        """Differences of the means in standard errors, from the scatter between calls."""
        one, two = table.mean(axis=1), reference.mean(axis=1)
        variance = one.var(axis=0, ddof=1) / len(one) + two.var(axis=0, ddof=1) / len(two)
        return np.abs(one.mean(axis=0) - two.mean(axis=0)) / np.sqrt(variance + 1e-12)

    place, means, sigma, epsilon = (
        np.array([0.3, -0.2]),
        np.array([[0.0, 0.0], [2.0, 1.0]]),
        1.0,
        1.2,
    )
    far = np.tile([[60.0, 50.0], [-70.0, 40.0]], (10, 1))
    calls, chains = 40, 20
    pair = (step_by(true_score), ratio_by(true_density, proposal_by(true_score)))

    rng, steps = np.random.default_rng(71), []
    for _ in range(calls):
        start = np.concatenate([np.tile(place, (chains, 1)), far])
        result = ask(mala, start, means.copy(), sigma, epsilon, 1, rng)
        end, _ = as_results(result, "x, acceptance_rate")
        end = as_numbers(end, (chains + len(far), 2), "x of 40 chains", "One row a chain?")
        steps.append(end[:chains] - place)
    together = moves(np.array(steps))
    single = []
    for _ in range(160):
        result = ask(mala, place[None].copy(), means.copy(), sigma, epsilon, 1, rng)
        end, _ = as_results(result, "x, acceptance_rate")
        end = as_numbers(end, (1, 2), "x of one chain", "One row a chain?")
        single.append(end - place)
    alone = moves(np.array(single).reshape(calls, 4, 2))

    def judge(pair, calls):
        """Return (errors of chains together, errors of one alone, scatter of the reference)."""
        rng = np.random.default_rng(72)
        reference = moves(play(pair, calls, True, rng))
        lonely = moves(play(pair, 4 * calls, False, rng).reshape(calls, 4, 2))
        return errors(together, reference), errors(alone, lonely), scatter(reference)

    with quiet():
        off, off_alone, _ = judge(pair, 200)
        ratio = scatter(together)
    limit = np.repeat([3.5, 5.0], 3)  # chi-squared over its 39 or 19 degrees: under 1e-10
    coupled = ratio > limit
    agrees = not coupled.any() and off.max() < 7 and off_alone.max() < 7
    for functions in () if agrees else own_pairs(pair):
        # A mistake in an earlier function counts there.
        with contextlib.suppress(Exception), quiet():
            own_off, own_alone, own_ratio = judge(functions, calls)
            agrees = (
                own_off.max() < 7 and own_alone.max() < 7 and np.all((own_ratio > limit)[coupled])
            )
        if agrees:
            break
    share, share_alone = together[:, :, 0].mean(), alone[:, :, 0].mean()
    true_share = moves(play(pair, 200, True, np.random.default_rng(73)))[:, :, 0].mean()
    assert agrees or off_alone.max() < 7, (
        f"one chain alone, one step: expected a move in about {true_share:.0%} of the calls; came "
        f"{share_alone:.0%}, or the moves have another size"
    )
    assert agrees or off.max() < 7, (
        f"{chains} equal chains beside {len(far)} far ones, one step: of the equal chains about "
        f"{true_share:.0%} should move; {share:.0%} did, or the moves have another size. Does each "
        "chain decide by its own log alpha, whatever the others do?"
    )
    assert agrees, (
        f"{chains} equal chains, {calls} calls of one step: the chains move together, or in the same "
        f"way in each call; where independent chains give a scatter of 1, came {ratio.max():.1f}. Has "
        "each chain its own noise and its own u, and are they new in each call?"
    )


check_mala_chains()
### END HIDDEN TESTS


# %% check="test_mala_generator" points=1
# Hidden check: seeds, NumPy's global state, n = 1 and k = 1, one step, integer and read-only
# arrays; the arguments stay as they are.
### BEGIN HIDDEN TESTS
def check_mala_generator():
    corners = np.array([[0, 0], [0, 3], [3, 0], [3, 3]])
    start = np.random.default_rng(81).uniform(0, 3, (30, 2))

    # The same seed gives the same chains; a generator that has been used goes on.
    rng = np.random.default_rng(4)
    arguments = (corners.copy(), 1.0, 0.3, 3)
    first, second = (ask(mala, start.copy(), *arguments, rng) for _ in range(2))
    fresh, other = (ask(mala, start.copy(), *arguments, np.random.default_rng(s)) for s in (4, 5))
    for result in (first, second, fresh, other):
        x, rate = as_results(result, "x, acceptance_rate")
        as_numbers(x, (30, 2), "x of 30 chains", "One row a chain, after the last step?")
        as_numbers(rate, (), "acceptance_rate", "One number for all chains and steps?")
    assert np.array_equal(first[0], fresh[0]), (
        "the same seed gave other chains. Draw everything from rng"
    )
    assert first[1] == fresh[1], "the same seed gave another acceptance rate. Draw all from rng"
    stuck = False  # a log_acceptance that is not one number for each chain counts there, not here
    with contextlib.suppress(Exception), quiet():
        stuck = np.shape(log_acceptance(start + 0.1, start.copy(), corners / 1, 1.0, 0.3)) != (30,)
    assert stuck or not np.array_equal(fresh[0], other[0]), (
        "two different seeds gave the same chains. Set no seed and make no generator in the function"
    )
    assert stuck or not np.array_equal(first[0], second[0]), (
        "two calls with one and the same rng gave the same chains. Draw from rng itself"
    )

    # NumPy's global state takes no part.
    runs = []
    for global_seed in (1, 2):
        np.random.seed(global_seed)  # noqa: NPY002
        before = np.random.get_state()  # noqa: NPY002
        result = ask(mala, start.copy(), *arguments, np.random.default_rng(8))
        after = np.random.get_state()  # noqa: NPY002
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), (
            "the function used or seeded NumPy's global generator (np.random.something). Use rng only"
        )
        runs.append(np.asarray(result[0]))
    assert np.array_equal(*runs), "the chains depend on NumPy's global seed. Use rng only"

    # Other shapes, whole numbers, arrays that cannot be written to, and the arguments afterwards.
    for name, x, means, sigma, epsilon, n_steps in [
        ("n = 1, k = 1", start[:1], np.array([[0.5, 1.0]]), 1.5, 0.5, 4),
        ("n = 1, one long step", np.array([[0.5, 1.0]]), np.array([[0.5, 1.0]]), 1.0, 4.0, 1),
        ("n = 2, k = 2, one step", start[:2], corners[:2] / 2, 1.0, 0.1, 1),
        ("whole numbers", np.array([[0, 1], [2, 2], [3, -1], [1, 1]]), corners, 1, 1, 3),
        ("far start", np.array([[50.0, -60.0], [1.0, 1.0]]), corners / 1, 1.0, 0.1, 2),
        ("read-only arrays", start[:5], corners / 1, 1.0, 0.2, 3),
    ]:
        arguments = [x.copy(), means.copy()]
        for part in arguments:
            part.setflags(write=name != "read-only arrays")
        result = ask(mala, *arguments, sigma, epsilon, n_steps, np.random.default_rng(9))
        end, rate = as_results(result, "x, acceptance_rate")
        end = as_numbers(end, x.shape, f"{name}: x", "One row a chain, after the last step?")
        rate = as_numbers(
            rate, (), f"{name}: acceptance_rate", "One number for all chains and steps?"
        )
        assert 0 <= rate <= 1, (
            f"{name}: expected an acceptance rate between 0 and 1; came {rate:.4g}"
        )
        before = [x, means]
        for function, rest in (("langevin_step", [np.ones(x.shape)]), ("log_acceptance", [])):
            used = [x.astype(float), means.astype(float)]
            with contextlib.suppress(Exception), quiet():
                if rest:
                    globals()[function](*used, sigma, epsilon, *rest)
                else:
                    globals()[function](x + 0.5, *used, sigma, epsilon)
            for i in range(2):  # an earlier function that changes its arguments pays for it there
                if not np.array_equal(before[i], used[i]):
                    before[i] = arguments[i]
        assert_unchanged("x, means", before, arguments)
        if name == "whole numbers":
            moved = np.any(end != x, axis=1)
            assert stuck or moved.any(), "integer starts: expected some chains to move; none did"
            assert not np.any(end[moved] == np.round(end[moved])), (
                "integer starts: expected real positions; came whole numbers. Does an array take over "
                "the integer type of the start?"
            )


check_mala_generator()
### END HIDDEN TESTS

# %% [markdown]
# ## Chains on the four corners
#
# The target is the four-corner mixture of the course: four equal components, $\sigma = 1$, means at the corners of a square with side 3.
# On the left 500 chains started uniformly in that square, the dashed line, and made 100 steps with $\varepsilon = 1$.
# The lines are contours of your log-density; the density halves from one line to the next.
# The chains have left the square and follow the contours.
# On the right the acceptance rate falls as the step grows.
# Short steps are nearly always accepted, but they lead nowhere; long steps are mostly refused.
# The course's own step, with $\sqrt{2 \varepsilon} = 0.1$, stands at the left end.

# %% given="figure"
from mixcore import datasets, plotting

means = datasets.load("four_corners").truth.means
rng = np.random.default_rng(0)
x, rate = mala(rng.uniform(0, 3, (500, 2)), means, 1.0, 1.0, 100, rng)
epsilons = np.array([0.005, 0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0])
rates = [mala(x[:100], means, 1.0, epsilon, 20, rng)[1] for epsilon in epsilons.tolist()]

figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.2), layout="constrained")
plotting.scatter(x, ax=left)
(low, high), (bottom, top) = left.get_xlim(), left.get_ylim()
grid_x, grid_y = np.meshgrid(np.linspace(low, high, 70), np.linspace(bottom, top, 70))
rows = np.stack([grid_x, grid_y], axis=-1)  # (70, 70, 2)
values = np.array([log_density(row, means, 1.0) for row in rows])  # (70, 70)
levels = values.max() - np.log(2) * np.arange(7, 0, -1)
left.contour(grid_x, grid_y, values, levels, colors="black", linewidths=0.9, linestyles="solid")
left.plot([0, 3, 3, 0, 0], [0, 0, 3, 3, 0], color="black", linestyle="--", linewidth=1.5)
left.set(xlabel="x₁", ylabel="x₂", aspect="equal", title="500 chains after 100 steps")
plotting.acceptance_curve(epsilons, rates, ax=right, target=None)
right.set(title="acceptance rate")
plt.show()
print(f"acceptance rate with epsilon = 1: {rate:.3f}")
print(f"mean of x1 and x2: {np.round(x.mean(axis=0), 2)}; of the target: [1.5 1.5]")
print(f"mean of x1^2 + x2^2: {(x**2).sum(axis=1).mean():.2f}; of the target: 11")

# %% [markdown]
# ## Question: why MALA is exact, and who decides (4 points)
#
# Write $T(x, x') = q(x' \mid x) \, \alpha(x, x')$ for the density of a move from $x$ to another point $x'$.
#
# 1. Show that $p(x) \, T(x, x') = p(x') \, T(x', x)$ for all $x \ne x'$.
#    This is called *detailed balance*.
# 2. Conclude that a chain whose point is distributed as $p$ is still distributed as $p$ after one step.
#    Mind the chains that reject.
# 3. Which constants cancel in $\alpha$, and why does that matter here?
#    Somebody leaves out both $q$, and accepts with the probability $\min(1, p(x')/p(x))$.
#    At which point does your proof break?
# 4. Somebody runs $n$ chains and takes one decision for all of them together: all move if $\log u$ is below the *sum* of the $n$ log ratios, otherwise none moves.
#    What happens as $n$ grows?
#    Somebody else compares the log ratio of each chain with one and the same $u$.
#    What is right, and what is wrong, with the chains then?

# %% [markdown] written="detailed_balance" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. By the definition of $\alpha$,
#    $$p(x) \, T(x, x') = p(x) \, q(x' \mid x) \min\!\left(1, \frac{p(x') \, q(x \mid x')}{p(x) \, q(x' \mid x)}\right) = \min\bigl( p(x) \, q(x' \mid x), \; p(x') \, q(x \mid x') \bigr) .$$
#    The right-hand side does not change when $x$ and $x'$ are exchanged.
#    So it is also $p(x') \, T(x', x)$.
# 2. Let $a(x) = \int T(x, x') \, dx'$ be the probability that the chain at $x$ moves; it stays with the probability $1 - a(x)$.
#    The density after the step, at a point $x'$, collects those who move there and those who were there and stay:
#    $$\int p(x) \, T(x, x') \, dx + p(x') \, (1 - a(x')) = \int p(x') \, T(x', x) \, dx + p(x') \, (1 - a(x')) = p(x') \, a(x') + p(x') \, (1 - a(x')) = p(x') .$$
#    The first equality is detailed balance.
#    The rejected chains must be counted where they stay: without them the second term is missing.
# 3. The normalising constant of $p$ stands above and below the line, and so does the constant $1/(4 \pi \varepsilon)$ of $q$.
#    Hence $p$ need only be known up to a factor, and its score does not contain the factor either.
#    Without the two $q$, $p(x) \, T(x, x') = q(x' \mid x) \min( p(x), p(x') )$, and exchanging $x$ and $x'$ turns $q(x' \mid x)$ into $q(x \mid x')$, another number, because the score is taken at another point.
#    Detailed balance breaks, and with it the first equality of part 2.
#    (For a proposal with $q(x' \mid x) = q(x \mid x')$, such as a random walk, the rule would be right.)
# 4. The summed rule is the Metropolis rule for all $n$ chains taken as one point in $2n$ dimensions: it is not biased.
#    But the log ratios are negative on average, so their sum falls in proportion to $n$, and the probability that anybody moves goes to 0.
#    With 1,000 chains practically nobody ever moves, unless $\varepsilon$ is made smaller and smaller.
#    With one $u$ for all, each chain by itself is a right MALA chain.
#    But the chains are no longer independent: they tend to move in the same steps.
#    Averages over the chains scatter more than those over $n$ independent chains, and error bars computed as for independent chains are too small.
#
# **Rubric.**
#
# - 1 point: detailed balance, by writing the product as a minimum that is symmetric in $x$ and $x'$.
# - 1 point: invariance, with the chains that stay counted.
# - 1 point: the constants of $p$ and of $q$ cancel; without the $q$ the symmetry fails because $q(x' \mid x) \ne q(x \mid x')$.
# - 1 point: the summed decision is hardly ever a move for large $n$; with a shared $u$ each chain is right but the chains depend on each other.
# ### END SOLUTION
