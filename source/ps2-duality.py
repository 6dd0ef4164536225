# ---
# jupyter:
#   course:
#     notebook: duality
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Constrained optimisation and duality
#
# You minimise a quadratic function under one linear constraint, through the dual problem.
# First you find the multiplier of the constraint, then the point.
# The same tool then gives the mixing weights of a mixture model.
# You derive the formulas on paper (Questions 1 and 2) and write them as code.
#
# ## How to work
#
# - Do Question 1 on paper before Task 1, and Question 2 before Task 3: the tasks ask for formulas that you derive there.
# - Run the notebook from top to bottom.
# - In each task, replace the lines `# YOUR CODE HERE` and `raise NotImplementedError()` by your own code.
# - Then run the check below it: silence means that it passed.
# - The cell after the imports holds helpers of the checks; you need not read it.
# - After your submission further checks run on other inputs: other dimensions, badly scaled problems, integer arrays.
# - Results are compared to eight digits. Use the exact formulas: an iterative optimiser or a penalty does not get that far.
# - A function never changes the arrays it is given.
# - The cell below this text checks the whole notebook, as often as you like.
# - Before you hand in, restart the kernel, run all cells, and check once more.
#
# ## Notation
#
# | symbol | meaning | in code | shape |
# |---|---|---|---|
# | $d$ | number of unknowns, at least 1 | `d` | number |
# | $x$ | the unknowns | `x` | `(d,)` |
# | $M$ | symmetric positive definite matrix | `M` | `(d, d)` |
# | $h$ | linear term | `h` | `(d,)` |
# | $b$ | normal of the constraint, not 0 | `b` | `(d,)` |
# | $c$ | bound of the constraint | `c` | number |
# | $\lambda$ | multiplier of the constraint, never negative | `lam` | number |
# | $n$, $K$ | number of points and of components | `n`, `k` | numbers |
# | $r_{ik}$ | responsibility: the share of point $i$ that belongs to component $k$ | `resp[i, k]` | `(n, k)` |
# | $\pi_k$ | mixing weight of component $k$; the weights sum to 1 | `weights[k]` | `(k,)` |
#
# A vector has shape `(d,)`, not `(d, 1)`.

# %% given="imports"
import contextlib

import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg

# %% given="checking"
from checking import as_numbers, as_results, ask, assert_same, assert_unchanged, quiet

# %% [markdown]
# ## Task 1: the multiplier
#
# The problem is
#
# $$
# \min_x \; x^\top M x + x^\top h
# \qquad \text{subject to} \qquad
# x^\top b \ge c .
# $$
#
# Its Lagrangian charges a price $\lambda \ge 0$ for every unit by which the constraint is broken:
#
# $$
# L(x, \lambda) = x^\top M x + x^\top h + \lambda \, (c - x^\top b) .
# $$
#
# For a fixed $\lambda$ let $x(\lambda)$ be the point that minimises $L$ over all $x$.
# The dual function is $g(\lambda) = L(x(\lambda), \lambda)$.
# Return the $\lambda^*$ that maximises $g$ over $\lambda \ge 0$.
#
# Where the minimum without the constraint satisfies it already, the constraint is *inactive*, and $\lambda^* = 0$.
#
# **Watch out.**
# There is no factor $\tfrac12$ in front of $x^\top M x$: what is its gradient?
# $M$ is any symmetric positive definite matrix, not only a diagonal one.
# A formula that forgets a matrix may still be right for $M = I$.


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    """Return the multiplier that solves the dual of the constrained quadratic problem.

    Parameters
    ----------
    M : ndarray, shape (d, d)
        Symmetric positive definite matrix.
    h : ndarray, shape (d,)
        Linear term.
    b : ndarray, shape (d,)
        Normal of the constraint x'b >= c, not 0.
    c : float
        Bound of the constraint.

    Returns
    -------
    float
        The multiplier, 0 when the constraint is inactive.
    """
    ### BEGIN SOLUTION
    factor = linalg.cho_factor(M)
    inverse_b = linalg.cho_solve(factor, b)  # (d,), the solution v of M v = b
    return max(0.0, float((2 * c + inverse_b @ h) / (inverse_b @ b)))
    ### END SOLUTION


# %% check="test_dual_multiplier" points=1
# Each case can be worked out by hand.
cases = [
    (
        "the point nearest to the origin with x1 + x2 >= 2",
        "That point is (1, 1), where the gradient of the objective is (2, 2). On the border it is "
        "the multiplier times b",
        np.eye(2),
        np.zeros(2),
        np.ones(2),
        2.0,
        2.0,
    ),
    (
        "3 x^2 - 2 x with 2 x >= 4",
        "At x = 2 the derivative is 10. Look at the factor 2, at the sign of h and at the place "
        "of M",
        np.array([[3.0]]),
        np.array([-2.0]),
        np.array([2.0]),
        4.0,
        5.0,
    ),
    (
        "M with entries 2, 1, 1, 3",
        "Its inverse has entries 3/5, -1/5, -1/5, 2/5. Where does it belong in the formula?",
        np.array([[2.0, 1.0], [1.0, 3.0]]),
        np.array([1.0, -2.0]),
        np.array([1.0, 2.0]),
        3.0,
        25 / 7,
    ),
    (
        "the point nearest to the origin with x1 + x2 >= -1",
        "The minimum without the constraint is the origin, and it satisfies the constraint. What "
        "is the price then?",
        np.eye(2),
        np.zeros(2),
        np.ones(2),
        -1.0,
        0.0,
    ),
]
for what, hint, M, h, b, c, expected in cases:
    value = ask(dual_multiplier, M.copy(), h.copy(), b.copy(), c)
    assert_same(value, expected, f"the multiplier for {what}", hint, atol=1e-10)


# %% check="test_dual_multiplier_other_inputs" points=2
# Hidden check: active constraints with d = 1 to 8, correlated and badly scaled M, integer and
# read-only arrays, and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def random_problem(rng, d, scales, gap):
    """Return M, h, b and a c that the free minimum misses by gap."""
    factor = rng.normal(size=(d, d)) + 2 * np.eye(d)
    M = factor @ factor.T * np.outer(scales, scales)
    h, b = scales * rng.normal(0, 2, d), scales * rng.normal(0, 2, d)
    free = -0.5 * np.linalg.solve(M, h)
    return M, h, b, float(b @ free + gap * np.sqrt(b @ np.linalg.solve(M, b)))


rng = np.random.default_rng(11)
cases = [
    (name, *random_problem(rng, d, np.array(scales, dtype=float), gap))
    for name, d, scales, gap in [
        ("d = 2", 2, [1, 1], 1.0),
        ("d = 3", 3, [1, 1, 1], 0.3),
        ("d = 5", 5, [1, 2, 1, 3, 1], 4.0),
        ("d = 8", 8, np.ones(8), 2.0),
        ("d = 1", 1, [2], 1.0),
        ("badly scaled", 3, [0.05, 1, 20], 1.5),
        ("small numbers", 2, [1e-3, 1e-3], 2.0),
        ("large numbers", 2, [1e3, 1e3], 2.0),
    ]
]
integers = (np.array([[4, 1], [1, 2]]), np.array([3, -1]), np.array([1, -2]), 5)
cases += [
    ("negative c", np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([4.0, 8]), np.array([1.0, 1]), -2),
    ("integers", *integers),
    ("read-only arrays", *(part.astype(float) for part in integers[:3]), 5.0),
]
for name, M, h, b, c in cases:
    # The reference: the linear system of the conditions 2 M x + h = lambda b and b'x = c.
    d = len(h)
    system = np.block([[2 * M, -b[:, None]], [b[None], np.zeros((1, 1))]])
    expected = np.linalg.solve(system, np.append(-h, c))[d]
    arguments = [M.copy(), h.copy(), b.copy()]
    for part in arguments:
        part.setflags(write=name != "read-only arrays")
    value = ask(dual_multiplier, *arguments, c)
    assert_unchanged("M, h, b", (M, h, b), arguments)
    assert_same(
        value,
        expected,
        f"the multiplier of an active constraint, {name}",
        "Does every factor, sign and matrix of the formula hold for any M, to eight digits?",
        atol=1e-10,
    )
### END HIDDEN TESTS


# %% check="test_dual_multiplier_inactive" points=1
# Hidden check: inactive constraints, in the interior, on the border and close to it, d = 1 to 6.
### BEGIN HIDDEN TESTS
def random_problem(rng, d, scales, gap):
    """Return M, h, b and a c that the free minimum misses by gap."""
    factor = rng.normal(size=(d, d)) + 2 * np.eye(d)
    M = factor @ factor.T * np.outer(scales, scales)
    h, b = scales * rng.normal(0, 2, d), scales * rng.normal(0, 2, d)
    free = -0.5 * np.linalg.solve(M, h)
    return M, h, b, float(b @ free + gap * np.sqrt(b @ np.linalg.solve(M, b)))


rng = np.random.default_rng(12)
cases = [
    (name, *random_problem(rng, d, np.array(scales, dtype=float), gap))
    for name, d, scales, gap in [
        ("d = 2, inside", 2, [1, 1], -1.0),
        ("d = 3, inside", 3, [1, 2, 1], -5.0),
        ("d = 6, inside", 6, np.ones(6), -0.5),
        ("d = 1, inside", 1, [2], -2.0),
        ("badly scaled, inside", 3, [0.05, 1, 20], -1.5),
        ("just inside", 2, [1, 2], -1e-3),
    ]
]
cases += [
    ("positive c, inside", np.eye(2), np.array([-8.0, -8.0]), np.array([1.0, 1.0]), 3.0),
    ("on the border", np.eye(2), np.array([-2.0, -4.0]), np.array([1.0, 1.0]), 3.0),
    ("on the border, at the origin", 2 * np.eye(3), np.zeros(3), np.array([1.0, -2.0, 0.0]), 0.0),
]
for name, M, h, b, c in cases:
    assert_same(
        ask(dual_multiplier, M.copy(), h.copy(), b.copy(), c),
        0.0,
        f"the multiplier where the free minimum is feasible, {name}",
        "A price is never negative, and nothing is paid where nothing is broken",
        atol=1e-10,
    )
# A little above the border the constraint is active again.
for gap in (1e-3, 1e-5):
    M, h, b, c = random_problem(rng, 2, np.ones(2), gap)
    expected = 2 * (c + 0.5 * b @ np.linalg.solve(M, h)) / (b @ np.linalg.solve(M, b))
    assert_same(
        ask(dual_multiplier, M.copy(), h.copy(), b.copy(), c),
        expected,
        "the multiplier where the free minimum breaks the constraint by very little",
        "The price is small there, but not 0. Is it rounded, or cut off too early?",
        atol=1e-10,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Task 2: the solution
#
# The solution of the problem is $x^* = x(\lambda^*)$, the minimiser of the Lagrangian at the best price.
# Return it together with $\lambda^*$, as the pair `(x, lam)`.
# You may call your `dual_multiplier`; a mistake in it counts only once.
#
# The conditions of Karush, Kuhn and Tucker (KKT) tell you whether a pair is right.
# They are
#
# $$
# \nabla_x L(x, \lambda) = 0, \qquad x^\top b \ge c, \qquad \lambda \ge 0, \qquad \lambda \, (x^\top b - c) = 0 .
# $$
#
# **Watch out.**
# With an inactive constraint the solution lies off the border.
# With an active one it lies on the border, but in general it is *not* the point of the border nearest to the free minimum.
# The distance that counts is the one that $M$ measures.


# %% solution="solve_constrained_quadratic"
def solve_constrained_quadratic(M, h, b, c):
    """Minimise x'Mx + x'h subject to x'b >= c.

    Parameters
    ----------
    M : ndarray, shape (d, d)
        Symmetric positive definite matrix.
    h : ndarray, shape (d,)
        Linear term.
    b : ndarray, shape (d,)
        Normal of the constraint, not 0.
    c : float
        Bound of the constraint.

    Returns
    -------
    x : ndarray, shape (d,)
        The minimiser.
    lam : float
        Multiplier of the constraint, 0 when it is inactive.
    """
    ### BEGIN SOLUTION
    lam = dual_multiplier(M, h, b, c)
    return 0.5 * np.linalg.solve(M, lam * b - h), lam
    ### END SOLUTION


# %% check="test_solve_constrained_quadratic" points=1
# Each case can be worked out by hand.
cases = [
    (
        "the point nearest to the origin with x1 + x2 >= 2",
        (np.eye(2), np.zeros(2), np.ones(2), 2.0),
        ([1.0, 1.0], 2.0),
    ),
    (
        "an active constraint and a matrix that is not diagonal",
        (np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -2.0]), np.array([1.0, 2.0]), 3.0),
        ([-1 / 7, 11 / 7], 25 / 7),
    ),
    (
        "an inactive constraint: the minimum without it is (2, 1)",
        (np.diag([1.0, 3.0]), np.array([-4.0, -6.0]), np.array([1.0, 1.0]), -5.0),
        ([2.0, 1.0], 0.0),
    ),
]
for name, (M, h, b, c), (best, price) in cases:
    result = ask(solve_constrained_quadratic, M.copy(), h.copy(), b.copy(), c)
    x, lam = as_results(result, "x, lam")
    hint = "First the point, with one axis, then the multiplier"
    x = as_numbers(x, (2,), f"x for {name}", hint, finite=False)
    agrees = False
    ### BEGIN HIDDEN TESTS
    # A mistake in dual_multiplier counts there, not here.
    with contextlib.suppress(Exception), quiet():
        used = [M.copy(), h.copy(), b.copy()]
        own = dual_multiplier(*used, c)
        for one, two, three in ((M, h, b), used):
            point = 0.5 * np.linalg.solve(one, float(np.squeeze(own)) * three - two)
            agrees |= (
                np.allclose(x, point, rtol=1e-8, atol=1e-10, equal_nan=True)
                and np.shape(lam) in ((), np.shape(own))
                and np.allclose(lam, np.squeeze(own), rtol=1e-8, atol=1e-10, equal_nan=True)
            )
    ### END HIDDEN TESTS
    if not agrees:
        lam = as_numbers(lam, (), f"lam for {name}", "The second result is one number")
        slope = 2 * M @ x + h - lam * b
        hint = (
            f"With your values the gradient of L in x is {[float(f'{s:.3g}') for s in slope]}, and "
            f"b'x - c is {b @ x - c:.3g}. What do the KKT conditions ask?"
        )
        assert_same(x, best, f"x for {name}", hint, atol=1e-10)
        assert_same(lam, price, f"lam for {name}", hint, atol=1e-10)


# %% check="test_solve_constrained_quadratic_other_inputs" points=2
# Hidden check: active constraints with d = 1 to 8, correlated and badly scaled M, integer and
# read-only arrays, and that the arguments stay as they are.
### BEGIN HIDDEN TESTS
def random_problem(rng, d, scales, gap):
    """Return M, h, b and a c that the free minimum misses by gap."""
    factor = rng.normal(size=(d, d)) + 2 * np.eye(d)
    M = factor @ factor.T * np.outer(scales, scales)
    h, b = scales * rng.normal(0, 2, d), scales * rng.normal(0, 2, d)
    free = -0.5 * np.linalg.solve(M, h)
    return M, h, b, float(b @ free + gap * np.sqrt(b @ np.linalg.solve(M, b)))


rng = np.random.default_rng(21)
cases = [
    (name, *random_problem(rng, d, np.array(scales, dtype=float), gap))
    for name, d, scales, gap in [
        ("d = 2", 2, [1, 1], 1.0),
        ("d = 3", 3, [1, 1, 1], 0.3),
        ("d = 5", 5, [1, 2, 1, 3, 1], 4.0),
        ("d = 8", 8, np.ones(8), 2.0),
        ("d = 1", 1, [2], 1.0),
        ("badly scaled", 3, [0.05, 1, 20], 1.5),
        ("small numbers", 2, [1e-3, 1e-3], 2.0),
        ("large numbers", 2, [1e3, 1e3], 2.0),
        ("the free minimum very close to feasible", 2, [1, 2], 1e-5),
    ]
]
integers = (np.array([[4, 1], [1, 2]]), np.array([3, -1]), np.array([1, -2]), 5)
cases += [
    ("negative c", np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([4.0, 8]), np.array([1.0, 1]), -2),
    ("integers", *integers),
    ("read-only arrays", *(part.astype(float) for part in integers[:3]), 5.0),
]
for name, M, h, b, c in cases:
    d = len(h)
    price = 2 * (c + 0.5 * b @ np.linalg.solve(M, h)) / (b @ np.linalg.solve(M, b))
    best = 0.5 * np.linalg.solve(M, price * b - h)
    wanted = [(best, price, ())]
    # The same with the student's own multiplier, which may have changed what it was given.
    used = [M.copy(), h.copy(), b.copy()]
    for part in used:
        part.setflags(write=name != "read-only arrays")
    with contextlib.suppress(Exception), quiet():
        own = dual_multiplier(*used, c)
        for one, two, three in ((M, h, b), used):
            point = 0.5 * np.linalg.solve(one, float(np.squeeze(own)) * three - two)
            wanted.append((point, float(np.squeeze(own)), np.shape(own)))
    if name == "read-only arrays" and len(wanted) == 1:
        continue  # dual_multiplier needs arrays that it can write to: that counts there
    arguments = [M.copy(), h.copy(), b.copy()]
    for part in arguments:
        part.setflags(write=name != "read-only arrays")
    x, lam = as_results(ask(solve_constrained_quadratic, *arguments, c), "x, lam")
    if not all(np.array_equal(*pair) for pair in zip(used, arguments, strict=True)):
        assert_unchanged("M, h, b", (M, h, b), arguments)
    what = f"for an active constraint, {name}"
    x = as_numbers(x, (d,), f"x {what}", "One axis, for any number of unknowns", finite=False)
    agrees = False
    for point, multiplier, shape in wanted:
        with contextlib.suppress(Exception), quiet():
            agrees |= (
                np.allclose(x, point, rtol=1e-8, atol=1e-10 * np.abs(point).max(), equal_nan=True)
                and np.shape(lam) in ((), shape)
                and np.allclose(lam, multiplier, rtol=1e-8, atol=1e-10, equal_nan=True)
            )
    if not agrees:
        hint = "Does the pair satisfy all KKT conditions, to eight digits?"
        lam = as_numbers(lam, (), f"lam {what}", "The second result is one number")
        assert_same(x, best, f"x {what}", hint, atol=1e-10 * np.abs(best).max())
        assert_same(lam, price, f"lam {what}", hint, atol=1e-10)
### END HIDDEN TESTS


# %% check="test_solve_constrained_quadratic_inactive" points=2
# Hidden check: inactive constraints, in the interior, on the border and close to it, d = 1 to 6.
### BEGIN HIDDEN TESTS
def random_problem(rng, d, scales, gap):
    """Return M, h, b and a c that the free minimum misses by gap."""
    factor = rng.normal(size=(d, d)) + 2 * np.eye(d)
    M = factor @ factor.T * np.outer(scales, scales)
    h, b = scales * rng.normal(0, 2, d), scales * rng.normal(0, 2, d)
    free = -0.5 * np.linalg.solve(M, h)
    return M, h, b, float(b @ free + gap * np.sqrt(b @ np.linalg.solve(M, b)))


rng = np.random.default_rng(22)
cases = [
    (name, *random_problem(rng, d, np.array(scales, dtype=float), gap))
    for name, d, scales, gap in [
        ("d = 2, inside", 2, [1, 1], -1.0),
        ("d = 3, inside", 3, [1, 2, 1], -5.0),
        ("d = 6, inside", 6, np.ones(6), -0.5),
        ("d = 1, inside", 1, [2], -2.0),
        ("badly scaled, inside", 3, [0.05, 1, 20], -1.5),
        ("just inside", 2, [1, 2], -1e-3),
    ]
]
cases += [
    ("positive c, inside", np.eye(2), np.array([-8.0, -8.0]), np.array([1.0, 1.0]), 3.0),
    ("on the border", np.eye(2), np.array([-2.0, -4.0]), np.array([1.0, 1.0]), 3.0),
    ("on the border, at the origin", 2 * np.eye(3), np.zeros(3), np.array([1.0, -2.0, 0.0]), 0.0),
]
for name, M, h, b, c in cases:
    d = len(h)
    best = -0.5 * np.linalg.solve(M, h)
    wanted = [(best, 0.0, ())]
    used = [M.copy(), h.copy(), b.copy()]
    with contextlib.suppress(Exception), quiet():
        # A mistake in dual_multiplier counts there, not here.
        own = dual_multiplier(*used, c)
        for one, two, three in ((M, h, b), used):
            point = 0.5 * np.linalg.solve(one, float(np.squeeze(own)) * three - two)
            wanted.append((point, float(np.squeeze(own)), np.shape(own)))
    result = ask(solve_constrained_quadratic, M.copy(), h.copy(), b.copy(), c)
    x, lam = as_results(result, "x, lam")
    what = f"where the free minimum is feasible, {name}"
    x = as_numbers(x, (d,), f"x {what}", "One axis, for any number of unknowns", finite=False)
    agrees = False
    for point, price, shape in wanted:
        with contextlib.suppress(Exception), quiet():
            agrees |= (
                np.allclose(
                    x, point, rtol=1e-8, atol=1e-10 * (1 + np.abs(point).max()), equal_nan=True
                )
                and np.shape(lam) in ((), shape)
                and np.allclose(lam, price, rtol=1e-8, atol=1e-10, equal_nan=True)
            )
    if not agrees:
        hint = "What is the gradient of the objective at a minimum off the border?"
        lam = as_numbers(lam, (), f"lam {what}", "The second result is one number")
        assert_same(x, best, f"x {what}", hint, atol=1e-10 * (1 + np.abs(best).max()))
        assert_same(lam, 0.0, f"lam {what}", hint, atol=1e-10)
### END HIDDEN TESTS

# %% [markdown]
# ## Task 3: mixing weights
#
# In the M-step of a mixture model every point $i$ belongs to component $k$ with the share $r_{ik}$.
# The shares of a point sum to 1.
# The effective number of points of component $k$ is $N_k = \sum_{i=1}^n r_{ik}$.
# The new mixing weights solve
#
# $$
# \max_{\pi} \; \sum_{k=1}^K N_k \log \pi_k
# \qquad \text{subject to} \qquad
# \sum_{k=1}^K \pi_k = 1 ,
# $$
#
# with $\pi_k \ge 0$, and a term with $N_k = 0$ counts as 0.
# Return them, with shape `(k,)`.
#
# **Watch out.**
# `resp` holds a row for each point and a column for each component.
# A component may own nothing at all; its weight is then 0.


# %% solution="mixing_weights"
def mixing_weights(resp):
    """Return the mixing weights that maximise the expected log-likelihood.

    Parameters
    ----------
    resp : ndarray, shape (n, k)
        Responsibilities; each row sums to 1.

    Returns
    -------
    ndarray, shape (k,)
        Mixing weights; they sum to 1.
    """
    ### BEGIN SOLUTION
    return resp.sum(axis=0) / len(resp)
    ### END SOLUTION


# %% check="test_mixing_weights" points=1
# Four points and three components.
resp = np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
hint = "One weight a component. Over which axis do you sum?"
weights = as_numbers(ask(mixing_weights, resp.copy()), (3,), "weights of 3 components", hint)
assert_same(weights.sum(), 1, "sum of the weights", "By what do you divide?")
assert_same(
    weights,
    [0.5, 0.375, 0.125],
    "weights",
    "The components own 2, 1.5 and 0.5 of the 4 points. Does a share of a point count as a share?",
)

# One component owns everything.
hint = "It has all the weight. Does the result keep its axis?"
assert_same(ask(mixing_weights, np.ones((5, 1))), [1.0], "weights of a single component", hint)

# %% check="test_mixing_weights_other_inputs" points=2
# Hidden check: other inputs (n = 1, k = 1 to 6, n = k, an empty component, tiny shares, integer and
# read-only arrays), and that the argument stays as it is.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(31)
empty = rng.dirichlet(np.ones(3), 7)[:, [0, 1, 2, 2]] * [1.0, 1.0, 0.0, 1.0]
tiny = np.column_stack([np.full(6, 0.25), np.full(6, 0.75), rng.uniform(1, 2, 6) * 1e-20])
cases = [
    ("k = 2", rng.dirichlet(np.ones(2), 9)),
    ("k = 6", rng.dirichlet([0.1, 0.5, 1, 2, 4, 8], 40)),
    ("n = k = 3", rng.dirichlet([0.2, 1.0, 3.0], 3)),
    ("n < k", rng.dirichlet(np.ones(5), 2)),
    ("n = 1", np.array([[0.25, 0.75]])),
    ("n = k = 1", np.ones((1, 1))),
    ("an empty component", empty),
    ("tiny shares of the last component", tiny),
    ("tiny shares of the first component", tiny[:, ::-1]),
    ("integers", np.array([[0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]])),
    ("read-only array", rng.dirichlet(np.ones(4), 11)),
]
for name, resp in cases:
    n, k = resp.shape
    expected = [sum(float(resp[i, j]) for i in range(n)) / n for j in range(k)]
    argument = resp.copy()
    argument.setflags(write=name != "read-only array")
    weights = ask(mixing_weights, argument)
    assert_unchanged("resp", (resp,), (argument,))
    assert_same(
        weights,
        expected,
        f"weights, {name}",
        f"One weight a component: is it the component's share of all {n} points?",
        atol=1e-40,
    )
### END HIDDEN TESTS

# %% [markdown]
# ## The solutions in pictures
#
# On the left the constraint is active, in the middle it is not.
# Lines connect points of equal value; the shaded half plane is forbidden, the other half is feasible.
# The square is the minimum without the constraint, and the dot is your solution.
# Where the constraint is active, the gradient of the objective points along $b$.
# It does so although the dot is not the point of the border nearest to the square.
#
# On the right are the 40 points of the one-dimensional example of the course, each of which belongs to one of two components.
# The curve is the objective of Task 3 as a function of the first weight, and the triangle is your weight.

# %% given="figure"
from mixcore import datasets, plotting

figure, panels = plt.subplots(1, 3, figsize=(12, 4.6), layout="constrained")
M, h, b = np.array([[1.0, 0.6], [0.6, 2.0]]), np.array([-2.0, 1.0]), np.array([1.0, 1.0])
for ax, c, name in [(panels[0], 3.0, "active"), (panels[1], -1.0, "inactive")]:
    x, lam = solve_constrained_quadratic(M, h, b, c)
    plotting.quadratic_with_constraint(M, h, b, c, x, ax=ax, extent=(-2.5, 4.5, -3.5, 3.5))
    ax.set_title(f"{name}: λ = {lam:.3f}")
    print(
        f"{name}: x = {np.round(x, 3)}, lambda = {lam:.3f}, b'x - c = {b @ np.asarray(x) - c:.3f}"
    )

labels = datasets.load("two_gaussians_1d").labels
resp = np.eye(2)[labels]  # (40, 2), a single 1 in each row
weights, counts = mixing_weights(resp), resp.sum(axis=0)
grid = np.linspace(0.01, 0.99, 200)
blue, red = plotting.component_colours(2)
panels[2].plot(grid, counts[0] * np.log(grid) + counts[1] * np.log(1 - grid), color=blue)
height = counts[0] * np.log(weights[0]) + counts[1] * np.log(weights[1])
panels[2].plot(weights[0], height, "^", color=red, markersize=10, label="mixing_weights(resp)")
panels[2].set(
    xlabel="first weight",
    ylabel="objective of Task 3 (nats)",
    title=f"{counts[0]:.0f} and {counts[1]:.0f} points: weights {np.round(weights, 3)}",
)
panels[2].set_box_aspect(1)
panels[2].legend(loc="lower center", fontsize="small")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower left", ncols=4)
plt.show()

# %% [markdown]
# ## Question 1: the dual of the constrained quadratic (4 points)
#
# 1. Find $x(\lambda)$, the minimiser of $L(x, \lambda)$ over $x$ for a fixed $\lambda$, and say why it is a minimum.
# 2. Put it into $L$ to find the dual function $g(\lambda)$.
# 3. Maximise $g$ over $\lambda \ge 0$ and find the formula for $\lambda^*$.
#    Explain the case in which the stationary point of $g$ is negative.
# 4. Show that $x(\lambda^*)$ is feasible and solves the problem, in both cases.

# %% [markdown] written="derivation_dual" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. The gradient of $L$ in $x$ is $2 M x + h - \lambda b$, because $M$ is symmetric.
#    It is 0 at
#    $$x(\lambda) = \tfrac12 M^{-1} (\lambda b - h) .$$
#    The matrix of second derivatives is $2M$, which is positive definite.
#    So $L$ is strictly convex in $x$, and the stationary point is its only minimum.
# 2. Write $v = \lambda b - h$, so that $L = x^\top M x - x^\top v + \lambda c$ and $x(\lambda) = \tfrac12 M^{-1} v$.
#    Then $x^\top M x = \tfrac14 v^\top M^{-1} v$ and $x^\top v = \tfrac12 v^\top M^{-1} v$, hence
#    $$g(\lambda) = \lambda c - \tfrac14 (\lambda b - h)^\top M^{-1} (\lambda b - h) .$$
# 3. The derivative is
#    $$g'(\lambda) = c - \tfrac12 b^\top M^{-1} (\lambda b - h) = c + \tfrac12 b^\top M^{-1} h - \tfrac12 \lambda \, b^\top M^{-1} b .$$
#    The second derivative $-\tfrac12 b^\top M^{-1} b$ is negative, since $b \ne 0$ and $M^{-1}$ is positive definite: $g$ is concave.
#    Its stationary point is $\bar\lambda = (2c + b^\top M^{-1} h) / (b^\top M^{-1} b)$.
#    If $\bar\lambda \ge 0$ it is the maximum.
#    If $\bar\lambda < 0$, the concave $g$ falls on all of $\lambda \ge 0$, so the maximum there is at 0.
#    Together
#    $$\lambda^* = \max\!\left( 0, \; \frac{2c + b^\top M^{-1} h}{b^\top M^{-1} b} \right) .$$
# 4. Note that $g'(\lambda) = c - b^\top x(\lambda)$.
#    If $\lambda^* > 0$, then $g'(\lambda^*) = 0$, so $b^\top x(\lambda^*) = c$: feasible, on the border.
#    If $\lambda^* = 0$, then $g'(0) \le 0$, so $b^\top x(0) \ge c$: feasible.
#    In both cases $\lambda^* (c - b^\top x(\lambda^*)) = 0$, so the objective $f(x) = x^\top M x + x^\top h$ has at $x(\lambda^*)$ the value $L(x(\lambda^*), \lambda^*) = g(\lambda^*)$.
#    For every feasible $x$, because $\lambda^* \ge 0$ and $c - x^\top b \le 0$,
#    $$f(x) \ge f(x) + \lambda^* (c - x^\top b) = L(x, \lambda^*) \ge g(\lambda^*) = f(x(\lambda^*)) .$$
#    So no feasible point is better.
#
# **Rubric.**
#
# - 1 point: $x(\lambda)$ with the gradient $2Mx$, and convexity as the reason for a minimum.
# - 1 point: $g(\lambda)$ with its quadratic term and the right signs.
# - 1 point: the stationary point and the maximum with 0, with the reason (concavity, or the sign of $g'$ on $\lambda \ge 0$).
# - 1 point: feasibility in both cases, and optimality by weak duality or by the KKT conditions for a convex problem.
# ### END SOLUTION

# %% [markdown]
# ## Question 2: the mixing weights (4 points)
#
# Let $N_k > 0$ for all $k$, with $\sum_k N_k = n$.
#
# 1. Write the Lagrangian of the problem of Task 3 for the constraint $\sum_k \pi_k = 1$, with a multiplier $\nu$, and derive $\pi_k = N_k / n$ from it.
#    What is the value of $\nu$?
# 2. Show that this is the global maximum, and not only a stationary point.
# 3. The conditions $\pi_k \ge 0$ have no multiplier in part 1.
#    Why may they be left out?
# 4. What happens if $N_k = 0$ for one $k$?

# %% [markdown] written="derivation_weights" points=4
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. The Lagrangian is
#    $$L(\pi, \nu) = \sum_{k=1}^K N_k \log \pi_k + \nu \Bigl( 1 - \sum_{k=1}^K \pi_k \Bigr) .$$
#    Its derivative with respect to $\pi_k$ is $N_k / \pi_k - \nu$, which is 0 for $\pi_k = N_k / \nu$.
#    The constraint gives $1 = \sum_k N_k / \nu = n / \nu$, so $\nu = n$ and
#    $$\pi_k = \frac{N_k}{n} .$$
# 2. The objective is a sum of the concave functions $N_k \log \pi_k$, and the constraint is linear.
#    For a concave objective and a linear constraint a stationary point of the Lagrangian is a global maximum: $L(\cdot, n)$ is concave, so its stationary point maximises it over all $\pi$, and on the constraint $L$ equals the objective.
#    As each $N_k > 0$, the objective is strictly concave, and the maximum is the only one.
#    (Another way: with $\hat\pi_k = N_k / n$ the objective at $\hat\pi$ minus the objective at $\pi$ is $n \sum_k \hat\pi_k \log (\hat\pi_k / \pi_k)$, a Kullback-Leibler divergence times $n$, which is never negative.)
# 3. The logarithm goes to minus infinity as $\pi_k \to 0$, so no maximum lies on the border, and negative $\pi_k$ are outside its domain.
#    The solution found is positive by itself: the conditions are inactive, and inactive conditions have multiplier 0.
# 4. A component with $N_k = 0$ adds nothing to the objective, but a positive $\pi_k$ takes weight away from the others.
#    So its best weight is 0, the border of the domain, in agreement with $N_k / n = 0$.
#    (In the KKT conditions the multiplier of $\pi_k \ge 0$ is then active, with value $n$.)
#
# **Rubric.**
#
# - 1 point: the Lagrangian, its derivative, and $\pi_k = N_k / \nu$.
# - 1 point: the multiplier from the constraint, $\nu = n$, and the result.
# - 1 point: global maximum, by concavity or by the Kullback-Leibler divergence.
# - 1 point: why $\pi_k \ge 0$ needs no multiplier for $N_k > 0$, and weight 0 for $N_k = 0$ with a reason.
# ### END SOLUTION
