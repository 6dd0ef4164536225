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
from mixcore.plotting.comparisons import error_bands, selection_curves
from mixcore.plotting.constraint import dual_curve, quadratic_with_constraint
from mixcore.plotting.curves import density_1d, log_likelihood_curve, parameter_traces
from mixcore.plotting.histories import acceptance_curve, inertia_curve, step_norm_curve
from mixcore.plotting.images import image_grid
from mixcore.plotting.paths import centers_path, chain_paths, cluster_regions, means_path
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
    "acceptance_curve",
    "centers_path",
    "chain_paths",
    "cluster_regions",
    "component_colours",
    "covariance_ellipses",
    "density_1d",
    "density_contours",
    "dual_curve",
    "em_panels",
    "error_bands",
    "image_grid",
    "inertia_curve",
    "log_likelihood_curve",
    "means_path",
    "parameter_traces",
    "player",
    "quadratic_with_constraint",
    "responsibility_scatter",
    "scatter",
    "selection_curves",
    "step_norm_curve",
]
