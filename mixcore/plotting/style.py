"""Colours, markers and lines of the course's figures."""

import matplotlib.pyplot as plt

from mixcore._validation import as_count

__all__ = ["COLOURS", "component_colours"]

#: Okabe and Ito's palette, without black and yellow, which vanish on dark or light paper.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "^", "s", "D", "v", "P")
#: Lines of components; the solid line is kept for totals.
LINES = ("--", "-.", ":")
NEUTRAL = "#555555"
#: Dashes of curves that are compared with each other, the first one solid.
SERIES_LINES = ("-", *LINES)


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


def series_style(j):
    """Return the colour, dashes and marker of the j-th of several curves, as for ``ax.plot``."""
    return {
        "color": COLOURS[j % len(COLOURS)],
        "linestyle": SERIES_LINES[j % len(SERIES_LINES)],
        "marker": MARKERS[j % len(MARKERS)],
    }


def axes_or_current(ax):
    """Return ``ax``, or the current axes if it is None."""
    return plt.gca() if ax is None else ax
