"""Checks of what callers hand in: each error names the value and the remedy."""

import numbers

import numpy as np


def as_array(value, name):
    """Return ``value`` as a float64 array without NaN or infinity."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} must hold real numbers, but its dtype is {array.dtype}; "
            f"convert it first, for example with np.asarray({name}, dtype=float)"
        )
    array = array.astype(np.float64)
    bad = ~np.isfinite(array)
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} holds {array[where]} at index {where} ({bad.sum()} such values in all); "
            "remove or replace NaN and infinite values first"
        )
    return array


def as_points(x, *, name="x", n_features=None):
    """Return ``x`` as float64 points of shape (n, d); a 1-D input becomes a column."""
    points = as_array(x, name)
    if points.ndim == 1:
        points = points[:, None]
    if points.ndim != 2:
        raise ValueError(
            f"{name} must have shape (n, d), or (n,) for one dimension, but has {points.shape}; "
            f"reshape it so that each row is a point"
        )
    if points.shape[0] == 0 or points.shape[1] == 0:
        raise ValueError(
            f"{name} is empty: its shape is {points.shape}; give at least one point "
            "with at least one coordinate"
        )
    if n_features is not None and points.shape[1] != n_features:
        raise ValueError(
            f"{name} has {points.shape[1]} columns but the model has {n_features} dimensions; "
            f"give points of shape (n, {n_features})"
        )
    return points


def as_weights(weights, *, name="weights"):
    """Return mixing weights of shape (k,): not negative, summing to 1."""
    weights = as_array(weights, name)
    if weights.ndim != 1 or weights.size == 0:
        raise ValueError(f"{name} must have shape (k,) with k >= 1, but has {weights.shape}")
    if weights.min() < 0:
        i = int(weights.argmin())
        raise ValueError(f"{name}[{i}] is {weights[i]}; mixing weights must not be negative")
    total = float(weights.sum())
    if abs(total - 1) > 1e-8:
        raise ValueError(f"{name} sum to {total!r}, not 1; divide them by their sum")
    return weights


def as_sample_weight(sample_weight, n):
    """Return the weights (n,) of n points: not negative, not all 0; ones where none is given."""
    if sample_weight is None:
        return np.ones(n)
    weight = as_array(sample_weight, "sample_weight")
    if weight.shape != (n,):
        raise ValueError(
            f"sample_weight has shape {weight.shape} but there are {n} points; "
            f"give one weight a point, of shape ({n},)"
        )
    if weight.min() < 0:
        i = int(weight.argmin())
        raise ValueError(f"sample_weight[{i}] is {weight[i]}; weights must not be negative")
    if weight.max() == 0:
        raise ValueError("every sample_weight is 0; give at least one point a positive weight")
    return weight


def cholesky(covariance, *, name="covariance"):
    """Return the lower Cholesky factor of a symmetric positive definite matrix (d, d)."""
    if not np.allclose(covariance, covariance.T, rtol=1e-8, atol=0):
        gap = float(np.abs(covariance - covariance.T).max())
        raise ValueError(
            f"{name} is not symmetric: it differs from its transpose by up to {gap:.3g}; "
            "symmetrise it with (S + S.T) / 2"
        )
    try:
        return np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        smallest = float(np.linalg.eigvalsh(covariance)[0])
        raise ValueError(
            f"{name} is not positive definite: its smallest eigenvalue is {smallest:.3g}; "
            "add a small ridge to its diagonal (reg_covar in a fit) or drop constant and "
            "repeated columns of the data"
        ) from None


def as_count(value, name, *, minimum=1):
    """Return ``value`` as an int of at least ``minimum``."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < minimum:
        raise ValueError(f"{name} is {value!r}; it must be a whole number of at least {minimum}")
    return int(value)


def as_nonnegative(value, name):
    """Return ``value`` as a finite float that is not negative."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError(f"{name} is {value!r}; it must be a real number")
    if not (np.isfinite(value) and value >= 0):
        raise ValueError(f"{name} is {value!r}; it must be finite and not negative")
    return float(value)


def as_positive(value, name):
    """Return ``value`` as a finite float above 0."""
    value = as_nonnegative(value, name)
    if value == 0:
        raise ValueError(f"{name} is 0; it must be positive")
    return value


def as_range(value, name):
    """Return ``value`` as an array of two finite numbers, the lower one first."""
    ends = as_array(value, name)
    if ends.shape != (2,) or ends[0] > ends[1]:
        raise ValueError(f"{name} is {ends.tolist()}; give the lowest and the highest value")
    return ends


def as_choice(value, name, choices):
    """Return ``value`` if it is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; choose one of {', '.join(map(repr, choices))}")
    return value


def as_rng(rng):
    """Return ``rng`` if it is a ``numpy.random.Generator``."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"rng is {rng!r}; pass a numpy.random.Generator, "
            "for example rng=np.random.default_rng(0)"
        )
    return rng


def enough_points(x, n_components, name="n_components"):
    """Raise if there are fewer points than components."""
    if len(x) < n_components:
        raise ValueError(
            f"x has {len(x)} points but {name} is {n_components}; "
            f"give at least {n_components} points or ask for fewer components"
        )
