r"""The fit of a Gaussian mixture by expectation-maximisation.

With :math:`N_k = \sum_i r_{ik}` the M-step has the closed form

.. math::

    \pi_k = \frac{N_k}{n}, \qquad
    \mu_k = \frac{1}{N_k} \sum_i r_{ik} x_i, \qquad
    \Sigma_k = \frac{1}{N_k} \sum_i r_{ik} (x_i - \mu_k)(x_i - \mu_k)^\top ,

with the *new* means in the last formula.  The other covariance types follow from these matrices:
*tied* is their average with the weights :math:`\pi_k`, *diag* keeps their diagonals, and
*spherical* replaces each diagonal by its average.

References
----------
C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, section 9.2.2.

G. Celeux, G. Govaert, "Gaussian parsimonious clustering models", *Pattern Recognition* 28 (1995)
781-793, for the covariance types.
"""

import numpy as np

from mixcore._validation import (
    as_choice,
    as_count,
    as_nonnegative,
    as_points,
    as_rng,
    enough_points,
)
from mixcore.em import expectation_maximisation
from mixcore.gaussian_mixture import GaussianMixture
from mixcore.kmeans import kmeans

__all__ = ["DegenerateFitError", "fit_gaussian_mixture", "gaussian_m_step"]

COVARIANCE_TYPES = ("full", "tied", "diag", "spherical")


class DegenerateFitError(ValueError):
    """A component lost all its points, or its covariance became singular."""


def _constrain(covariances, weights, covariance_type):
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


def gaussian_m_step(x, resp, *, covariance_type="full", reg_covar=0.0):
    r"""Return the mixture that maximises the lower bound Q for given responsibilities.

    Parameters
    ----------
    x : ndarray, shape (n, d)
        Points.
    resp : ndarray, shape (n, k)
        Responsibilities; where points have weights, each row times the weight of its point.
    covariance_type : {"full", "tied", "diag", "spherical"}
        As for :func:`fit_gaussian_mixture`.
    reg_covar : float
        Added to the diagonal of every covariance, in squared units of ``x``.

    Returns
    -------
    GaussianMixture
        The next mixture.

    Raises
    ------
    DegenerateFitError
        If a component has no points left or its covariance is singular.

    References
    ----------
    Bishop (2006), equations 9.24 to 9.27.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[0.0], [2.0], [10.0], [14.0]])
    >>> resp = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    >>> mixture = gaussian_m_step(x, resp)
    >>> mixture.means.ravel(), mixture.covariances.ravel()
    (array([ 1., 12.]), array([1., 4.]))
    """
    counts = resp.sum(axis=0)  # (k,), the effective number of points of each component
    if counts.min() < 1e-10:
        raise DegenerateFitError(
            f"component {int(counts.argmin())} has lost all its points; "
            "start elsewhere, raise n_init or ask for fewer components"
        )
    weights = counts / counts.sum()
    means = resp.T @ x / counts[:, None]  # (k, d)
    centred = x[None] - means[:, None]  # (k, n, d), around the new means
    covariances = np.einsum("nk,kni,knj->kij", resp, centred, centred, optimize=True)
    covariances /= counts[:, None, None]
    covariances = _constrain(covariances, weights, covariance_type)
    covariances = 0.5 * (covariances + covariances.transpose(0, 2, 1))
    covariances = covariances + reg_covar * np.eye(x.shape[1])
    try:
        return GaussianMixture(weights, means, covariances)
    except ValueError as error:
        raise DegenerateFitError(
            f"a component has shrunk onto too few points: {error}; "
            f"reg_covar is {reg_covar:g}, raise it or ask for fewer components"
        ) from None


def _start(x, n_components, init, covariance_type, reg_covar, rng):
    if isinstance(init, GaussianMixture):
        return init
    if init == "kmeans":
        labels = kmeans(x, n_components, rng=rng).labels
        return gaussian_m_step(
            x, np.eye(n_components)[labels], covariance_type=covariance_type, reg_covar=reg_covar
        )
    means = x[rng.choice(len(x), size=n_components, replace=False)]
    identities = np.broadcast_to(np.eye(x.shape[1]), (n_components, x.shape[1], x.shape[1]))
    return GaussianMixture(np.full(n_components, 1 / n_components), means, identities)


def fit_gaussian_mixture(
    x,
    n_components,
    *,
    covariance_type="full",
    init="kmeans",
    n_init=1,
    max_iter=200,
    tol=1e-6,
    reg_covar=1e-6,
    rng=None,
    callback=None,
):
    r"""Fit a Gaussian mixture by expectation-maximisation.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.
    n_components : int
        Number of components k, at most n.
    covariance_type : {"full", "tied", "diag", "spherical"}
        Free matrices; one matrix for all components; diagonal matrices; multiples of the identity.
    init : {"kmeans", "random_from_data"} or GaussianMixture
        Start: the clusters of one k-means run; random points of the data as means, with unit
        covariances and equal weights; or a given mixture.
    n_init : int
        Number of starts; the fit with the largest log-likelihood is returned.  One when ``init``
        is a mixture.
    max_iter : int
        Largest number of iterations of each start.
    tol : float
        EM stops when the log-likelihood per point changes by less than this, in nats.
    reg_covar : float
        Added to the diagonal of every covariance, in squared units of ``x``.  It keeps a component
        from shrinking onto a single point, where the likelihood has no upper limit.
    rng : numpy.random.Generator, optional
        Source of randomness; not needed when ``init`` is a mixture.
    callback : callable, optional
        ``callback(iteration, mixture)``, called with the start (iteration 0) and after each
        iteration of every start.

    Returns
    -------
    EMResult
        With ``mixture`` (a :class:`GaussianMixture`), ``log_likelihoods``, ``n_iter`` and
        ``converged``.

    Raises
    ------
    ValueError
        If ``x`` is not finite or not (n, d), there are fewer points than components, or an option
        is not valid.
    DegenerateFitError
        If every start ended in a component without points or with a singular covariance.

    References
    ----------
    Bishop (2006), section 9.2.2.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> truth = GaussianMixture([0.4, 0.6], [[0.0, 0.0], [5.0, 5.0]], [np.eye(2), np.eye(2)])
    >>> x, _ = truth.sample(500, rng)
    >>> result = fit_gaussian_mixture(x, 2, rng=rng)
    >>> result.converged
    True
    >>> bool(np.all(np.diff(result.log_likelihoods) > -1e-8))
    True
    """
    x = as_points(x)
    n_components = as_count(n_components, "n_components")
    as_choice(covariance_type, "covariance_type", COVARIANCE_TYPES)
    n_init = as_count(n_init, "n_init")
    reg_covar = as_nonnegative(reg_covar, "reg_covar")
    enough_points(x, n_components)
    if isinstance(init, GaussianMixture):
        if (init.n_components, init.n_features) != (n_components, x.shape[1]):
            raise ValueError(
                f"init has {init.n_components} components in {init.n_features} dimensions, but "
                f"n_components is {n_components} and x has {x.shape[1]} columns"
            )
        n_init = 1  # the same start would give the same fit again
    else:
        as_choice(init, "init", ("kmeans", "random_from_data"))
        as_rng(rng)

    def m_step(x, resp):
        return gaussian_m_step(x, resp, covariance_type=covariance_type, reg_covar=reg_covar)

    best, failure = None, None
    for _ in range(n_init):
        try:
            start = _start(x, n_components, init, covariance_type, reg_covar, rng)
            result = expectation_maximisation(
                x, start, m_step, max_iter=max_iter, tol=tol, callback=callback
            )
        except DegenerateFitError as error:  # one bad start must not lose the others
            failure = error
            continue
        if best is None or result.log_likelihood > best.log_likelihood:
            best = result
    if best is None:
        raise failure
    return best
