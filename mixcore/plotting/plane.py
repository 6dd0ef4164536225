"""Figures of points and mixtures in the plane."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Ellipse

from mixcore._validation import as_array, as_count, as_points
from mixcore.plotting.style import COLOURS, MARKERS, NEUTRAL, axes_or_current, component_colours

__all__ = [
    "covariance_ellipses",
    "density_contours",
    "em_panels",
    "responsibility_scatter",
    "scatter",
]


def _planar(x):
    x = as_points(x)
    if x.shape[1] != 2:
        raise ValueError(f"x has {x.shape[1]} columns; this figure is for points in the plane")
    return x


def _planar_mixture(mixture):
    if mixture.n_features != 2:
        raise ValueError(
            f"the mixture has {mixture.n_features} dimensions; this figure is for the plane"
        )
    return mixture


def scatter(x, labels=None, *, ax=None, size=12):
    """Draw points in the plane, with colour and marker by component.

    Parameters
    ----------
    x : array_like, shape (n, 2)
        Points.
    labels : array_like of int, shape (n,), optional
        Component of each point; without it all points look alike.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    size : float
        Area of a marker in square points.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``x`` is not (n, 2) or ``labels`` has another length.
    """
    ax, x = axes_or_current(ax), _planar(x)
    if labels is None:
        ax.scatter(*x.T, s=size, color=NEUTRAL, alpha=0.6, linewidths=0)
        return ax
    labels = np.asarray(labels)
    if labels.shape != (len(x),):
        raise ValueError(f"labels has shape {labels.shape}; give one label a point, ({len(x)},)")
    for j in np.unique(labels):
        ax.scatter(
            *x[labels == j].T,
            s=size,
            color=COLOURS[j % len(COLOURS)],
            marker=MARKERS[j % len(MARKERS)],
            alpha=0.7,
            linewidths=0,
            label=f"component {j + 1}",
        )
    return ax


def responsibility_scatter(x, resp, *, ax=None, size=14):
    """Draw points in the plane, coloured by a blend of the components' colours.

    Parameters
    ----------
    x : array_like, shape (n, 2)
        Points.
    resp : array_like, shape (n, k)
        Responsibilities; they weight the colours.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    size : float
        Area of a marker in square points.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``x`` is not (n, 2) or ``resp`` has another number of rows.
    """
    ax, x, resp = axes_or_current(ax), _planar(x), as_array(resp, "resp")
    if resp.ndim != 2 or len(resp) != len(x):
        raise ValueError(
            f"resp has shape {resp.shape}; it must have one row a point, ({len(x)}, k)"
        )
    palette = np.array([to_rgb(colour) for colour in component_colours(resp.shape[1])])  # (k, 3)
    ax.scatter(*x.T, s=size, c=np.clip(resp @ palette, 0, 1), linewidths=0)
    return ax


def density_contours(mixture, *, ax=None, extent=None, levels=8, colours=None):
    """Draw lines of equal density of a mixture in the plane.

    Parameters
    ----------
    mixture : GaussianMixture
        In two dimensions.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    extent : (float, float, float, float), optional
        Left, right, bottom and top; the limits of ``ax`` by default.
    levels : int
        Number of lines.  Their densities halve from one line to the next, from the highest value
        on the grid downwards.
    colours : colour, optional
        One colour for all lines, instead of shades of grey.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the mixture is not two-dimensional.
    """
    ax, mixture = axes_or_current(ax), _planar_mixture(mixture)
    left, right, bottom, top = extent if extent is not None else (*ax.get_xlim(), *ax.get_ylim())
    grid_x, grid_y = np.meshgrid(np.linspace(left, right, 150), np.linspace(bottom, top, 150))
    log_density = mixture.log_density(np.column_stack([grid_x.ravel(), grid_y.ravel()]))
    heights = log_density.max() - np.log(2) * np.arange(as_count(levels, "levels"), 0, -1)
    style = (
        {"colors": colours} if colours is not None else {"cmap": "Greys", "vmin": heights[0] - 2}
    )
    ax.contour(
        grid_x, grid_y, log_density.reshape(grid_x.shape), heights, linewidths=0.9,
        linestyles="solid", **style,
    )  # fmt: skip
    ax.set(xlim=(left, right), ylim=(bottom, top))
    return ax


def covariance_ellipses(mixture, *, ax=None, n_std=2.0, colours=None, linestyle="-", label=None):
    """Draw for each component its mean and the ellipse at a given number of standard deviations.

    Parameters
    ----------
    mixture : GaussianMixture
        In two dimensions.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    n_std : float
        Radius of the ellipse in standard deviations (Mahalanobis distance from the mean).
    colours : list of colour, optional
        One a component; the palette by default.
    linestyle : str
        Line of the ellipses.
    label : str, optional
        Entry in the legend, for the first ellipse.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the mixture is not two-dimensional, or there is not one colour a component.
    """
    ax, mixture = axes_or_current(ax), _planar_mixture(mixture)
    colours = component_colours(mixture.n_components) if colours is None else colours
    if len(colours) != mixture.n_components:
        raise ValueError(
            f"colours has {len(colours)} entries; give one a component, {mixture.n_components}"
        )
    for j, colour in enumerate(colours):
        variances, directions = np.linalg.eigh(mixture.covariances[j])
        width, height = 2 * n_std * np.sqrt(variances[::-1])
        angle = np.degrees(np.arctan2(directions[1, -1], directions[0, -1]))
        outline = {"fill": False, "edgecolor": colour, "linewidth": 1.8, "linestyle": linestyle}
        outline["label"] = label if j == 0 else None
        ax.add_patch(Ellipse(mixture.means[j], width, height, angle=angle, **outline))
        ax.plot(*mixture.means[j], marker="x", color=colour, markersize=8, markeredgewidth=2)
    return ax


def em_panels(x, mixtures, titles, *, feature_names=("x₁", "x₂"), n_columns=3):
    """Draw a fit at several moments, points coloured by responsibility.

    This is the arrangement of figure 11.11 of Murphy (2012).

    Parameters
    ----------
    x : array_like, shape (n, 2)
        Points.
    mixtures : list of (GaussianMixture, GaussianMixture or None)
        For each panel the mixture whose ellipses are drawn, and the one whose responsibilities
        colour the points; None leaves the points grey.
    titles : list of str
        One a panel.
    feature_names : (str, str)
        Labels of the axes.
    n_columns : int
        Panels in a row.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
        In a new figure.

    Raises
    ------
    ValueError
        If ``x`` is not (n, 2) or the number of titles is not that of the mixtures.

    References
    ----------
    K. P. Murphy, *Machine Learning: A Probabilistic Perspective*, MIT Press 2012, figure 11.11.
    """
    x = _planar(x)
    if len(titles) != len(mixtures):
        raise ValueError(f"titles has {len(titles)} entries for {len(mixtures)} panels")
    n_rows = -(-len(mixtures) // n_columns)
    size = (3.2 * n_columns, 3.0 * n_rows)
    shared = {"sharex": True, "sharey": True, "layout": "constrained", "squeeze": False}
    _, axes = plt.subplots(n_rows, n_columns, figsize=size, **shared)
    for ax, (mixture, colouring), title in zip(axes.flat, mixtures, titles, strict=False):
        if colouring is None:
            scatter(x, ax=ax)
        else:
            responsibility_scatter(x, colouring.responsibilities(x), ax=ax)
        covariance_ellipses(mixture, ax=ax)
        ax.set_title(title)
    for ax in axes.flat[len(mixtures) :]:
        ax.set_axis_off()
    for ax in axes[-1]:
        ax.set_xlabel(feature_names[0])
    for ax in axes[:, 0]:
        ax.set_ylabel(feature_names[1])
    return axes
