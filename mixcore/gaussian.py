r"""The multivariate Gaussian distribution.

With mean :math:`\mu` (d,) and covariance :math:`\Sigma` (d, d) the density at :math:`x` (d,) is

.. math::

    \mathcal N(x \mid \mu, \Sigma)
    = (2\pi)^{-d/2} \, |\Sigma|^{-1/2}
      \exp\bigl(-\tfrac12 (x - \mu)^\top \Sigma^{-1} (x - \mu)\bigr).

Everything is computed from the Cholesky factor :math:`\Sigma = L L^\top`.  With
:math:`z = L^{-1}(x - \mu)` the exponent is :math:`-\tfrac12 \lVert z \rVert^2` and
:math:`\log|\Sigma| = 2 \sum_j \log L_{jj}`, so neither an inverse nor a determinant is formed.

References
----------
C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, section 2.3.
"""

import numpy as np
from scipy.linalg import solve_triangular

from mixcore._validation import as_array, as_points, cholesky

__all__ = ["fit_gaussian", "gaussian_log_density", "gaussian_score"]


def _parameters(mean, covariance):
    """Return mean (d,) and the Cholesky factor (d, d), scalars taken as one dimension."""
    mean = np.atleast_1d(as_array(mean, "mean"))  # (d,)
    covariance = np.atleast_2d(as_array(covariance, "covariance"))  # (d, d)
    if mean.ndim != 1 or covariance.shape != (mean.size, mean.size):
        raise ValueError(
            f"mean has shape {mean.shape} and covariance {covariance.shape}; "
            "they must be (d,) and (d, d)"
        )
    return mean, cholesky(covariance)


def log_density_from_cholesky(x, mean, factor):
    """Return log N(x | mean, factor factor') for checked arrays: (n, d), (d,), (d, d) -> (n,)."""
    z = solve_triangular(factor, (x - mean).T, lower=True, check_finite=False)  # (d, n)
    half_log_determinant = np.log(np.diag(factor)).sum()
    return -0.5 * (z**2).sum(axis=0) - half_log_determinant - 0.5 * len(mean) * np.log(2 * np.pi)


def score_from_cholesky(x, mean, factor):
    """Return the gradient of log N in x for checked arrays: (n, d), (d,), (d, d) -> (n, d)."""
    z = solve_triangular(factor, (mean - x).T, lower=True, check_finite=False)  # (d, n)
    return solve_triangular(factor, z, lower=True, trans="T", check_finite=False).T  # (n, d)


def gaussian_log_density(x, mean, covariance):
    r"""Return the log-density of a Gaussian at each point.

    It is :math:`\log \mathcal N(x_i \mid \mu, \Sigma)`.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.
    mean : array_like, shape (d,)
        Mean :math:`\mu`, in the units of ``x``.
    covariance : array_like, shape (d, d)
        Covariance :math:`\Sigma`, symmetric positive definite, in squared units of ``x``.

    Returns
    -------
    ndarray, shape (n,)
        Log-densities in nats.

    Raises
    ------
    ValueError
        If a shape does not fit, a value is NaN or infinite, or the covariance is not symmetric
        positive definite.

    References
    ----------
    Bishop (2006), equation 2.43.

    Examples
    --------
    >>> import numpy as np
    >>> gaussian_log_density([[0.0, 0.0], [1.0, 2.0]], [0.0, 0.0], np.eye(2)).round(4)
    array([-1.8379, -4.3379])
    """
    mean, factor = _parameters(mean, covariance)
    return log_density_from_cholesky(as_points(x, n_features=len(mean)), mean, factor)


def gaussian_score(x, mean, covariance):
    r"""Return the score of a Gaussian, the gradient of its log-density, at each point.

    It is :math:`\nabla_x \log \mathcal N(x_i \mid \mu, \Sigma) = \Sigma^{-1} (\mu - x_i)`: an arrow
    from the point towards the mean.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.
    mean : array_like, shape (d,)
        Mean :math:`\mu`.
    covariance : array_like, shape (d, d)
        Covariance :math:`\Sigma`, symmetric positive definite.

    Returns
    -------
    ndarray, shape (n, d)
        One gradient a point, in nats per unit of ``x``.

    Raises
    ------
    ValueError
        As for :func:`gaussian_log_density`.

    References
    ----------
    Bishop (2006), the derivative of equation 2.43 in x.

    Examples
    --------
    >>> gaussian_score([[1.0, 1.0]], [0.0, 0.0], [[2.0, 0.0], [0.0, 4.0]])
    array([[-0.5 , -0.25]])
    """
    mean, factor = _parameters(mean, covariance)
    return score_from_cholesky(as_points(x, n_features=len(mean)), mean, factor)


def fit_gaussian(x):
    r"""Return the maximum-likelihood mean and covariance of points.

    The mean is :math:`\bar x` and the covariance
    :math:`\tfrac1n \sum_i (x_i - \bar x)(x_i - \bar x)^\top`, divided by n and not by n - 1.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.

    Returns
    -------
    mean : ndarray, shape (d,)
        In the units of ``x``.
    covariance : ndarray, shape (d, d)
        In squared units of ``x``.

    Raises
    ------
    ValueError
        If ``x`` is empty, not (n, d), or holds NaN or infinity.

    References
    ----------
    Bishop (2006), equations 2.121 and 2.122.

    Examples
    --------
    >>> mean, covariance = fit_gaussian([[0.0, 0.0], [2.0, 4.0]])
    >>> mean
    array([1., 2.])
    >>> covariance
    array([[1., 2.],
           [2., 4.]])
    """
    x = as_points(x)
    mean = x.mean(axis=0)  # (d,)
    centred = x - mean  # (n, d)
    return mean, centred.T @ centred / len(x)
