"""The figures that the chapters and the assignments share.

Every function draws into ``ax`` (the current axes if none is given) and returns it, so that figures
can be put together from parts.  The colours are those of Okabe and Ito, which readers with any
common form of colour blindness can tell apart; components also differ in their marker or line.

References
----------
M. Okabe, K. Ito, "Color universal design: how to make figures and presentations that are friendly
to colorblind people", 2008, https://jfly.uni-koeln.de/color/.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Ellipse

from mixcore._player import Player
from mixcore._validation import as_array, as_count, as_points

__all__ = [
    "COLOURS",
    "Player",
    "component_colours",
    "covariance_ellipses",
    "density_1d",
    "density_contours",
    "em_panels",
    "log_likelihood_curve",
    "parameter_traces",
    "player",
    "responsibility_scatter",
    "scatter",
]

#: Okabe and Ito's palette, without black and yellow, which vanish on dark or light paper.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_MARKERS = ("o", "^", "s", "D", "v", "P")
_LINES = ("-", "--", "-.", ":")
_NEUTRAL = "#555555"


def component_colours(k):
    """Return one colour a component, the palette repeated where it runs out.

    Parameters
    ----------
    k : int
        Number of components.

    Returns
    -------
    list of str
        Colours as hexadecimal RGB.

    Examples
    --------
    >>> component_colours(2)
    ['#0072B2', '#D55E00']
    """
    return [COLOURS[j % len(COLOURS)] for j in range(as_count(k, "k"))]


def _axes(ax):
    return plt.gca() if ax is None else ax


def _planar(x):
    x = as_points(x)
    if x.shape[1] != 2:
        raise ValueError(f"x has {x.shape[1]} columns; this figure is for points in the plane")
    return x


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
    ax, x = _axes(ax), _planar(x)
    if labels is None:
        ax.scatter(*x.T, s=size, color=_NEUTRAL, alpha=0.6, linewidths=0)
        return ax
    labels = np.asarray(labels)
    if labels.shape != (len(x),):
        raise ValueError(f"labels has shape {labels.shape}; give one label a point, ({len(x)},)")
    for j in np.unique(labels):
        ax.scatter(
            *x[labels == j].T,
            s=size,
            color=COLOURS[j % len(COLOURS)],
            marker=_MARKERS[j % len(_MARKERS)],
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
    ax, x, resp = _axes(ax), _planar(x), as_array(resp, "resp")
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
    """
    ax = _axes(ax)
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
    """
    ax = _axes(ax)
    colours = component_colours(mixture.n_components) if colours is None else colours
    for j, colour in enumerate(colours):
        variances, directions = np.linalg.eigh(mixture.covariances[j])
        width, height = 2 * n_std * np.sqrt(variances[::-1])
        angle = np.degrees(np.arctan2(directions[1, -1], directions[0, -1]))
        ax.add_patch(
            Ellipse(
                mixture.means[j],
                width,
                height,
                angle=angle,
                fill=False,
                edgecolor=colour,
                linewidth=1.8,
                linestyle=linestyle,
                label=label if j == 0 else None,
            )  # fmt: skip
        )
        ax.plot(*mixture.means[j], marker="x", color=colour, markersize=8, markeredgewidth=2)
    return ax


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
    ax = _axes(ax)
    if mixture.n_features != 1:
        raise ValueError(f"the mixture has {mixture.n_features} dimensions; this figure is for 1")
    means, deviations = mixture.means[:, 0], np.sqrt(mixture.covariances[:, 0, 0])
    if limits is None:
        limits = ((means - 4 * deviations).min(), (means + 4 * deviations).max())
    grid = np.linspace(*limits, 400)
    parts = np.exp(mixture.log_joint(grid))  # (400, k), weights times densities
    for j, colour in enumerate(component_colours(mixture.n_components)):
        line = _LINES[1 + j % (len(_LINES) - 1)]
        ax.plot(grid, parts[:, j], line, color=colour, label=f"component {j + 1}, weighted")
    ax.plot(grid, parts.sum(axis=1), color=_NEUTRAL, linewidth=2, label=total_label)
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
    ax, values = _axes(ax), as_array(log_likelihoods, "log_likelihoods")
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
    ax, traces = _axes(ax), as_array(traces, "traces")
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
        line = _LINES[j % (len(_LINES) - 1)]
        ax.plot(trace, line, color=colour, label=f"component {j + 1}")
    ax.set(xlabel="iteration", ylabel=label)
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

    References
    ----------
    K. P. Murphy, *Machine Learning: A Probabilistic Perspective*, MIT Press 2012, figure 11.11.
    """
    x = _planar(x)
    n_rows = -(-len(mixtures) // n_columns)
    _, axes = plt.subplots(
        n_rows, n_columns, figsize=(3.2 * n_columns, 3.0 * n_rows),
        sharex=True, sharey=True, layout="constrained", squeeze=False,
    )  # fmt: skip
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


def player(draw, n_frames, *, alt, captions=None, figsize=(6.0, 4.2), dpi=90):
    """Return an animation that plays on a page without a server, with buttons and a slider.

    Parameters
    ----------
    draw : callable
        ``draw(ax, frame)`` draws one frame into empty axes.
    n_frames : int
        Number of frames.
    alt : str
        What the animation shows, for readers who do not see it.
    captions : list of str, optional
        One line a frame, shown under it; the frame's number by default.
    figsize : (float, float)
        Size of a frame in inches.
    dpi : int
        Pixels an inch.

    Returns
    -------
    Player
        Notebooks and chapters show it; :meth:`Player.save_still` writes the last frame.

    Raises
    ------
    ValueError
        If ``alt`` is empty or the number of captions is not that of the frames.

    Examples
    --------
    >>> animation = player(lambda ax, t: ax.plot([0, t]), 3, alt="A line that grows steeper.")
    >>> len(animation.frames)
    3
    """
    n_frames = as_count(n_frames, "n_frames")
    captions = [f"frame {t}" for t in range(n_frames)] if captions is None else list(captions)
    if len(captions) != n_frames:
        raise ValueError(f"captions has {len(captions)} entries for {n_frames} frames")
    return Player.render(draw, alt, captions, figsize, dpi)
