"""Figures of densities on the line and of histories."""

import numpy as np

from mixcore._validation import as_array, as_count, as_points
from mixcore.plotting.style import (
    COLOURS,
    LINES,
    NEUTRAL,
    SERIES_LINES,
    axes_or_current,
    component_colours,
)

__all__ = ["density_1d", "log_likelihood_curve", "parameter_traces"]


def density_1d(mixture, *, x=None, ax=None, limits=None, total_label="mixture"):
    r"""Draw the density of a mixture on the line, with its weighted parts.

    Parameters
    ----------
    mixture : GaussianMixture
        In one dimension.
    x : array_like, shape (n,), optional
        Points, drawn as ticks under the curves.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    limits : (float, float), optional
        Left and right end; four standard deviations beyond the outermost means by default.
    total_label : str
        Entry of the total in the legend.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the mixture is not one-dimensional.
    """
    ax = axes_or_current(ax)
    if mixture.n_features != 1:
        raise ValueError(f"the mixture has {mixture.n_features} dimensions; this figure is for 1")
    means, deviations = mixture.means[:, 0], np.sqrt(mixture.covariances[:, 0, 0])
    if limits is None:
        limits = ((means - 4 * deviations).min(), (means + 4 * deviations).max())
    grid = np.linspace(*limits, 400)
    parts = np.exp(mixture.log_joint(grid))  # (400, k), weights times densities
    for j, colour in enumerate(component_colours(mixture.n_components)):
        line = LINES[j % len(LINES)]
        ax.plot(grid, parts[:, j], line, color=colour, label=f"component {j + 1}, weighted")
    ax.plot(grid, parts.sum(axis=1), color=NEUTRAL, linewidth=2, label=total_label)
    if x is not None:
        points = as_points(x, n_features=1)[:, 0]
        ax.plot(points, np.zeros_like(points), "|", color="black", markersize=14, label="data")
    ax.set(xlabel="x", ylabel="density", xlim=limits)
    return ax


def log_likelihood_curve(log_likelihoods, *, ax=None, n_points=None):
    """Draw a history of log-likelihoods against the iteration.

    Parameters
    ----------
    log_likelihoods : array_like, shape (n_iter + 1,)
        The start first, as in :class:`mixcore.EMResult`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    n_points : int, optional
        When given, the mean negative log-likelihood per point is drawn instead.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax, values = axes_or_current(ax), as_array(log_likelihoods, "log_likelihoods")
    label = "log-likelihood (nats)"
    if n_points is not None:
        values, label = -values / as_count(n_points, "n_points"), "mean NLL (nats per point)"
    ax.plot(np.arange(len(values)), values, "o-", color=COLOURS[0], markersize=3)
    ax.set(xlabel="iteration", ylabel=label)
    return ax


def parameter_traces(traces, truth=None, *, ax=None, label=None):
    """Draw parameters against the iteration, one line each, with the true values.

    Parameters
    ----------
    traces : array_like, shape (n_iter + 1, k)
        Values of one parameter of each component, the start first.
    truth : array_like, shape (k,), optional
        True values, drawn as thin horizontal lines.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    label : str, optional
        Name of the parameter, on the vertical axis.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``traces`` is not two-dimensional or ``truth`` has another number of components.
    """
    ax, traces = axes_or_current(ax), as_array(traces, "traces")
    if traces.ndim != 2:
        raise ValueError(f"traces has shape {traces.shape}; it must be (n_iter + 1, k)")
    colours = component_colours(traces.shape[1])
    if truth is not None:
        truth = as_array(truth, "truth")
        if truth.shape != (traces.shape[1],):
            raise ValueError(f"truth has shape {truth.shape}; it must be ({traces.shape[1]},)")
        for value, colour in zip(truth, colours, strict=True):
            ax.axhline(value, color=colour, linewidth=0.8, linestyle=":")
    for j, (trace, colour) in enumerate(zip(traces.T, colours, strict=True)):
        line = SERIES_LINES[j % len(SERIES_LINES)]
        ax.plot(trace, line, color=colour, label=f"component {j + 1}")
    ax.set(xlabel="iteration", ylabel=label)
    return ax
