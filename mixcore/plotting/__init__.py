"""The figures that the chapters and the assignments share.

Every function draws into ``ax`` (the current axes if none is given) and returns it, so that figures
can be put together from parts.  The colours are those of Okabe and Ito, which readers with any
common form of colour blindness can tell apart; components also differ in their marker or line.

References
----------
M. Okabe, K. Ito, "Color universal design: how to make figures and presentations that are friendly
to colorblind people", 2008, https://jfly.uni-koeln.de/color/.
"""

from mixcore.plotting.animation import Player, player
from mixcore.plotting.curves import density_1d, log_likelihood_curve, parameter_traces
from mixcore.plotting.plane import (
    covariance_ellipses,
    density_contours,
    em_panels,
    responsibility_scatter,
    scatter,
)
from mixcore.plotting.style import COLOURS, component_colours

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
