"""Figures that compare scores over models and errors over sample sizes."""

import numpy as np

from mixcore._validation import as_array
from mixcore.plotting.style import LINES, NEUTRAL, axes_or_current, series_style

__all__ = ["error_bands", "selection_curves"]


def selection_curves(candidates, scores, *, ax=None, best=True, label="score, lower is better"):
    """Draw scores against the number of components, and mark the lowest of each.

    Parameters
    ----------
    candidates : array_like of int, shape (m,)
        Numbers of components, in any order.
    scores : dict of str to array_like, shape (m,)
        For each criterion its score of each candidate; lower is better.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    best : bool
        Whether to ring each criterion's lowest score and to name its candidate in the legend.
    label : str
        Name of the scores, with their unit, on the vertical axis.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are no scores, or not one a candidate.
    """
    ax, candidates = axes_or_current(ax), as_array(candidates, "candidates")
    if not scores:
        raise ValueError("scores is empty; give at least one criterion with its scores")
    order = np.argsort(candidates)
    for j, (name, values) in enumerate(scores.items()):
        values = as_array(values, f"scores[{name!r}]")
        if values.shape != candidates.shape or values.ndim != 1:
            raise ValueError(
                f"scores[{name!r}] has shape {values.shape} but candidates {candidates.shape}; "
                "give one score a candidate"
            )
        style, lowest = series_style(j), values.argmin()
        entry = f"{name} (lowest at {candidates[lowest]:g})" if best else name
        ax.plot(candidates[order], values[order], markersize=4, label=entry, **style)
        if best:
            ring = {"markersize": 13, "markerfacecolor": "none", "markeredgewidth": 1.8}
            ring["color"] = style["color"]
            ax.plot(candidates[lowest], values[lowest], "o", **ring)
    ax.set(xlabel="number of components", ylabel=label, xticks=candidates[order])
    return ax


def error_bands(
    sizes,
    values,
    lower,
    upper,
    *,
    ax=None,
    label=None,
    style=0,
    reference=None,
    xlabel="number of samples",
    ylabel="mean squared error",
):
    """Draw estimated errors with their confidence band against theory, on two logarithmic axes.

    Parameters
    ----------
    sizes : array_like, shape (m,)
        Horizontal coordinates, for example numbers of samples; positive and rising.
    values : array_like, shape (m,)
        Estimates.  A value of 0, for example no failure at all, has no place on a logarithmic axis;
        only its band is drawn.
    lower, upper : array_like, shape (m,)
        Ends of the confidence interval of each value.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    label : str, optional
        Entry in the legend.
    style : int
        Which of the palette's colours, dashes and markers to use, for several curves in one figure.
    reference : dict of str to array_like, shape (m,), optional
        For each entry in the legend the values that a theory gives, drawn as thin grey lines.
    xlabel, ylabel : str
        Names of the axes, with their units.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the shapes differ, a size is not positive or the sizes do not rise, or a value is
        negative or outside its interval.
    """
    ax, sizes = axes_or_current(ax), as_array(sizes, "sizes")
    columns = {"values": values, "lower": lower, "upper": upper} | (reference or {})
    columns = {name: as_array(column, name) for name, column in columns.items()}
    for name, column in columns.items():
        if column.shape != sizes.shape or sizes.ndim != 1:
            raise ValueError(
                f"{name} has shape {column.shape} but sizes {sizes.shape}; give one number a size"
            )
        if column.min() < 0:
            raise ValueError(f"{name} holds {column.min():g}; errors are not negative")
    values, lower, upper = columns["values"], columns["lower"], columns["upper"]
    if sizes.min() <= 0 or (np.diff(sizes) <= 0).any():
        raise ValueError("sizes must be positive and rise from one to the next")
    if (lower > values).any() or (values > upper).any():
        raise ValueError("every value must lie between its lower and its upper end")
    look = series_style(style)
    ax.set(xscale="log", xlabel=xlabel, ylabel=ylabel)
    ax.set_yscale("log", nonpositive="clip")
    seen = values > 0
    ax.plot(sizes[seen], values[seen], label=label, markersize=5, **look)
    ax.fill_between(sizes, lower, upper, color=look["color"], alpha=0.2, linewidth=0)
    for j, name in enumerate(reference or {}):
        line = {"color": NEUTRAL, "linestyle": LINES[j % len(LINES)], "linewidth": 1.2}
        ax.plot(sizes, columns[name], label=name, **line)
    return ax
