r"""A quadratic programme with one constraint, solved through its dual.

The problem, with M symmetric positive definite and :math:`b \ne 0`, is

.. math:: \min_x \; x^\top M x + x^\top h \quad \text{subject to} \quad x^\top b \ge c .

**Lagrangian.**  The *multiplier* :math:`\lambda \ge 0` is the price of breaking the constraint:

.. math:: L(x, \lambda) = x^\top M x + x^\top h + \lambda (c - x^\top b) .

For a fixed multiplier L is strictly convex in x.  Its gradient :math:`2 M x + h - \lambda b` is
zero at :math:`x(\lambda) = \tfrac12 M^{-1} (\lambda b - h)`.

**Dual.**  Put back into L, this gives the *dual function*

.. math:: g(\lambda) = \min_x L(x, \lambda)
          = -\tfrac14 (\lambda b - h)^\top M^{-1} (\lambda b - h) + \lambda c .

For a feasible x and :math:`\lambda \ge 0` we have
:math:`g(\lambda) \le L(x, \lambda) \le x^\top M x + x^\top h`: *weak duality*.  The dual problem
asks for the largest of these lower bounds.  The function g is concave with the slope
:math:`g'(\lambda) = c - \tfrac12 b^\top M^{-1} (\lambda b - h) = c - x(\lambda)^\top b`, so on
:math:`\lambda \ge 0` it is largest at

.. math:: \lambda^* = \max\Bigl(0, \; \frac{2 c + b^\top M^{-1} h}{b^\top M^{-1} b}\Bigr),
          \qquad x^* = \tfrac12 M^{-1} (\lambda^* b - h) .

**Two cases.**  If :math:`\lambda^* > 0`, the slope is zero there, so :math:`b^\top x^* = c`: the
constraint is *active*.  If :math:`\lambda^* = 0`, the slope is not positive, so
:math:`b^\top x^* \ge c`: the minimum without the constraint already satisfies it.  In both cases
x* is feasible and :math:`\lambda^* (c - b^\top x^*) = 0`, so its value equals
:math:`L(x^*, \lambda^*) = g(\lambda^*)`: *strong duality*.  No feasible x can have a value below
:math:`g(\lambda^*)`, so x* is the solution.

**KKT conditions.**  Stationarity :math:`2 M x + h = \lambda b`; primal feasibility
:math:`b^\top x \ge c`; dual feasibility :math:`\lambda \ge 0`; complementary slackness
:math:`\lambda (b^\top x - c) = 0`.  For a convex problem they are necessary and sufficient.

**Computation.**  With the Cholesky factor :math:`M = R R^\top`, :math:`u = R^{-1} b` and
:math:`w = R^{-1} h` we have :math:`b^\top M^{-1} h = u^\top w`, and so on: no inverse is formed.

**Mixing weights** come from the same tool.  The M-step of a mixture maximises
:math:`\sum_k N_k \log \pi_k` subject to :math:`\sum_k \pi_k = 1`.  The Lagrangian
:math:`\sum_k N_k \log \pi_k + \nu (1 - \sum_k \pi_k)` is stationary at
:math:`\pi_k = N_k / \nu`, and the constraint gives :math:`\nu = \sum_k N_k = N`.

References
----------
S. Boyd, L. Vandenberghe, *Convex Optimization*, Cambridge University Press 2004, chapter 5.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from mixcore._validation import as_array

__all__ = [
    "QuadraticSolution",
    "dual_function",
    "dual_multiplier",
    "kkt_residuals",
    "solve_constrained_quadratic",
]


@dataclass(frozen=True, eq=False)
class QuadraticSolution:
    r"""What :func:`solve_constrained_quadratic` returns.

    Attributes
    ----------
    x : ndarray, shape (d,)
        The minimiser :math:`x^* = \tfrac12 M^{-1} (\lambda^* b - h)`.
    multiplier : float
        :math:`\lambda^* \ge 0`.
    value : float
        :math:`x^{*\top} M x^* + x^{*\top} h`.
    dual_value : float
        :math:`g(\lambda^*)`, equal to ``value`` up to rounding.
    active : bool
        Whether the multiplier is positive; False means that the constraint could be left out.
    """

    x: np.ndarray
    multiplier: float
    value: float
    dual_value: float
    active: bool


def _prepare(M, h, b, c):
    """Return the checked problem with R (d, d), M = R R', u = R^-1 b (d,) and w = R^-1 h (d,)."""
    M, h, b, c = as_array(M, "M"), as_array(h, "h"), as_array(b, "b"), as_array(c, "c")
    d = h.size
    if d == 0 or h.shape != (d,) or b.shape != (d,) or M.shape != (d, d) or c.ndim != 0:
        raise ValueError(
            f"M has shape {M.shape}, h {h.shape}, b {b.shape} and c {c.shape}; "
            "they must be (d, d), (d,), (d,) and () with d >= 1"
        )
    if not b.any():
        raise ValueError("b is 0, so x does not enter the constraint; give a b that is not 0")
    scale = np.sqrt(np.abs(np.diagonal(M)))  # a positive definite M has |M_ij| < scale_i scale_j
    gap = np.abs(M - M.T)
    if (gap > 1e-8 * np.outer(scale, scale)).any():
        raise ValueError(
            f"M is not symmetric: it differs from its transpose by up to {gap.max():.3g}; "
            "use (M + M.T) / 2, which gives the same x'Mx"
        )
    try:
        factor = np.linalg.cholesky(M)
    except np.linalg.LinAlgError:
        raise ValueError(
            f"M is not positive definite: its smallest eigenvalue is {np.linalg.eigvalsh(M)[0]:.3g}"
            "; without a positive definite M the problem may have no minimum"
        ) from None
    u, w = solve_triangular(factor, np.stack([b, h], axis=1), lower=True).T
    return M, h, b, float(c), factor, u, w


def _multiplier(u, w, c):
    with np.errstate(all="ignore"):
        multiplier = float((2 * c + u @ w) / (u @ u))
    if not np.isfinite(multiplier):
        raise ValueError(
            f"the multiplier is {multiplier}, because b'M^-1 b is {u @ u:.3g}; "
            "rescale the constraint: divide b and c by the largest entry of b"
        )
    return max(0.0, multiplier)


def _dual(u, w, c, multiplier):
    residual = np.multiply.outer(multiplier, u) - w  # (..., d)
    return multiplier * c - 0.25 * (residual**2).sum(axis=-1)


def dual_multiplier(M, h, b, c):
    r"""Return the multiplier that solves the dual problem.

    It is :math:`\lambda^* = \max(0, (2 c + b^\top M^{-1} h) / (b^\top M^{-1} b))`.

    Parameters
    ----------
    M : array_like, shape (d, d)
        Symmetric positive definite matrix.
    h : array_like, shape (d,)
        Linear term.
    b : array_like, shape (d,)
        Normal of the constraint, not 0.
    c : float
        Bound of the constraint.

    Returns
    -------
    float
        :math:`\lambda^*`; 0 when the constraint is inactive.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a value is NaN or infinite, M is not symmetric positive
        definite, b is 0, or the multiplier overflows.

    References
    ----------
    Boyd and Vandenberghe (2004), section 5.2.

    Examples
    --------
    >>> dual_multiplier([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0], [1.0, 1.0], 2.0)
    2.0
    """
    _, _, _, c, _, u, w = _prepare(M, h, b, c)
    return _multiplier(u, w, c)


def dual_function(M, h, b, c, multiplier):
    r"""Return the dual function g at one or many multipliers.

    It is :math:`g(\lambda) = -\tfrac14 (\lambda b - h)^\top M^{-1} (\lambda b - h) + \lambda c`.

    Parameters
    ----------
    M, h, b, c
        The problem, as for :func:`dual_multiplier`.
    multiplier : array_like
        Multipliers :math:`\lambda`, of any shape; those below 0 give no bound of the problem.

    Returns
    -------
    float or ndarray, shape of multiplier
        A float for a single multiplier.

    Raises
    ------
    ValueError
        As for :func:`dual_multiplier`.

    References
    ----------
    Boyd and Vandenberghe (2004), section 5.1.

    Examples
    --------
    >>> dual_function([[1.0]], [0.0], [1.0], 1.0, [0.0, 2.0, 4.0])
    array([0., 1., 0.])
    """
    _, _, _, c, _, u, w = _prepare(M, h, b, c)
    g = _dual(u, w, c, as_array(multiplier, "multiplier"))
    return g if g.ndim else float(g)


def solve_constrained_quadratic(M, h, b, c):
    r"""Minimise a quadratic function under one linear constraint.

    The function is :math:`x^\top M x + x^\top h`, the constraint :math:`x^\top b \ge c`.

    Parameters
    ----------
    M, h, b, c
        The problem, as for :func:`dual_multiplier`.

    Returns
    -------
    QuadraticSolution
        The minimiser, the multiplier, and the values of the problem and of its dual.

    Raises
    ------
    ValueError
        As for :func:`dual_multiplier`.

    References
    ----------
    Boyd and Vandenberghe (2004), sections 5.2 and 5.5.

    Examples
    --------
    The point with :math:`x_1 + x_2 \ge 2` that is nearest to the origin:

    >>> solution = solve_constrained_quadratic([[1.0, 0.0], [0.0, 1.0]], [0, 0], [1, 1], 2)
    >>> solution.x, solution.active, solution.value
    (array([1., 1.]), True, 2.0)
    """
    M, h, _, c, factor, u, w = _prepare(M, h, b, c)
    multiplier = _multiplier(u, w, c)
    x = 0.5 * solve_triangular(factor, multiplier * u - w, lower=True, trans="T")  # (d,)
    value, dual_value = float(x @ M @ x + x @ h), float(_dual(u, w, c, multiplier))
    return QuadraticSolution(x, multiplier, value, dual_value, multiplier > 0)


def kkt_residuals(M, h, b, c, x, multiplier):
    r"""Return by how much a point and a multiplier miss each of the KKT conditions.

    Parameters
    ----------
    M, h, b, c
        The problem, as for :func:`dual_multiplier`.
    x : array_like, shape (d,)
        Point, from this module or from any other solver.
    multiplier : float
        Its multiplier :math:`\lambda`.

    Returns
    -------
    dict of str to float
        ``"stationarity"``: the largest entry of :math:`|2 M x + h - \lambda b|`;
        ``"primal feasibility"``: :math:`\max(0, c - b^\top x)`;
        ``"dual feasibility"``: :math:`\max(0, -\lambda)`;
        ``"complementary slackness"``: :math:`|\lambda (b^\top x - c)|`.
        All are 0 at the solution, and only there.

    Raises
    ------
    ValueError
        As for :func:`dual_multiplier`, or if ``x`` is not (d,) or ``multiplier`` not a number.

    References
    ----------
    Boyd and Vandenberghe (2004), section 5.5.3.

    Examples
    --------
    >>> kkt_residuals([[1.0]], [0.0], [1.0], 1.0, x=[0.0], multiplier=0.0)["primal feasibility"]
    1.0
    """
    M, h, b, c, *_ = _prepare(M, h, b, c)
    x, multiplier = as_array(x, "x"), as_array(multiplier, "multiplier")
    if x.shape != h.shape or multiplier.ndim != 0:
        raise ValueError(
            f"x has shape {x.shape}, multiplier {multiplier.shape}; they must be {h.shape} and ()"
        )
    slack = x @ b - c
    return {
        "stationarity": float(np.abs(2 * M @ x + h - multiplier * b).max()),
        "primal feasibility": float(max(0.0, -slack)),
        "dual feasibility": float(max(0.0, -multiplier)),
        "complementary slackness": float(abs(multiplier * slack)),
    }
