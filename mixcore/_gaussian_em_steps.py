r"""The two steps of EM for Gaussian mixtures, fast where that is accurate and careful elsewhere.

Points are centred and scaled first, :math:`y = (x - c) / s`, so that neither a large offset nor
columns of very different scale cost accuracy.  Sums then come from one of two sources:

- :class:`mixcore._gaussian_features.FeatureSums`, two matrix products over all points;
- :meth:`Steps._careful`, which whitens the points for each component and sums around a nearby
  centre.  It is slower and serves components that are narrow compared with the range of the
  points, and more than 20 dimensions.

Both compute what :func:`mixcore.gaussian_mixture_em.gaussian_m_step` writes plainly.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mixcore._gaussian_features import FeatureSums, products
from mixcore.gaussian_mixture import GaussianMixture

# Sums of features carry a rounding error of about 1e-16 times this, relative to a component's
# own variance.
_LARGEST_CONDITION = 1e6
_MOST_FEATURES = 20
_CHUNK = 8192


class Scaled(NamedTuple):
    """A mixture in the scaled coordinates, ready for the E-step."""

    weights: np.ndarray  # (k,)
    means: np.ndarray  # (k, d)
    covariances: np.ndarray  # (k, d, d)
    inverse_factors: np.ndarray  # (k, d, d), inverses of the Cholesky factors
    offsets: np.ndarray  # (k,), log weight minus log of the Gaussian's normalising constant
    of_type: bool  # whether the covariances are of the asked type: a given start need not be


class Moments(NamedTuple):
    """What the M-step needs, in the scaled coordinates."""

    counts: np.ndarray  # (k,), weights of the points included
    means: np.ndarray  # (k, d)
    covariances: np.ndarray  # (k, d, d), of the asked type, without the ridge
    again: Callable | None  # computes the same moments carefully; None when these are careful


class DegenerateError(Exception):
    """Says why there is no next mixture; the public fit turns it into its own error."""


def constrained(covariances, weights, covariance_type):
    """Turn the full maximum-likelihood covariances (k, d, d) into those of the asked type."""
    k, d, _ = covariances.shape
    if covariance_type == "tied":
        pooled = np.einsum("k,kij->ij", weights, covariances)
        return np.broadcast_to(pooled, (k, d, d))
    variances = np.diagonal(covariances, axis1=1, axis2=2)  # (k, d)
    if covariance_type == "diag":
        return variances[:, :, None] * np.eye(d)
    if covariance_type == "spherical":
        return variances.mean(axis=1)[:, None, None] * np.eye(d)
    return covariances


def prepared(weights, means, covariances, of_type):
    """Return the mixture with what the E-step needs; LinAlgError if a covariance is singular."""
    factors = np.linalg.cholesky(covariances)  # (k, d, d)
    d = means.shape[1]
    inverse_factors = np.linalg.solve(factors, np.broadcast_to(np.eye(d), factors.shape))
    half_log_determinants = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    with np.errstate(divide="ignore"):  # a given start may have a weight of 0
        offsets = np.log(weights) - half_log_determinants - 0.5 * d * np.log(2 * np.pi)
    return Scaled(weights, means, covariances, inverse_factors, offsets, of_type)


class Steps:
    """E-step and M-step for given points (n, d), weights, covariance type and ridge."""

    def __init__(self, x, sample_weight, n_components, covariance_type, reg_covar):
        n, d = x.shape
        self._type, self._k = covariance_type, n_components
        self._weight = None if np.all(sample_weight == 1) else sample_weight
        self.total_weight = float(sample_weight.sum())
        self.center = sample_weight @ x / self.total_weight  # (d,)
        self.y = np.empty((d, n))
        np.subtract(x.T, self.center[:, None], out=self.y)
        self.deviations = np.sqrt([sample_weight @ row**2 / self.total_weight for row in self.y])
        # A constant column differs from its own mean by rounding only.
        self.constant = self.deviations <= 1e-15 * np.abs(self.center)
        self.scale = np.where(self.constant, 1.0, self.deviations)  # (d,)
        if covariance_type == "spherical":
            # One scale for all columns, or a round component would no longer be round.
            varying = self.scale[~self.constant]
            self.scale = np.full(d, varying.max() if varying.size else 1.0)
        self.y /= self.scale[:, None]
        self._ridge = reg_covar / self.scale**2  # (d,)
        self._radius = max(1.0, float(np.sqrt(np.einsum("dn,dn->n", self.y, self.y).max())))
        # A standard deviation under this is made of rounding errors of the data.
        self._resolution = (
            8
            * np.finfo(float).eps
            * (self._radius + float(np.max(np.abs(self.center) / self.scale)))
        )
        self._sums = None
        if d <= _MOST_FEATURES:
            self._sums = FeatureSums(self.y, self._weight, covariance_type, n_components)
        if covariance_type == "tied":
            self._second = (self.y * sample_weight) @ self.y.T  # (d, d)

    def scaled(self, mixture):
        """Return a mixture of the data's coordinates in the scaled ones."""
        covariances = mixture.covariances / np.outer(self.scale, self.scale)
        typed = constrained(covariances, mixture.weights, self._type)
        of_type = np.allclose(covariances, typed, rtol=1e-12, atol=0)
        means = (mixture.means - self.center) / self.scale
        return prepared(mixture.weights, means, covariances, of_type)

    def mixture(self, scaled):
        """Return a mixture of the scaled coordinates in those of the data."""
        means = self.center + self.scale * scaled.means
        covariances = scaled.covariances * np.outer(self.scale, self.scale)
        return GaussianMixture(scaled.weights, means, covariances)

    def e_step(self, scaled):
        """Return the log-likelihood and the moments under the responsibilities."""

        def again():
            return self._careful(lambda chunk: self._responsibilities(scaled, chunk), scaled.means)

        if scaled.of_type and self._accurate(scaled):
            log_likelihood, sums = self._sums.e_step(self._coefficients(scaled))
            if self._type == "tied":
                white = scaled.inverse_factors[0]
                log_likelihood -= 0.5 * np.sum((white @ self._second) * white)
            moments = self._moments(sums)._replace(again=lambda: again()[1])
        else:
            log_likelihood, moments = again()
        return log_likelihood - self.total_weight * np.log(self.scale).sum(), moments

    def m_step(self, moments):
        """Return the next mixture, in the scaled coordinates."""
        scaled = self._maximise(moments)
        if moments.again is not None and (scaled is None or not self._accurate(scaled)):
            moments = moments.again()
            scaled = self._maximise(moments)
        if scaled is None:
            smallest = np.linalg.eigvalsh(moments.covariances)[:, 0]  # (k,)
            why = f"component {int(smallest.argmin())} has shrunk onto too few points"
            if self.constant.any():
                why = f"column {int(self.constant.argmax())} of x is constant"
            raise DegenerateError(f"a covariance is not positive definite: {why}")
        return scaled

    def of_labels(self, labels):
        """Return the mixture of the clusters that integer labels (n,) make."""

        def one_hot(chunk):
            weight = 1.0 if self._weight is None else self._weight[chunk]
            return 0.0, (np.arange(self._k)[:, None] == labels[chunk]) * weight

        start = np.zeros((self._k, len(self.y)))
        if self._sums is None:
            return self.m_step(self._careful(one_hot, start)[1])
        moments = self._moments(self._sums.of_labels(labels))
        return self.m_step(moments._replace(again=lambda: self._careful(one_hot, start)[1]))

    def _accurate(self, scaled):
        """Say whether sums of features are accurate: no component is narrow within the radius."""
        if self._sums is None:
            return False
        narrowest = np.einsum("kij,kij->k", scaled.inverse_factors, scaled.inverse_factors).max()
        return bool(narrowest * self._radius**2 < _LARGEST_CONDITION)

    def _coefficients(self, scaled):
        """Return the coefficients (k, p) of the features in the log joint density."""
        white = scaled.inverse_factors
        precisions = white.transpose(0, 2, 1) @ white  # (k, d, d)
        linear = np.einsum("kij,kj->ki", precisions, scaled.means)  # (k, d)
        constant = scaled.offsets - 0.5 * np.einsum("ki,ki->k", linear, scaled.means)
        if self._type == "tied":
            return np.column_stack([constant, linear])
        if self._type == "spherical":
            return np.column_stack([constant, linear, -0.5 * precisions[:, 0, 0]])
        i, j = products(self._type, len(self.y))
        # y_i y_j stands for y_j y_i as well.
        quadratic = np.where(i == j, -0.5, -1.0) * precisions[:, i, j]
        return np.column_stack([constant, linear, quadratic])

    def _moments(self, sums):
        """Turn sums of responsibilities times features (k, p) into moments."""
        d = len(self.y)
        counts = sums[:, 0]
        divisors = np.maximum(counts, np.finfo(float).tiny)[:, None]
        means = sums[:, 1 : 1 + d] / divisors  # (k, d)
        second = sums[:, 1 + d :] / divisors
        if self._type == "tied":
            within = self._second - np.einsum("k,ki,kj->ij", counts, means, means)
            covariances = np.broadcast_to(within / self.total_weight, (self._k, d, d))
        elif self._type == "spherical":
            variances = (second[:, 0] - np.einsum("ki,ki->k", means, means)) / d
            covariances = variances[:, None, None] * np.eye(d)
        else:
            i, j = products(self._type, d)
            covariances = np.zeros((self._k, d, d))
            covariances[:, i, j] = covariances[:, j, i] = second - means[:, i] * means[:, j]
        return Moments(counts, means, covariances, None)

    def _maximise(self, moments):
        """Return the mixture of given moments, or None where a covariance is singular."""
        counts = moments.counts
        if counts.min() < 1e-10 * self.total_weight / self.y.shape[1]:
            raise DegenerateError(f"component {int(counts.argmin())} has lost all its points")
        covariances = moments.covariances + np.diag(self._ridge)
        try:
            scaled = prepared(counts / counts.sum(), moments.means, covariances, True)
        except np.linalg.LinAlgError:
            return None
        if np.abs(scaled.inverse_factors).max() * self._resolution > 1:
            return None
        # The share of a coordinate's variance that the earlier coordinates leave unexplained: down
        # here the factorisation succeeded by an accident of rounding.
        inverse_share = np.diagonal(scaled.inverse_factors, axis1=1, axis2=2) ** 2 * np.diagonal(
            scaled.covariances, axis1=1, axis2=2
        )  # (k, d)
        if inverse_share.max() * 64 * len(self.y) * np.finfo(float).eps > 1:
            return None
        return scaled

    def _responsibilities(self, scaled, chunk):
        """Return the log-likelihood of a chunk of points and its responsibilities (k, c)."""
        y = self.y[:, chunk]
        joint = np.empty((self._k, y.shape[1]))
        for k, white in enumerate(scaled.inverse_factors):
            z = white @ (y - scaled.means[k][:, None])  # (d, c)
            joint[k] = scaled.offsets[k] - 0.5 * np.einsum("dc,dc->c", z, z)
        largest = joint.max(axis=0)
        with np.errstate(under="ignore"):
            resp = np.exp(joint - largest)
        total = resp.sum(axis=0)
        log_density = np.log(total) + largest
        if self._weight is None:
            return log_density.sum(), resp / total
        weight = self._weight[chunk]
        return weight @ log_density, resp * (weight / total)

    def _careful(self, responsibilities, means):
        """Return the log-likelihood and the moments, summed around nearby centres.

        Sums around the old means lose accuracy where a mean moves by many standard deviations:
        then they are taken again around the new means.
        """
        d, n = self.y.shape
        for _ in range(3):
            total, counts = 0.0, np.zeros(self._k)
            first, second = np.zeros((self._k, d)), np.zeros((self._k, d, d))
            for start in range(0, n, _CHUNK):
                chunk = slice(start, start + _CHUNK)
                log_likelihood, resp = responsibilities(chunk)
                total += log_likelihood
                counts += resp.sum(axis=1)
                for k in range(self._k):
                    centred = self.y[:, chunk] - means[k][:, None]  # (d, c)
                    weighted = centred * resp[k]
                    first[k] += weighted.sum(axis=1)
                    second[k] += weighted @ centred.T
            divisors = np.maximum(counts, np.finfo(float).tiny)[:, None]
            shift = first / divisors  # (k, d)
            means = means + shift
            covariances = second / divisors[:, :, None] - shift[:, :, None] * shift[:, None, :]
            variances = np.diagonal(covariances, axis1=1, axis2=2)
            if np.all(shift**2 <= 100 * np.maximum(variances, 0)):
                break
        weights = counts / self.total_weight
        return total, Moments(counts, means, constrained(covariances, weights, self._type), None)
