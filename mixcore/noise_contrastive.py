r"""Noise-contrastive estimation of a mixture whose normalising constant may be unknown.

The model is the equal-weight isotropic mixture with k means in d dimensions,

.. math::

    p_m(u) = e^{-\ln Z} \sum_{k} \exp\Bigl(-\frac{\lVert u - \mu_k \rVert^2}{2 \sigma^2}\Bigr),
    \qquad Z = k \, (2 \pi \sigma^2)^{d/2} ,

where :math:`\ln Z` is either known or one more parameter.  The *noise* has a known density
:math:`p_n`; there are :math:`\nu` noise points :math:`y_j` for each data point :math:`x_i`.  The
probability that a point u is data and not noise is

.. math:: h(u) = \frac{p_m(u)}{p_m(u) + \nu p_n(u)} ,

and the estimate minimises the logistic loss
:math:`-\sum_i \ln h(x_i) - \sum_j \ln\bigl(1 - h(y_j)\bigr)`, which holds no integral over the
model.

References
----------
M. U. Gutmann, A. Hyvärinen, "Noise-contrastive estimation of unnormalized statistical models, with
applications to natural image statistics", *J. Mach. Learn. Res.* 13 (2012) 307-361.

J. Nocedal, S. J. Wright, *Numerical Optimization*, 2nd ed., Springer 2006, section 6.1 on BFGS.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import expit, log_expit, logsumexp

from mixcore._nce_information import ml_asymptotic_covariance, nce_asymptotic_covariance
from mixcore._nce_objective import (
    Objective,
    as_real,
    descend,
    log_noise_density,
    log_normaliser,
    noise_and_points,
)
from mixcore._validation import (
    as_count,
    as_nonnegative,
    as_points,
    as_positive,
    as_rng,
    enough_points,
)
from mixcore.gaussian_mixture import GaussianMixture

__all__ = [
    "NCEResult",
    "fit_nce",
    "ml_asymptotic_covariance",
    "nce_asymptotic_covariance",
    "nce_loss",
]


@dataclass(frozen=True, eq=False)
class NCEResult:
    r"""What :func:`fit_nce` returns.

    Attributes
    ----------
    means : ndarray, shape (k, d)
        Estimated means :math:`\mu_k`.
    log_z : float
        :math:`\ln Z`: the estimate, or the known value.
    losses : ndarray, shape (n_iter + 1,)
        Loss in nats, summed over data and noise points: at the start, then after each iteration.
    means_history : ndarray, shape (n_iter + 1, k, d)
        Means at the start and after each iteration.
    log_z_history : ndarray, shape (n_iter + 1,)
        :math:`\ln Z` at the start and after each iteration.
    n_iter : int
        Number of iterations of BFGS.
    converged : bool
        Whether the gradient fell below ``tol`` at means that all account for some of the data.
    message : str
        Why the fit stopped; where it did not converge, what happened.
    noise_points : ndarray, shape (m, d)
        The noise points that the data were held against.
    sigma : float
        Standard deviation of the components.
    """

    means: np.ndarray
    log_z: float
    losses: np.ndarray
    means_history: np.ndarray
    log_z_history: np.ndarray
    n_iter: int
    converged: bool
    message: str
    noise_points: np.ndarray
    sigma: float

    @property
    def loss(self):
        """Loss at the estimate, in nats."""
        return float(self.losses[-1])

    @property
    def mixture(self):
        """The normalised :class:`mixcore.GaussianMixture` with the estimated means."""
        return GaussianMixture.isotropic(self.means, self.sigma)

    def __repr__(self):
        return f"NCEResult({self.message}; {self.n_iter} iterations, loss {self.loss:.6f})"


def nce_loss(means, x, noise, noise_points, *, log_z=None, sigma=1.0):
    r"""Return the loss and its gradient, in the plain form that follows the equations.

    Parameters
    ----------
    means : array_like, shape (k, d), or (k,) when d = 1
        Means :math:`\mu_k`.
    x : array_like, shape (n, d), or (n,) when d = 1
        Data.
    noise : object
        With a method ``log_density(y)`` that returns :math:`\ln p_n(y_j)` as (m,), for instance a
        :class:`mixcore.GaussianMixture`.
    noise_points : array_like, shape (m, d), or (m,) when d = 1
        Points drawn from the noise; :math:`\nu = m / n`.
    log_z : float, optional
        :math:`\ln Z`; that of the normalised mixture where none is given.
    sigma : float
        Standard deviation of the components, in the units of ``x``.

    Returns
    -------
    loss : float
        :math:`-\sum_i \ln h(x_i) - \sum_j \ln(1 - h(y_j))` in nats, finite for far points too.
    means_gradient : ndarray, shape (k, d)
        :math:`\sum_j h(y_j) \nabla_\mu \ln p_m(y_j)
        - \sum_i (1 - h(x_i)) \nabla_\mu \ln p_m(x_i)`.
    log_z_gradient : float
        :math:`\sum_i (1 - h(x_i)) - \sum_j h(y_j)`.

    Raises
    ------
    ValueError
        If shapes do not fit together, a value is not finite, or the noise has no usable density.

    References
    ----------
    Gutmann and Hyvärinen (2012), section 2.2.

    Examples
    --------
    >>> from mixcore import GaussianMixture
    >>> noise = GaussianMixture([1.0], [[0.0]], [[[4.0]]])
    >>> loss, means_gradient, log_z_gradient = nce_loss([[0.5]], [0.0, 1.0], noise, [-2.0, 2.0])
    >>> round(loss, 4), means_gradient.round(4), round(log_z_gradient, 4)
    (1.7175, array([[0.4733]]), 0.0514)
    """
    means = as_points(means, name="means")  # (k, d)
    k, d = means.shape
    x = as_points(x, n_features=d)
    y = as_points(noise_points, name="noise_points", n_features=d)
    sigma = as_positive(sigma, "sigma")
    log_z = log_normaliser(k, d, sigma) if log_z is None else as_real(log_z, "log_z")

    def log_ratio_and_gradient(u, name):
        log_terms = -0.5 * cdist(u, means, "sqeuclidean") / sigma**2  # (n, k)
        log_sum = logsumexp(log_terms, axis=1)  # (n,)
        resp = np.exp(log_terms - log_sum[:, None])  # (n, k)
        log_ratio = log_sum - log_z - np.log(len(y) / len(x)) - log_noise_density(noise, u, name)
        return log_ratio, resp[:, :, None] * (u[:, None] - means) / sigma**2  # (n,), (n, k, d)

    at_x, gradient_x = log_ratio_and_gradient(x, "x")
    at_y, gradient_y = log_ratio_and_gradient(y, "noise_points")
    loss = -log_expit(at_x).sum() - log_expit(-at_y).sum()
    not_h, h = expit(-at_x), expit(at_y)  # 1 - h(x_i) and h(y_j)
    means_gradient = np.einsum("n,nkd->kd", h, gradient_y) - np.einsum(
        "n,nkd->kd", not_h, gradient_x
    )
    return float(loss), means_gradient, float(not_h.sum() - h.sum())


def fit_nce(
    x,
    noise=None,
    *,
    n_components=None,
    start=None,
    unknown_z=False,
    log_z=None,
    noise_points=None,
    ratio=1.0,
    sigma=1.0,
    max_iter=500,
    tol=1e-6,
    rng=None,
    callback=None,
):
    r"""Fit the means, and if asked the normalising constant, by noise-contrastive estimation.

    The loss of :func:`nce_loss` is made small by BFGS.  The constant is fitted as :math:`\ln Z`.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Data.
    noise : object, optional
        With methods ``log_density(y)``, which returns :math:`\ln p_n` as (m,), and
        ``sample(n, rng)``, for instance a :class:`mixcore.GaussianMixture`.  Where none is given,
        a Gaussian with the mean of the data and 1.5 times their covariance.
    n_components : int, optional
        Number of means k; they start at k random data points.  Not needed with ``start``.
    start : array_like, shape (k, d), optional
        Means to start from.
    unknown_z : bool
        Whether :math:`\ln Z` is estimated too.
    log_z : float, optional
        Known value of :math:`\ln Z`, or with ``unknown_z`` its start.  Where none is given, the
        value of the normalised mixture, or as a start the logarithm of a number between 0.1 and 1.
    noise_points : array_like, shape (m, d), optional
        Points drawn from the noise; where none are given, they are drawn here.
    ratio : float
        Number of noise points to draw for each data point, :math:`\nu`.
    sigma : float
        Standard deviation of the components, in the units of ``x``.
    max_iter : int
        Largest number of iterations.
    tol : float
        The fit stops when no entry of the gradient, per data point and with the means in units of
        sigma, is larger.
    rng : numpy.random.Generator, optional
        Source of randomness; not needed when start, noise points and :math:`\ln Z` are given.
    callback : callable, optional
        ``callback(iteration, (means, log_z))``, called with the start (iteration 0) and after each
        iteration.

    Returns
    -------
    NCEResult
        With ``means``, ``log_z``, ``losses``, ``converged`` and ``message``.  A fit that runs away
        is returned with ``converged`` False: a mean may leave the data behind, and data that noise
        does not overlap have no best fit.

    Raises
    ------
    ValueError
        If shapes do not fit together, a value is not finite, an option is not valid, or the noise
        has no usable density.

    References
    ----------
    Gutmann and Hyvärinen (2012), section 2.2; Nocedal and Wright (2006), section 6.1.

    Examples
    --------
    >>> import numpy as np
    >>> from mixcore import GaussianMixture
    >>> rng = np.random.default_rng(0)
    >>> x, _ = GaussianMixture.isotropic([[0.0, 0.0], [4.0, 0.0]]).sample(1000, rng)
    >>> noise = GaussianMixture.isotropic([[1.0, 1.0]], sigma=3.0)
    >>> result = fit_nce(x, noise, start=[[1.0, 1.0], [2.0, 0.0]], unknown_z=True, rng=rng)
    >>> result.converged
    True
    >>> bool(abs(np.exp(result.log_z) - 4 * np.pi) < 2)
    True
    """
    x = as_points(x)
    sigma = as_positive(sigma, "sigma")
    max_iter = as_count(max_iter, "max_iter")
    tol = as_nonnegative(tol, "tol")
    if start is None:
        k = as_count(n_components, "n_components")
        enough_points(x, k)
        start = x[as_rng(rng).choice(len(x), size=k, replace=False)]
    start = as_points(start, name="start", n_features=x.shape[1])
    k, d = start.shape
    if n_components not in (None, k):
        raise ValueError(
            f"n_components is {n_components} but start has {k} means; give one of them"
        )
    noise, y = noise_and_points(x, noise, noise_points, ratio, rng)
    if log_z is not None:
        log_z = as_real(log_z, "log_z")
    elif unknown_z:
        log_z = np.log(as_rng(rng).uniform(0.1, 1.0))
    else:
        log_z = log_normaliser(k, d, sigma)

    objective = Objective.build(x, y, noise, k=k, sigma=sigma, log_z=None if unknown_z else log_z)
    path, converged, message = descend(
        objective, start, log_z, max_iter=max_iter, tol=tol, callback=callback
    )
    means, log_zs, losses = (np.array(part) for part in zip(*path, strict=True))
    n_iter = len(path) - 1
    return NCEResult(
        means[-1], float(log_zs[-1]), losses, means, log_zs, n_iter, converged, message, y, sigma
    )
