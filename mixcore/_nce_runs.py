"""One run of the study of noise-contrastive estimation."""

import numpy as np
from scipy.spatial.distance import cdist

from mixcore._validation import as_points
from mixcore.noise_contrastive import fit_nce


def closest_error(estimate, truth):
    r"""Compare estimated means with the closest true ones.

    Parameters
    ----------
    estimate, truth : array_like, shape (k, d), or (k,) when d = 1
        Estimated and true means.

    Returns
    -------
    ok : bool
        False when two estimates lie closest to the same true mean.
    squared_error : float
        :math:`\sum_k \min_l \lVert \hat\mu_k - \mu_l \rVert^2`, in squared units of the means,
        whether ok or not.

    Raises
    ------
    ValueError
        If the shapes differ or a value is NaN or infinite.

    References
    ----------
    :func:`mixcore.matched_error` is the error under the best matching, which never fails; where ok
    is True the two are equal.

    Examples
    --------
    >>> closest_error([[3.0], [0.5]], [[0.0], [3.0]])
    (True, 0.25)
    >>> closest_error([[1.0], [0.5]], [[0.0], [3.0]])
    (False, 1.25)
    """
    estimate = as_points(estimate, name="estimate")
    truth = as_points(truth, name="truth")
    if estimate.shape != truth.shape:
        raise ValueError(
            f"estimate has shape {estimate.shape} and truth {truth.shape}; "
            "both must be (k, d) with the same k and d"
        )
    distances = cdist(estimate, truth, "sqeuclidean")  # (k, k), rows are estimates
    closest = distances.argmin(axis=1)
    return len(np.unique(closest)) == len(truth), float(distances.min(axis=1).sum())


def run_once(task):
    """Fit every variant to one draw; return the squared errors, failed and unconverged."""
    rng, size, truth, noise, variants, start_range = task
    x, _ = truth.sample(size, rng)
    y = noise.sample(size, rng)
    y = y[0] if isinstance(y, tuple) else y
    start = rng.uniform(*start_range, size=truth.means.shape)  # (k, d)
    log_z = np.log(rng.uniform(0.1, 1.0))
    outcomes = []
    for unknown_z in variants:
        result = fit_nce(
            x,
            noise,
            noise_points=y,
            start=start,
            unknown_z=unknown_z,
            log_z=log_z if unknown_z else None,
        )
        ok, squared_error = closest_error(result.means, truth.means)
        outcomes.append((squared_error, not (ok and result.converged), not result.converged))
    return tuple(np.array(part) for part in zip(*outcomes, strict=True))  # three of shape (v,)
