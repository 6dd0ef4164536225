r"""Information of the logistic loss, from which the accuracy of an estimate follows.

With the model's density :math:`p_m`, its gradient :math:`g(u) = \nabla_\theta \ln p_m(u)` and
:math:`P(u) = \nu p_n(u) / (p_m(u) + \nu p_n(u))`, the moments over the data are

.. math:: I = \mathrm E[P g g^\top], \qquad m = \mathrm E[P g] .

As :math:`\nu` grows, P tends to 1 and I to the Fisher information.

References
----------
M. U. Gutmann, A. Hyvärinen, "Noise-contrastive estimation of unnormalized statistical models, with
applications to natural image statistics", *J. Mach. Learn. Res.* 13 (2012) 307-361.

L. N. Trefethen, J. A. C. Weideman, "The exponentially convergent trapezoidal rule", *SIAM Review*
56 (2014) 385-458.
"""

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit, logsumexp

from mixcore._nce_objective import log_noise_density, log_normaliser
from mixcore._validation import as_count, as_points, as_positive, as_rng
from mixcore.gaussian_mixture import GaussianMixture

REACH = 9.0  # half-width of the grids in standard deviations: what lies beyond is under 1e-17
STEPS = (0.25, 0.125, 0.0625, 0.03125)  # of the grids, in standard deviations
SETTLED = 1e-8  # change from one grid to the next, against the largest entry


def moments(gradients, log_ratio, weights):
    """Return I (p, p) and m (p,) from values at the nodes of a quadrature.

    ``gradients`` is g (n, p), ``log_ratio`` is ln p_m - ln(nu p_n) (n,), and ``weights`` (n,) are
    those of the quadrature times the density of the data.
    """
    weighted = gradients * (weights * expit(-log_ratio))[:, None]  # (n, p)
    return weighted.T @ gradients, weighted.sum(axis=0)


def inverse_information(information):
    """Return I^-1, or raise if some direction of the parameters leaves no trace in the data."""
    eigenvalues = np.linalg.eigvalsh(information)
    if not eigenvalues[0] > 1e-12 * eigenvalues[-1]:
        raise ValueError(
            f"the information is singular: its eigenvalues run from {eigenvalues[0]:.3g} to "
            f"{eigenvalues[-1]:.3g}; give means that differ, and noise that overlaps the data"
        )
    inverse = cho_solve(cho_factor(information), np.eye(len(information)))
    return 0.5 * (inverse + inverse.T)


def estimator_covariance(information, mean, ratio):
    """Return I^-1 - (1 + 1/nu) I^-1 m m' I^-1, the covariance of the estimate times T."""
    inverse = inverse_information(information)
    direction = inverse @ mean  # (p,)
    return inverse - (1 + 1 / ratio) * np.outer(direction, direction)


def grid(d, step):
    """Return nodes (n, d) and weights (n,) of the trapezoidal rule for N(0, I)."""
    axis = np.arange(-REACH, REACH + step / 2, step)
    nodes = np.stack(np.meshgrid(*[axis] * d, indexing="ij"), axis=-1).reshape(-1, d)
    weights = np.exp(-0.5 * (nodes**2).sum(axis=1)) * (step / np.sqrt(2 * np.pi)) ** d
    return nodes, weights


def mixture_moments(means, sigma, integrand):
    """Return the moments over an equal-weight isotropic mixture in one or two dimensions.

    ``integrand(u)`` returns g (n, p) and ln p_m - ln(nu p_n) (n,).  The step of the trapezoidal
    rule is halved until the result stays the same.
    """
    k, d = means.shape
    previous = None
    for step in STEPS:
        nodes, weights = grid(d, step)
        parts = [moments(*integrand(mean + sigma * nodes), weights / k) for mean in means]
        current = [sum(part) for part in zip(*parts, strict=True)]
        if previous is not None:
            change = max(np.abs(a - b).max() for a, b in zip(current, previous, strict=True))
            if change <= SETTLED * np.abs(current[0]).max():
                return current
        previous = current
    raise ValueError(
        f"the integrals over the data still change by {change:.3g} on the finest grid; the noise "
        f"varies too quickly for components with sigma = {sigma:g}, give smoother noise"
    )


def _moments_of_means(means, sigma, log_noise, unknown_z, n_samples, rng):
    """Return I and m for the means, with ln Z last where it is unknown.

    ``log_noise(u)`` is ln(nu p_n) (n,).
    """
    means = as_points(means, name="means")
    sigma = as_positive(sigma, "sigma")
    n_samples = as_count(n_samples, "n_samples")
    k, d = means.shape

    def integrand(u):
        from_means = (u[:, None] - means) / sigma  # (n, k, d)
        log_terms = -0.5 * (from_means**2).sum(axis=2)  # (n, k)
        log_sum = logsumexp(log_terms, axis=1)  # (n,)
        resp = np.exp(log_terms - log_sum[:, None])
        gradients = (resp[:, :, None] * from_means / sigma).reshape(len(u), -1)  # (n, k d)
        if unknown_z:
            gradients = np.column_stack([gradients, np.full(len(u), -1.0)])
        return gradients, log_sum - log_normaliser(k, d, sigma) - log_noise(u)

    if d <= 2:
        return mixture_moments(means, sigma, integrand)
    u, _ = GaussianMixture.isotropic(means, sigma).sample(n_samples, as_rng(rng))
    return moments(*integrand(u), np.full(n_samples, 1 / n_samples))


def nce_asymptotic_covariance(
    means, noise, *, ratio=1.0, unknown_z=False, sigma=1.0, n_samples=200_000, rng=None
):
    r"""Return the covariance of the estimate, times the number T of data points, as T grows.

    It is :math:`I^{-1} - (1 + 1/\nu) \, I^{-1} m m^\top I^{-1}` with :math:`I = \mathrm E[P g
    g^\top]` and :math:`m = \mathrm E[P g]` over the data, :math:`g` the gradient of
    :math:`\ln p_m` in the parameters and :math:`P = \nu p_n / (p_m + \nu p_n)`.  In one and two
    dimensions the integrals are accurate to a relative 1e-6; beyond, they are averages over points
    drawn from the mixture.

    Parameters
    ----------
    means : array_like, shape (k, d), or (k,) when d = 1
        True means of the equal-weight isotropic mixture.
    noise : object
        With a method ``log_density(y)``, for instance a :class:`mixcore.GaussianMixture`.
    ratio : float
        Number of noise points for each data point, :math:`\nu`.
    unknown_z : bool
        Whether :math:`\ln Z` is estimated too.
    sigma : float
        Standard deviation of the components.
    n_samples : int
        Number of points drawn where d is over 2.
    rng : numpy.random.Generator, optional
        Source of randomness; needed where d is over 2.

    Returns
    -------
    ndarray, shape (k d, k d), or (k d + 1, k d + 1) with ``unknown_z``
        In the order of the flattened means, then :math:`\ln Z`.

    Raises
    ------
    ValueError
        If a value is out of range, two means coincide, or the noise hardly overlaps the data or
        varies too quickly for the quadrature.

    References
    ----------
    Gutmann and Hyvärinen (2012), theorem 3.

    Examples
    --------
    >>> from mixcore import GaussianMixture
    >>> noise = GaussianMixture([1.0], [[0.0]], [[[4.0]]])
    >>> nce_asymptotic_covariance([[0.5]], noise).round(4)
    array([[1.7396]])
    """
    ratio = as_positive(ratio, "ratio")

    def log_noise(u):
        return np.log(ratio) + log_noise_density(noise, u, "the data")

    return estimator_covariance(
        *_moments_of_means(means, sigma, log_noise, unknown_z, n_samples, rng), ratio
    )


def ml_asymptotic_covariance(means, *, sigma=1.0, n_samples=200_000, rng=None):
    r"""Return the inverse of the Fisher information of the means.

    It is :math:`\mathrm E[g g^\top]^{-1}` over the data with :math:`g` the gradient of
    :math:`\ln p_m` in the means: the covariance of the maximum-likelihood estimate, times the
    number of data points, and the lower bound for every regular estimate.

    Parameters
    ----------
    means : array_like, shape (k, d), or (k,) when d = 1
        True means of the equal-weight isotropic mixture.
    sigma : float
        Standard deviation of the components.
    n_samples : int
        Number of points drawn where d is over 2.
    rng : numpy.random.Generator, optional
        Source of randomness; needed where d is over 2.

    Returns
    -------
    ndarray, shape (k d, k d)
        In squared units of the means, in the order of the flattened means.

    Raises
    ------
    ValueError
        If a value is out of range or two means coincide.

    References
    ----------
    E. L. Lehmann, G. Casella, *Theory of Point Estimation*, 2nd ed., Springer 1998, section 6.5.

    Examples
    --------
    One component: the average of n points has the covariance :math:`\sigma^2 I / n`.

    >>> ml_asymptotic_covariance([[1.0, 2.0]], sigma=3.0).diagonal().round(6)
    array([9., 9.])
    """

    def log_noise(u):
        return np.full(len(u), np.inf)  # P = 1: as much noise as one likes

    return inverse_information(_moments_of_means(means, sigma, log_noise, False, n_samples, rng)[0])
