"""Figures of a quadratic under one linear constraint, and of its dual."""

import numpy as np

from mixcore._validation import as_array
from mixcore.plotting.style import COLOURS, LINES, MARKERS, NEUTRAL, axes_or_current

__all__ = ["dual_curve", "quadratic_with_constraint"]


def quadratic_with_constraint(M, h, b, c, x, *, ax=None, extent=None, levels=9):
    r"""Draw the problem of minimising a quadratic function under one linear constraint.

    The problem is that of :func:`mixcore.solve_constrained_quadratic`.  Drawn are lines of equal
    value, the half plane that the constraint forbids, the minimum without the constraint, and ``x``
    with two arrows: the gradient of the objective and the normal b of the constraint.  At an
    optimum on the border they point the same way.  Arrows show directions; all have the same
    length.

    Parameters
    ----------
    M : array_like, shape (2, 2)
        Symmetric positive definite.
    h : array_like, shape (2,)
        Linear term.
    b : array_like, shape (2,)
        Normal of the border, not 0.
    c : float
        Right-hand side.
    x : array_like, shape (2,)
        Point to mark, for example ``solve_constrained_quadratic(M, h, b, c).x``.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    extent : (float, float, float, float), optional
        Left, right, bottom and top; a square around ``x`` and the free minimum by default.
    levels : int
        Number of lines of equal value.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the problem is not one in the plane.
    """
    ax, M = axes_or_current(ax), as_array(M, "M")
    vectors = {"h": as_array(h, "h"), "b": as_array(b, "b"), "x": as_array(x, "x")}
    for name, vector in vectors.items():
        if M.shape != (2, 2) or vector.shape != (2,):
            raise ValueError(
                f"M has shape {M.shape} and {name} {vector.shape}; this figure is for the plane, "
                "(2, 2) and (2,)"
            )
    h, b, x = vectors.values()
    free = np.linalg.solve(M, -h / 2)  # (2,), where the gradient 2 M x + h is 0
    if extent is None:
        middle, reach = (x + free) / 2, max(1.0, 1.2 * np.abs(x - free).max())
        extent = (*(middle[0] + [-reach, reach]), *(middle[1] + [-reach, reach]))
    left, right, bottom, top = extent
    grid_x, grid_y = np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200))
    points = np.stack([grid_x, grid_y], axis=-1)  # (200, 200, 2)
    value = np.einsum("...i,ij,...j->...", points, M, points) + points @ h
    # Heights that rise as squares make lines at even distances.
    bottom_value = free @ M @ free + free @ h
    heights = bottom_value + (value.max() - bottom_value) * (np.arange(1, levels + 1) / levels) ** 2
    ax.contour(
        grid_x, grid_y, value, heights, colors=NEUTRAL, linewidths=0.7, linestyles="solid",
        alpha=0.7,
    )  # fmt: skip
    slack = points @ b - c
    if slack.min() < 0 < slack.max():
        ax.contour(grid_x, grid_y, slack, [0], colors=COLOURS[1], linewidths=1.8)
    if slack.min() < 0:
        forbidden = [slack.min() - 1, 0]
        ax.contourf(grid_x, grid_y, slack, forbidden, colors=[COLOURS[1]], alpha=0.18)
    # The square is hollow and larger, so that both marks are seen where they coincide.
    square = {"markersize": 14, "markerfacecolor": "none", "markeredgewidth": 1.8}
    ax.plot(*free, "s", color=NEUTRAL, label="minimum without the constraint", zorder=4, **square)
    ax.plot(*x, "o", color=COLOURS[0], label="x", zorder=4, markersize=8)
    arrows = (2 * M @ x + h, COLOURS[0], "gradient of the objective"), (b, COLOURS[1], "b")
    for (direction, colour, name), width in zip(arrows, (0.018, 0.009), strict=True):
        length = np.linalg.norm(direction)
        if length > 1e-9 * (1 + np.linalg.norm(h)):  # none where the objective is flat
            step = 0.22 * (right - left) * direction / length
            ax.quiver(
                *x, *step, angles="xy", scale_units="xy", scale=1, color=colour, width=width,
                label=name, zorder=3,
            )  # fmt: skip
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="x₁", ylabel="x₂", aspect="equal")
    return ax


def dual_curve(multipliers, values, *, ax=None, best=None, primal=None):
    """Draw a dual function, its maximum, and the value of the primal problem it bounds.

    Parameters
    ----------
    multipliers : array_like, shape (m,)
        Values of the multiplier, not negative.
    values : array_like, shape (m,)
        Dual function at each.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    best : (float, float), optional
        Multiplier and dual value to mark.
    primal : float, optional
        Smallest value of the primal problem, drawn as a horizontal line.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    ax, multipliers = axes_or_current(ax), as_array(multipliers, "multipliers")
    values = as_array(values, "values")
    if multipliers.ndim != 1 or values.shape != multipliers.shape:
        raise ValueError(
            f"multipliers has shape {multipliers.shape} and values {values.shape}; "
            "give one value a multiplier"
        )
    ax.plot(multipliers, values, color=COLOURS[0], label="dual function")
    if primal is not None:
        ax.axhline(primal, color=NEUTRAL, linestyle=LINES[0], linewidth=1.2, label="primal optimum")
    if best is not None:
        marker = {"color": COLOURS[1], "marker": MARKERS[1], "markersize": 9, "linestyle": "none"}
        ax.plot(*best, label=f"largest value, at λ = {best[0]:.3g}", **marker)
    ax.set(xlabel="multiplier λ", ylabel="dual function")
    return ax
