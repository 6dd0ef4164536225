"""Figures of how a run went: half-steps of k-means, noisy steps, acceptance."""

import numpy as np

from mixcore._validation import as_array, as_count
from mixcore.plotting.style import COLOURS, MARKERS, NEUTRAL, axes_or_current, series_style

__all__ = ["acceptance_curve", "inertia_curve", "step_norm_curve"]


def inertia_curve(inertia_history, *, ax=None, label="sum of squared distances"):
    """Draw the objective of k-means after each half-step.

    Parameters
    ----------
    inertia_history : array_like, shape (2 * n_iter,)
        Sum of squared distances after assignment, after adjustment, and so on, as in
        :class:`mixcore.KMeansResult`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    label : str
        Name of the objective, with its unit, on the vertical axis.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are not two values an iteration.
    """
    ax, values = axes_or_current(ax), as_array(inertia_history, "inertia_history")
    if values.ndim != 1 or len(values) == 0 or len(values) % 2:
        raise ValueError(
            f"inertia_history has shape {values.shape}; it must hold two values an iteration, "
            "(2 * n_iter,)"
        )
    iterations = np.arange(1, len(values) + 1) / 2  # an assignment is half an iteration
    ax.plot(iterations, values, color=NEUTRAL, linewidth=0.8)
    for j, half_step in enumerate(("assignment", "adjustment")):
        style = {"color": COLOURS[j], "marker": MARKERS[j], "linestyle": "none"}
        ax.plot(iterations[j::2], values[j::2], label=f"after {half_step}", **style)
    ax.set(xlabel="iteration", ylabel=label)
    return ax


def step_norm_curve(step_norms, *, ax=None, window=None, label=None, style=0):
    """Draw the lengths of the steps of a noisy fit, on a logarithmic axis.

    Parameters
    ----------
    step_norms : array_like, shape (n_iter,)
        Euclidean length of each step, as in :class:`mixcore.MeansResult`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    window : int, optional
        When given, the average over this many steps, up to and with the current one, is drawn over
        the single steps, which turn pale.
    label : str, optional
        Entry in the legend.
    style : int
        Which of the palette's colours and dashes to use, for several curves in one figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a length is negative or the window is longer than the history.
    """
    ax, norms = axes_or_current(ax), as_array(step_norms, "step_norms")
    if norms.ndim != 1 or len(norms) == 0 or norms.min() < 0:
        raise ValueError("step_norms must have shape (n_iter,) with lengths that are not negative")
    look = series_style(style) | {"marker": None}
    steps = np.arange(1, len(norms) + 1)
    if window is None:
        ax.plot(steps, norms, label=label, **look)
    else:
        window = as_count(window, "window")
        if window > len(norms):
            raise ValueError(f"window is {window} but there are only {len(norms)} steps")
        averages = np.convolve(norms, np.full(window, 1 / window), mode="valid")
        ax.plot(steps, norms, color=look["color"], linewidth=0.7, alpha=0.35)
        label = f"mean of {window} steps" if label is None else f"{label}, mean of {window} steps"
        ax.plot(steps[window - 1 :], averages, linewidth=2, label=label, **look)
    if norms.max() > 0:  # a step of length 0 is left out
        ax.set_yscale("log", nonpositive="mask")
    ax.set(xlabel="step", ylabel="length of the step")
    return ax


def acceptance_curve(steps, rates, *, ax=None, target=0.574, label=None, style=0):
    r"""Draw acceptance rates of MALA against the step size, on a logarithmic axis.

    Parameters
    ----------
    steps : array_like, shape (m,)
        Step sizes :math:`\varepsilon`, in squared units of the data.
    rates : array_like, shape (m,)
        Fraction of accepted moves for each.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    target : float or None
        Rate marked by a horizontal line: by default the best one in many dimensions, of Roberts
        and Rosenthal.
    label : str, optional
        Entry in the legend.
    style : int
        Which of the palette's colours, dashes and markers to use, for several curves in one figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the shapes differ, a step is not positive or a rate is outside [0, 1].

    References
    ----------
    G. O. Roberts, J. S. Rosenthal, "Optimal scaling of discrete approximations to Langevin
    diffusions", *J. R. Statist. Soc. B* 60 (1998) 255-268.
    """
    ax, steps, rates = axes_or_current(ax), as_array(steps, "steps"), as_array(rates, "rates")
    if steps.ndim != 1 or len(steps) == 0 or rates.shape != steps.shape:
        raise ValueError(
            f"steps has shape {steps.shape} and rates {rates.shape}; give one rate a step"
        )
    if steps.min() <= 0:
        raise ValueError(f"steps holds {steps.min():g}; a step size must be positive")
    if rates.min() < 0 or rates.max() > 1:
        raise ValueError(f"rates lie between {rates.min():g} and {rates.max():g}, not in [0, 1]")
    ax.plot(steps, rates, label=label, **series_style(style))
    if target is not None:
        ax.axhline(target, color=NEUTRAL, linestyle=":", linewidth=1.2, label=f"{target:g}")
    ax.set(xlabel="step size ε", ylabel="acceptance rate", ylim=(0, 1.02), xscale="log")
    return ax
