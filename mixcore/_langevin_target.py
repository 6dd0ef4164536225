"""The two ways in which the Langevin samplers evaluate a target.

Chains are columns, (d, n), so that every operation runs along contiguous memory.  A plain
:class:`mixcore.GaussianMixture` is evaluated by its kernel in buffers that are made once; any other
object is asked for points as rows, and its answers are checked.
"""

import numpy as np

from mixcore._validation import as_points
from mixcore.gaussian_mixture import GaussianMixture


def column_evaluator(target, x):
    """Return ``evaluate(x, log_density, score)`` for columns like those of ``x`` (d, n).

    It fills ``log_density`` (n,) and ``score`` (d, n).  ``log_density`` may be None where only the
    score is needed.
    """
    if type(target) is GaussianMixture:  # a subclass may have changed the methods
        kernel, n = target._kernel, x.shape[1]
        workspace, unused = kernel.workspace(n), np.empty(n)

        def evaluate(x, log_density, score):
            kernel.evaluate(x, unused if log_density is None else log_density, score, workspace)

        return evaluate

    both = getattr(target, "log_density_and_score", None)
    missing = [name for name in ("log_density", "score") if not callable(getattr(target, name, 0))]
    if both is None and missing:
        raise ValueError(
            f"target has no method {missing[0]}; it must have log_density(x) -> (n,) and "
            "score(x) -> (n, d), like a mixcore.GaussianMixture"
        )

    def evaluate(x, log_density, score):
        points = x.T.copy()  # (n, d); the target may keep or change what it is given
        values = None
        if both is not None:
            values, gradient = both(points)
        else:
            if log_density is not None:
                values = target.log_density(points)
            gradient = target.score(x.T.copy())
        gradient = _as_answer(gradient, "score", x.T.shape)
        if log_density is not None:
            log_density[:] = _as_answer(values, "log_density", x.shape[1:])
            _require(log_density < np.inf, "log_density", log_density, x)  # NaN fails, too
            outside = log_density == -np.inf
            if outside.any():  # never entered, and the score has no meaning there
                gradient = np.where(outside[:, None], 0.0, gradient)
        _require(np.isfinite(gradient).all(axis=1), "score", gradient, x)
        score[:] = gradient.T

    return evaluate


def _as_answer(values, name, shape):
    values = np.asarray(values)
    if values.shape != shape or values.dtype.kind not in "biuf":
        raise ValueError(
            f"target.{name} returned shape {values.shape} and dtype {values.dtype} for {shape[0]} "
            f"points; it must return real numbers of shape {shape}"
        )
    return values


def _require(good, name, values, x):
    if not good.all():
        i = int(np.argmin(good))
        raise ValueError(
            f"target.{name} returned {values[i]} for the point {x[:, i]}; a log-density must be a "
            "number below infinity (-inf outside the support), and a score finite inside it"
        )


class Chains:
    """States, log-densities and scores of n chains, rows of one array: one copy moves them all."""

    def __init__(self, d, n):
        self.rows = np.empty((2 * d + 1, n))
        self.x, self.score, self.log_density = parts(self.rows)


def parts(rows):
    """Return states (d, n), scores (d, n) and log-densities (n,) as views of (2 d + 1, n)."""
    d = len(rows) // 2
    return rows[:d], rows[d:-1], rows[-1]


def start_chains(target, x):
    """Return the chains at their checked start and the evaluator of the target."""
    points = as_points(x, n_features=getattr(target, "n_features", None))
    chains = Chains(*points.T.shape)
    chains.x[:] = points.T
    evaluate = column_evaluator(target, chains.x)
    evaluate(chains.x, chains.log_density, chains.score)
    if not np.isfinite(chains.log_density).all():
        i = int(np.argmin(np.isfinite(chains.log_density)))
        raise ValueError(
            f"x[{i}] is {points[i]}, where the target's log density is {chains.log_density[i]}; "
            "start every chain where it is finite"
        )
    return chains, evaluate
