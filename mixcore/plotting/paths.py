"""Figures of what moves in the plane: centres, estimated means, chains."""

import numpy as np
from matplotlib.colors import ListedColormap
from scipy.spatial.distance import cdist

from mixcore._validation import as_array, as_count
from mixcore.plotting.plane import _planar
from mixcore.plotting.style import (
    COLOURS,
    MARKERS,
    NEUTRAL,
    SERIES_LINES,
    axes_or_current,
    component_colours,
)

__all__ = ["centers_path", "chain_paths", "cluster_regions", "means_path"]


def _history(value, name):
    history = as_array(value, name)
    if history.ndim != 3 or history.shape[2] != 2 or history.size == 0:
        raise ValueError(
            f"{name} has shape {history.shape}; this figure is for paths in the plane, "
            "(n_moments, n_paths, 2)"
        )
    return history


def _draw(history, ax, *, dots):
    """Draw each path (n_moments, 2), from a hollow marker to a full one."""
    for j in range(history.shape[1]):
        path, colour = history[:, j], COLOURS[j % len(COLOURS)]
        style = {"color": colour, "linestyle": SERIES_LINES[j % len(SERIES_LINES)]}
        ax.plot(*path.T, marker="." if dots else None, markersize=4, linewidth=1.2, **style)
        ends = {"color": colour, "marker": MARKERS[j % len(MARKERS)], "linestyle": "none"}
        ends |= {"markersize": 8, "markeredgewidth": 1.5, "zorder": 3}
        names = ("start", "end") if j == 0 else (None, None)
        ax.plot(*path[0], markerfacecolor="white", label=names[0], **ends)
        ax.plot(*path[-1], label=names[1], **ends)
    return ax


def centers_path(centers_history, *, ax=None):
    """Draw the paths of the centres of k-means, with a dot after each iteration.

    Parameters
    ----------
    centers_history : array_like, shape (n_iter + 1, k, 2)
        As in :class:`mixcore.KMeansResult`.  The start is drawn hollow, the end full.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``centers_history`` is not (n_iter + 1, k, 2).
    """
    return _draw(_history(centers_history, "centers_history"), axes_or_current(ax), dots=True)


def means_path(means_history, truth=None, *, ax=None):
    """Draw the paths of estimated means and where they should end.

    Parameters
    ----------
    means_history : array_like, shape (n_iter + 1, k, 2)
        As in :class:`mixcore.MeansResult`.  The start is drawn hollow, the end full.
    truth : array_like, shape (m, 2), optional
        True means, drawn as crosses.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``means_history`` is not (n_iter + 1, k, 2) or ``truth`` not (m, 2).
    """
    ax = _draw(_history(means_history, "means_history"), axes_or_current(ax), dots=False)
    if truth is not None:
        ax.plot(
            *_planar(truth).T, "x", color=NEUTRAL, markersize=11, markeredgewidth=2.5,
            zorder=4, label="truth",
        )  # fmt: skip
    return ax


def chain_paths(trace, *, ax=None, n_shown=5):
    """Draw the paths of a few chains of a sampler.

    Parameters
    ----------
    trace : array_like, shape (n_kept, n_chains, 2)
        Kept states.  The first is drawn hollow, the last full.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    n_shown : int
        Number of chains drawn, the first ones.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``trace`` is not (n_kept, n_chains, 2).
    """
    trace = _history(trace, "trace")[:, : as_count(n_shown, "n_shown")]
    return _draw(trace, axes_or_current(ax), dots=False)


def cluster_regions(centers, *, ax=None, extent=None):
    """Shade the part of the plane that is nearest to each centre.

    Parameters
    ----------
    centers : array_like, shape (k, 2)
        Centres.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    extent : (float, float, float, float), optional
        Left, right, bottom and top; the limits of ``ax`` by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``centers`` is not (k, 2).
    """
    ax, centers = axes_or_current(ax), _planar(centers)
    left, right, bottom, top = extent if extent is not None else (*ax.get_xlim(), *ax.get_ylim())
    grid_x, grid_y = np.meshgrid(np.linspace(left, right, 300), np.linspace(bottom, top, 300))
    distance = cdist(np.column_stack([grid_x.ravel(), grid_y.ravel()]), centers)
    nearest = distance.argmin(axis=1).reshape(grid_x.shape)
    ax.pcolormesh(
        grid_x, grid_y, nearest, cmap=ListedColormap(component_colours(len(centers))),
        vmin=-0.5, vmax=len(centers) - 0.5, alpha=0.15, shading="nearest", rasterized=True,
        zorder=0,
    )  # fmt: skip
    for j in range(len(centers)):
        if 0 < (nearest == j).mean() < 1:
            border = {"colors": NEUTRAL, "linewidths": 0.8, "zorder": 0.5}
            ax.contour(grid_x, grid_y, nearest == j, [0.5], **border)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    return ax
