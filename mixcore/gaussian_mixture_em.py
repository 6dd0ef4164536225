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

from dataclasses import replace

import numpy as np

from mixcore._gaussian_em_steps import DegenerateError, Steps, constrained
from mixcore._validation import (
    as_choice,
    as_count,
    as_nonnegative,
    as_points,
    as_rng,
    as_sample_weight,
    enough_points,
)
from mixcore.em import iterate
from mixcore.gaussian_mixture import GaussianMixture
from mixcore.kmeans import kmeans

__all__ = ["DegenerateFitError", "fit_gaussian_mixture", "gaussian_m_step"]

COVARIANCE_TYPES = ("full", "tied", "diag", "spherical")


class DegenerateFitError(ValueError):
    """A component lost all its points, or its covariance became singular."""


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
    if counts.min() < 1e-10 * counts.sum() / len(x):
        raise DegenerateFitError(
            f"component {int(counts.argmin())} has lost all its points; "
            "start elsewhere, raise n_init or ask for fewer components"
        )
    weights = counts / counts.sum()
    means = resp.T @ x / counts[:, None]  # (k, d)
    centred = x[None] - means[:, None]  # (k, n, d), around the new means
    covariances = np.einsum("nk,kni,knj->kij", resp, centred, centred, optimize=True)
    covariances /= counts[:, None, None]
    covariances = constrained(covariances, weights, covariance_type)
    covariances = 0.5 * (covariances + covariances.transpose(0, 2, 1))
    covariances = covariances + reg_covar * np.eye(x.shape[1])
    try:
        return GaussianMixture(weights, means, covariances)
    except ValueError as error:
        raise DegenerateFitError(
            f"a component has shrunk onto too few points: {error}; "
            f"reg_covar is {reg_covar:g}, raise it or ask for fewer components"
        ) from None


def _start(x, sample_weight, steps, n_components, init, rng):
    """Return a start in the scaled coordinates of ``steps``."""
    if isinstance(init, GaussianMixture):
        return steps.scaled(init)
    if init == "kmeans":
        # On the scaled points: the start then carries over to other units.
        labels = kmeans(steps.y.T, n_components, sample_weight=sample_weight, rng=rng).labels
        return steps.of_labels(labels)
    means = x[rng.choice(len(x), size=n_components, replace=False)]
    return steps.scaled(GaussianMixture.isotropic(means))


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
    sample_weight=None,
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
        Start: the clusters of one k-means run on the standardised points; random points of the
        data as means, with unit covariances and equal weights; or a given mixture.
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
    sample_weight : array_like, shape (n,), optional
        Weight of each point: a point of weight 2 counts like two equal points, and one of weight 0
        like none.
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
        If ``x`` is not finite or not (n, d), there are fewer points than components, ``reg_covar``
        is over a hundred times the variance of a column, or an option is not valid.
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
    sample_weight = as_sample_weight(sample_weight, len(x))
    if not sample_weight.all():  # points of weight 0 are no points
        x, sample_weight = x[sample_weight > 0], sample_weight[sample_weight > 0]
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

    steps = Steps(x, sample_weight, n_components, covariance_type, reg_covar)
    _check_ridge(steps, reg_covar)

    def report(iteration, scaled):
        callback(iteration, steps.mixture(scaled))

    best, failure = None, None
    for _ in range(n_init):
        try:
            result = iterate(
                _start(x, sample_weight, steps, n_components, init, rng),
                steps.e_step,
                steps.m_step,
                total_weight=steps.total_weight,
                max_iter=max_iter,
                tol=tol,
                callback=None if callback is None else report,
            )
        except DegenerateError as error:  # one bad start must not lose the others
            failure = DegenerateFitError(
                f"{error}; reg_covar is {reg_covar:g}: raise it, ask for fewer components, "
                "start elsewhere or raise n_init"
            )
            continue
        if best is None or result.log_likelihood > best.log_likelihood:
            best = result
    if best is None:
        raise failure
    return replace(best, mixture=steps.mixture(best.mixture))


def _check_ridge(steps, reg_covar):
    """Raise where the ridge would drown a column: its deviation is ten times that of the data."""
    variances = np.where(steps.constant, np.inf, steps.deviations**2)  # (d,)
    column = int(variances.argmin())
    if reg_covar > 100 * variances[column]:
        raise ValueError(
            f"reg_covar is {reg_covar:g} but column {column} of x has the variance "
            f"{variances[column]:.3g}, which it would drown; standardise the columns or lower "
            "reg_covar"
        )
