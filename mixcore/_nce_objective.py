r"""The loss of noise-contrastive estimation and its gradient in one pass: the fast twin.

Data and noise are stacked as columns, centred and in units of sigma, and the k terms of the mixture
are rows.  With the sign :math:`s = 1` for data and :math:`-1` for noise, and
:math:`G = \ln p_m - \ln(\nu p_n)`, the loss is :math:`\sum \ln(1 + e^{-sG})` over all columns.
:func:`mixcore.nce_loss` is the plain form; the tests hold the two side by side.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from mixcore._validation import as_array, as_points, as_positive, as_rng
from mixcore.gaussian import fit_gaussian
from mixcore.gaussian_mixture import GaussianMixture

FLAT = 1e-7  # a gradient under this is zero up to rounding, however small tol is
WIDTH = 1.5  # covariance of the default noise over that of the data
TRACE = 0.5  # a component that accounts for fewer data points than this has escaped


def as_real(value, name):
    """Return ``value`` as a finite float."""
    value = as_array(value, name)
    if value.ndim != 0:
        raise ValueError(f"{name} has shape {value.shape}; it must be one number")
    return float(value)


def log_normaliser(k, d, sigma):
    """Return ln Z = ln k + (d / 2) ln(2 pi sigma^2)."""
    return float(np.log(k) + 0.5 * d * np.log(2 * np.pi * sigma**2))


def log_noise_density(noise, u, name):
    """Return ``noise.log_density(u)`` (n,), or raise if it cannot be used."""
    if not callable(getattr(noise, "log_density", None)):
        raise ValueError(
            f"noise is {noise!r}; it must have a method log_density(y), as a GaussianMixture has"
        )
    values = np.asarray(noise.log_density(u), dtype=np.float64)
    if values.shape != (len(u),):
        raise ValueError(
            f"noise.log_density returned shape {values.shape} for {len(u)} points of {name}; "
            f"it must return one value a point, of shape ({len(u)},)"
        )
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ValueError(
            f"noise.log_density is {values[bad[0]]} at {name}[{bad[0]}]; "
            "give noise whose density is positive wherever there are points"
        )
    return values


def noise_and_points(x, noise, noise_points, ratio, rng):
    """Return the noise and m points drawn from it, filling in what the caller left out."""
    if noise is None:
        if noise_points is not None:
            raise ValueError("noise is None; give the noise that noise_points were drawn from")
        mean, covariance = fit_gaussian(x)
        # Wider than the data, so that noise covers their tails too.
        noise = GaussianMixture([1.0], mean[None], WIDTH * covariance[None])
    if noise_points is None:
        if not callable(getattr(noise, "sample", None)):
            raise ValueError(
                f"noise is {noise!r}; it must have a method sample(n, rng), "
                "or give points drawn from it as noise_points"
            )
        count = max(1, round(as_positive(ratio, "ratio") * len(x)))
        noise_points = noise.sample(count, as_rng(rng))
        if isinstance(noise_points, tuple):  # a mixture returns the points and their components
            noise_points = noise_points[0]
    return noise, as_points(noise_points, name="noise_points", n_features=x.shape[1])


@dataclass(frozen=True, eq=False)
class Objective:
    """Loss per data point as a function of one vector: scaled means, then ln Z if it is unknown."""

    columns: np.ndarray  # (d, n + m), the points, data first; centred and divided by sigma
    offset: np.ndarray  # (n + m,), -|u|^2 / 2 - ln(nu p_n)
    sign: np.ndarray  # (n + m,)
    centre: np.ndarray  # (d,)
    sigma: float
    n: int
    k: int
    log_z: float | None  # None where it is a parameter

    @classmethod
    def build(cls, x, y, noise, *, k, sigma, log_z):
        """Stack the data x (n, d) and the noise points y (m, d)."""
        n, m = len(x), len(y)
        log_noise = np.concatenate([log_noise_density(noise, x, "x"),
                                    log_noise_density(noise, y, "noise_points")])  # fmt: skip
        centre = x.mean(axis=0)
        points = (np.concatenate([x, y]) - centre) / sigma
        offset = -0.5 * (points**2).sum(axis=1) - log_noise - np.log(m / n)
        sign = np.repeat([1.0, -1.0], [n, m])
        columns = np.ascontiguousarray(points.T)
        return cls(columns, offset, sign, centre, sigma, n, k, log_z)

    def pack(self, means, log_z):
        """Return the vector that belongs to means (k, d) and ln Z."""
        scaled = ((means - self.centre) / self.sigma).ravel()
        return scaled if self.log_z is not None else np.append(scaled, log_z)

    def unpack(self, vector):
        """Return means (k, d) and ln Z."""
        scaled, log_z = self._split(vector)
        return self.centre + self.sigma * scaled, float(log_z)

    def _split(self, vector):
        size = self.k * len(self.columns)
        log_z = vector[size] if self.log_z is None else self.log_z
        return vector[:size].reshape(self.k, -1), log_z

    def _log_ratio(self, vector):
        """Return G (n + m,), the terms over the largest of their column (k, n + m), their sum."""
        means, log_z = self._split(vector)
        terms = means @ self.columns  # (k, n + m)
        terms -= 0.5 * (means**2).sum(axis=1)[:, None]
        log_ratio = terms.max(axis=0)
        terms -= log_ratio
        np.exp(terms, out=terms)
        total = terms.sum(axis=0)
        log_ratio += np.log(total)
        log_ratio += self.offset
        log_ratio -= log_z
        return log_ratio, terms, total

    def __call__(self, vector):
        """Return the loss divided by n, and its gradient."""
        means, _ = self._split(vector)
        log_ratio, terms, total = self._log_ratio(vector)
        signed = self.sign * log_ratio
        small = np.exp(-np.abs(signed))
        loss = np.log1p(small).sum() - np.minimum(signed, 0).sum()
        slope = np.where(signed >= 0, small, 1.0)  # of the loss in G
        slope /= 1 + small
        slope *= -self.sign
        terms *= slope / total  # (k, n + m), responsibilities times slope
        gradient = (terms @ self.columns.T - terms.sum(axis=1)[:, None] * means).ravel()
        if self.log_z is None:
            gradient = np.append(gradient, -slope.sum())
        return loss / self.n, gradient / self.n

    def escape(self, vector):
        """Return what has run away, or an empty string."""
        log_ratio, terms, total = self._log_ratio(vector)
        counts = (terms[:, : self.n] / total[: self.n]).sum(axis=1)  # (k,), data points of each
        if counts.min() < TRACE:
            return (
                f"mean {int(counts.argmin())} has escaped: its component accounts for "
                f"{counts.min():.2g} data points"
            )
        small = np.exp(-np.abs(log_ratio))
        overlap = (small / (1 + small) ** 2).sum()  # sum of h (1 - h), which carries information
        if overlap < TRACE:
            return (
                "data and noise hardly overlap: they can be told apart without error, and the "
                "loss has no lowest point; give noise that covers the data"
            )
        return ""


def descend(objective, means, log_z, *, max_iter, tol, callback):
    """Run BFGS; return the path of (means, ln Z, loss), whether it converged, and why it ended."""
    path, vectors = [], []

    def record(vector, loss):
        if np.isfinite(loss):
            state = objective.unpack(vector)
            vectors.append(vector.copy())
            path.append((*state, loss * objective.n))
            if callback is not None:
                callback(len(path) - 1, state)

    def step(intermediate_result):  # SciPy looks for this name
        record(intermediate_result.x, intermediate_result.fun)

    # A line search may try a step too far; the point that is returned is checked below.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        vector = objective.pack(means, log_z)
        record(vector, objective(vector)[0])
        if not path:
            raise ValueError("the loss at the start is not finite; start nearer to the data")
        options = {"gtol": tol, "maxiter": max_iter}
        found = minimize(objective, vector, jac=True, method="BFGS", callback=step, options=options)
        steepest = np.abs(objective(vectors[-1])[1]).max()
        escape = objective.escape(vectors[-1])
    if escape:
        return path, False, escape
    if steepest <= max(tol, FLAT):
        return path, True, "converged"
    if found.status == 1:
        return path, False, f"stopped at max_iter = {max_iter} without converging"
    return path, False, f"stopped without converging: {found.message}"
