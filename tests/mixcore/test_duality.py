import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from mixcore.duality import (
    dual_function,
    dual_multiplier,
    kkt_residuals,
    solve_constrained_quadratic,
)

repeatable = settings(deadline=None, max_examples=60, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def random_problem(seed, d, *, log10_condition=2.0):
    """Return M with the given condition number and random h, b and c; both cases occur."""
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.standard_normal((d, d)))
    M = (q * np.logspace(0, log10_condition, d)) @ q.T
    return (M + M.T) / 2, rng.standard_normal(d), rng.standard_normal(d), rng.normal(scale=0.3)


def by_scipy(M, h, b, c):
    constraint = {"type": "ineq", "fun": lambda x: b @ x - c, "jac": lambda x: b}
    return minimize(
        lambda x: x @ M @ x + x @ h, b * c / (b @ b), jac=lambda x: 2 * M @ x + h,
        method="SLSQP", constraints=[constraint], options={"ftol": 1e-14, "maxiter": 1000},
    )  # fmt: skip


@repeatable
@given(seed=seeds, d=st.sampled_from([1, 2, 3, 5, 20]))
def test_a_general_solver_finds_the_same_minimum(seed, d):
    problem = random_problem(seed, d, log10_condition=1.0)
    solution, other = solve_constrained_quadratic(*problem), by_scipy(*problem)
    np.testing.assert_allclose(solution.x, other.x, atol=1e-5)
    assert solution.value == pytest.approx(other.fun, abs=1e-8)


@repeatable
@given(seed=seeds, d=st.sampled_from([1, 2, 3, 5, 20]))
def test_every_kkt_residual_is_zero(seed, d):
    problem = random_problem(seed, d)
    solution = solve_constrained_quadratic(*problem)
    residuals = kkt_residuals(*problem, solution.x, solution.multiplier)
    assert max(residuals.values()) < 1e-8
    assert solution.multiplier == dual_multiplier(*problem)
    assert solution.active == (solution.multiplier > 0)


def test_the_random_problems_hold_both_cases():
    active = [solve_constrained_quadratic(*random_problem(seed, 3)).active for seed in range(50)]
    assert 10 < sum(active) < 40


@repeatable
@given(seed=seeds, d=st.sampled_from([1, 2, 5]))
def test_weak_and_strong_duality(seed, d):
    problem = random_problem(seed, d)
    M, h, b, c = problem
    solution = solve_constrained_quadratic(*problem)
    multipliers = np.linspace(0, 3 * solution.multiplier + 5, 100)
    bounds = dual_function(*problem, multipliers)
    rounding = 1e-12 * (1 + abs(solution.value))
    assert (bounds <= solution.value + rounding).all()
    assert solution.dual_value == pytest.approx(solution.value, rel=1e-9, abs=1e-12)
    assert solution.dual_value == dual_function(*problem, solution.multiplier)
    # No feasible point does better.
    x = solution.x + np.random.default_rng(seed).standard_normal((200, d))
    x += np.maximum(0, c - x @ b)[:, None] * b / (b @ b)  # moved onto the constraint
    assert (np.einsum("ni,ij,nj->n", x, M, x) + x @ h >= solution.value - rounding).all()


@repeatable
@given(seed=seeds, multiplier=st.floats(-5, 5))
def test_the_dual_function_is_the_lowest_value_of_the_lagrangian(seed, multiplier):
    M, h, b, c = random_problem(seed, 3)
    lagrangian = minimize(
        lambda x: x @ M @ x + x @ h + multiplier * (c - x @ b), np.zeros(3),
        jac=lambda x: 2 * M @ x + h - multiplier * b, method="BFGS", options={"gtol": 1e-10},
    )  # fmt: skip
    assert dual_function(M, h, b, c, multiplier) == pytest.approx(lagrangian.fun, abs=1e-8)


@repeatable
@given(seed=seeds, d=st.sampled_from([2, 5, 20]), log10_scale=st.floats(0.1, 10))
def test_the_scale_of_the_constraint_does_not_matter(seed, d, log10_scale):
    M, h, b, c = random_problem(seed, d)
    scale = 10**log10_scale
    plain = solve_constrained_quadratic(M, h, b, c)
    scaled = solve_constrained_quadratic(M, h, scale * b, scale * c)
    np.testing.assert_allclose(scaled.x, plain.x, rtol=1e-9, atol=1e-12)
    assert scaled.multiplier * scale == pytest.approx(plain.multiplier, rel=1e-9, abs=1e-12)


def test_active_inactive_and_boundary_by_hand():
    # x^2 - 2x has its minimum -1 at x = 1.
    inactive = solve_constrained_quadratic([[1.0]], [-2.0], [1.0], 0.0)
    assert (inactive.x.item(), inactive.multiplier, inactive.value) == (1.0, 0.0, -1.0)
    assert not inactive.active
    # With x >= 3 the derivative there, 2 * 3 - 2 = 4, is the multiplier.
    active = solve_constrained_quadratic([[1.0]], [-2.0], [1.0], 3.0)
    assert (active.x.item(), active.multiplier, active.value) == (3.0, 4.0, 3.0)
    assert active.active
    # With x >= 1 the constraint holds with equality, but nothing is lost by leaving it out.
    boundary = solve_constrained_quadratic([[1.0]], [-2.0], [1.0], 1.0)
    assert (boundary.x.item(), boundary.multiplier, boundary.active) == (1.0, 0.0, False)


@pytest.mark.parametrize("c", [5.0, -1e6])
@pytest.mark.parametrize("seed", range(10))
def test_badly_scaled_matrix(seed, c):
    M, h, b, _ = random_problem(seed, 20, log10_condition=8.0)
    solution = solve_constrained_quadratic(M, h, b, c)
    residuals = kkt_residuals(M, h, b, c, solution.x, solution.multiplier)
    assert solution.active == (c > 0)
    # A backward stable solve leaves about 1e-16 times the size of the terms that cancel.
    terms = np.abs(2 * M) @ np.abs(solution.x) + np.abs(h) + solution.multiplier * np.abs(b)
    assert residuals["stationarity"] < 1e-13 * terms.max()
    assert residuals["primal feasibility"] < 1e-8 * abs(c)
    assert solution.dual_value == pytest.approx(solution.value, rel=1e-7)


def test_badly_scaled_coordinates_lose_nothing():
    # Other units for each coordinate: M -> D M D, h -> D h, b -> D b, x -> x / D.
    M, h, b, c = random_problem(4, 5)
    units = np.logspace(-4, 4, 5)
    plain = solve_constrained_quadratic(M, h, b, c)
    scaled = solve_constrained_quadratic(units[:, None] * M * units, units * h, units * b, c)
    np.testing.assert_allclose(units * scaled.x, plain.x, rtol=1e-12)


def test_kkt_residuals_tell_the_conditions_apart():
    problem = ([[1.0]], [-2.0], [1.0], 3.0)  # solution 3 with multiplier 4
    zero = dict.fromkeys(
        ["stationarity", "primal feasibility", "dual feasibility", "complementary slackness"], 0.0
    )
    assert kkt_residuals(*problem, [3.0], 4.0) == zero
    assert kkt_residuals(*problem, [1.0], 0.0) == zero | {"primal feasibility": 2.0}
    # x = 4 needs the price 6, and is not on the boundary.
    assert kkt_residuals(*problem, [4.0], 6.0) == zero | {"complementary slackness": 6.0}
    assert kkt_residuals(*problem, [3.0], 3.0) == zero | {"stationarity": 1.0}
    # Where x >= 0 the point 0 is on the boundary, but its price is negative.
    assert kkt_residuals([[1.0]], [2.0], [-1.0], 0.0, [0.0], -2.0)["dual feasibility"] == 2.0


def test_dual_function_keeps_the_shape_and_changes_nothing():
    problem = [np.eye(2), np.ones(2), np.ones(2), 1.0]
    copies = [np.copy(part) for part in problem]
    multipliers = np.arange(6.0).reshape(2, 3)
    bounds = dual_function(*problem, multipliers)
    assert bounds.shape == (2, 3)
    assert dual_function(*problem, 4) == bounds[1, 1]
    assert isinstance(dual_function(*problem, 4), float)
    solve_constrained_quadratic(*problem)
    assert all(np.array_equal(a, b) for a, b in zip(problem, copies, strict=True))


def test_lists_of_integers_are_accepted():
    solution = solve_constrained_quadratic([[2, 0], [0, 1]], [0, 0], [0, 1], 1)
    assert solution.x.tolist() == [0.0, 1.0]
    assert solution.value == 1.0


def test_rounding_in_the_matrix_is_no_asymmetry():
    M, h, b, c = random_problem(0, 3)
    M[0, 1] *= 1 + 1e-12
    solve_constrained_quadratic(M, h, b, c)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"M": [[1.0, 0.5], [0.0, 1.0]]}, r"M is not symmetric.* 0\.5; use \(M \+ M\.T\) / 2"),
        ({"M": [[1.0, 2.0], [2.0, 1.0]]}, "M is not positive definite.* -1;"),
        ({"M": [[1.0, 1.0], [1.0, 1.0]]}, "M is not positive definite"),
        ({"M": np.zeros((2, 2))}, "M is not positive definite"),
        ({"b": [0.0, 0.0]}, "b is 0"),
        ({"b": [1e-200, 0.0]}, "divide b and c"),
        ({"h": [1.0, 2.0, 3.0]}, r"h \(3,\)"),
        ({"M": np.eye(3)}, r"M has shape \(3, 3\)"),
        ({"c": [1.0]}, r"c \(1,\)"),
        ({"M": np.zeros((0, 0)), "h": [], "b": []}, "d >= 1"),
        ({"h": [np.nan, 0.0]}, "h holds nan"),
        ({"c": np.inf}, "c holds inf"),
        ({"M": [[1.0, np.nan], [np.nan, 1.0]]}, "M holds nan"),
    ],
)
def test_bad_input_is_named(changes, words):
    problem = {"M": np.eye(2), "h": [0.0, 0.0], "b": [1.0, 0.0], "c": 1.0} | changes
    for solve in (dual_multiplier, solve_constrained_quadratic):
        with pytest.raises(ValueError, match=words):
            solve(**problem)


def test_bad_candidates_are_named():
    problem = (np.eye(2), [0.0, 0.0], [1.0, 0.0], 1.0)
    with pytest.raises(ValueError, match=r"x has shape \(3,\)"):
        kkt_residuals(*problem, np.zeros(3), 0.0)
    with pytest.raises(ValueError, match=r"multiplier \(1,\)"):
        kkt_residuals(*problem, np.zeros(2), [0.0])
    with pytest.raises(ValueError, match="multiplier holds nan"):
        dual_function(*problem, np.nan)
