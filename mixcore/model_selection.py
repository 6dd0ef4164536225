r"""How many components, and which covariances: fit every candidate and compare by a criterion.

The likelihood of a mixture has many local maxima, and a poor one makes a good candidate lose.  So
each candidate is fitted from many starts.  On standardised points :math:`y_j = (x_j - m_j) / s_j`
a start with unit covariances makes sense whatever the units, and the log-likelihood of the
original points follows by the change of variables

.. math:: \sum_i \log p_x(x_i) = \sum_i \log p_y(y_i) - n \sum_j \log s_j .

The criteria are those of :mod:`mixcore.information_criteria`: smaller is better.

References
----------
C. Fraley, A. E. Raftery, "Model-based clustering, discriminant analysis, and density estimation",
*J. American Statistical Association* 97 (2002) 611-631.
"""

from dataclasses import dataclass, replace

import numpy as np

from mixcore._validation import as_choice, as_count, as_points, as_rng, enough_points
from mixcore.gaussian_mixture import GaussianMixture
from mixcore.gaussian_mixture_em import (
    COVARIANCE_TYPES,
    DegenerateFitError,
    fit_gaussian_mixture,
)
from mixcore.information_criteria import aic, bic, icl, n_parameters

__all__ = ["SelectionResult", "select_n_components"]

_COARSE = 1e-5  # nats per point: near enough to a maximum to tell the best start from the others


@dataclass(frozen=True, eq=False)
class SelectionResult:
    """What :func:`select_n_components` returns: one entry a candidate in every field.

    Attributes
    ----------
    table : dict of str to ndarray, shape (m,)
        The columns ``n_components``, ``covariance_type``, ``log_likelihood``, ``n_parameters``,
        ``aic``, ``bic``, ``icl`` (hard labels), ``converged``, ``error``, and ``holdout_nll`` where
        held-out points were given.  A candidate that could not be fitted has the reason in
        ``error``, log-likelihood minus infinity and criteria plus infinity; otherwise ``error``
        is empty.
    fits : tuple of EMResult or None, length m
        The fits, with None where there is none.
    criterion : str
        Name of the column that chose.
    """

    table: dict
    fits: tuple
    criterion: str

    @property
    def scores(self):
        """Criterion of every candidate, shape (m,); smaller is better."""
        return self.table[self.criterion]

    @property
    def best(self):
        """Fit with the smallest criterion, an EMResult."""
        return self.fits[int(self.scores.argmin())]

    @property
    def best_n_components(self):
        """Number of components of the best fit."""
        return int(self.table["n_components"][self.scores.argmin()])

    @property
    def best_covariance_type(self):
        """Covariance type of the best fit."""
        return str(self.table["covariance_type"][self.scores.argmin()])


def _standardise(x, covariance_type):
    """Return centre and scale (d,); one scale for all where components must stay round."""
    scale = x.std(axis=0)
    if covariance_type == "spherical":
        scale = np.full(x.shape[1], np.sqrt((scale**2).mean()))
    constant = scale <= 1e-12 * np.abs(x).max(axis=0)
    return x.mean(axis=0), np.where(constant, 1.0, scale)


def _fit_from_many_starts(x, k, covariance_type, n_init, tol, options):
    """Fit standardised points, from k-means and random starts in turn; answer in units of x."""
    center, scale = _standardise(x, covariance_type)
    scaled = (x - center) / scale

    def attempts(starts, tol):
        for start in starts:
            try:
                yield fit_gaussian_mixture(
                    scaled, k, covariance_type=covariance_type, init=start, tol=tol, **options
                )
            except DegenerateFitError as error:  # one bad start must not lose the others
                reasons.append(error)

    reasons = []
    n_init = n_init if k > 1 else 1  # one Gaussian has one maximum
    starts = [("kmeans", "random_from_data")[i % 2] for i in range(n_init)]
    coarse = sorted(attempts(starts, max(tol, _COARSE)), key=lambda fit: -fit.log_likelihood)
    best = next(attempts([fit.mixture for fit in coarse], tol), None)
    if best is None:
        raise reasons[-1]
    jacobian = len(x) * np.log(scale).sum()  # densities per unit of x, not per standard unit
    mixture = GaussianMixture(
        best.mixture.weights,
        best.mixture.means * scale + center,
        best.mixture.covariances * np.outer(scale, scale),
    )
    return replace(
        best,
        mixture=mixture,
        log_likelihoods=best.log_likelihoods - jacobian,
        objectives=best.objectives - jacobian,
    )


def select_n_components(
    x,
    candidates=range(1, 10),
    *,
    covariance_types=("full",),
    criterion="bic",
    n_init=20,
    max_iter=1000,
    tol=1e-7,
    reg_covar=1e-6,
    holdout=None,
    rng,
    callback=None,
):
    r"""Fit a Gaussian mixture for every candidate and choose by a criterion.

    Every fit is made on standardised points, so that units do not matter, and is given back in the
    units of ``x``: log-likelihoods, means and covariances are those of the points as they are.
    For spherical covariances one common scale is used, which keeps round components round.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.
    candidates : iterable of int
        Numbers of components, in any order, each at most n.
    covariance_types : sequence of str
        Some of "full", "tied", "diag", "spherical".
    criterion : {"bic", "aic", "icl", "holdout_nll"}
        What is made as small as possible.
    n_init : int
        Number of starts a candidate: k-means and random points in turn.
    max_iter : int
        Largest number of iterations of each start.
    tol : float
        EM stops when the log-likelihood per point changes by less than this, in nats.  Only the
        best start is followed that far, and the history of the fit is that of this last part.
    reg_covar : float
        Added to the diagonal of every covariance of the standardised points.
    holdout : array_like, shape (m, d), optional
        Points that are not fitted.  Adds their mean negative log-likelihood per point, in nats.
    rng : numpy.random.Generator
        Source of randomness.
    callback : callable, optional
        ``callback(index, row)`` is called after each candidate with its row of the table, a dict.

    Returns
    -------
    SelectionResult
        The table of all candidates and the best fit.  A candidate whose fit degenerated stays in
        the table with its reason and can never be the best.

    Raises
    ------
    ValueError
        If there are no candidates, one of them is above n, or an option is not valid.
    DegenerateFitError
        If no candidate could be fitted.

    References
    ----------
    Fraley and Raftery (2002), section 2.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> truth = GaussianMixture([0.5, 0.5], [[0.0], [8.0]], [[[1.0]], [[1.0]]])
    >>> x, _ = truth.sample(200, rng)
    >>> result = select_n_components(x, [1, 2, 3], n_init=4, rng=rng)
    >>> result.best_n_components, result.best_covariance_type
    (2, 'full')
    >>> result.table["n_parameters"]
    array([2, 5, 8])
    """
    x = as_points(x)
    candidates = [as_count(k, "candidates") for k in candidates]
    covariance_types = list(covariance_types)
    if not candidates or not covariance_types:
        raise ValueError(
            f"candidates is {candidates} and covariance_types {covariance_types}; give at least "
            "one of each"
        )
    for covariance_type in covariance_types:
        as_choice(covariance_type, "covariance_types", COVARIANCE_TYPES)
    enough_points(x, max(candidates), "the largest of candidates")
    n_init = as_count(n_init, "n_init")
    as_rng(rng)
    criteria = ["aic", "bic", "icl"]
    if holdout is not None:
        holdout = as_points(holdout, name="holdout", n_features=x.shape[1])
        criteria.append("holdout_nll")
    as_choice(criterion, "criterion", criteria)
    options = {"max_iter": max_iter, "reg_covar": reg_covar, "rng": rng}

    rows, fits = [], []
    for covariance_type in covariance_types:
        for k in candidates:
            p = n_parameters(k, x.shape[1], covariance_type)
            row = {"n_components": k, "covariance_type": covariance_type, "n_parameters": p}
            row |= {"log_likelihood": -np.inf, "converged": False, "error": ""}
            row |= dict.fromkeys(criteria, np.inf)
            try:
                fit = _fit_from_many_starts(x, k, covariance_type, n_init, tol, options)
            except DegenerateFitError as error:
                fit = None
                row["error"] = str(error)
            else:
                value = fit.log_likelihood
                row |= {"log_likelihood": value, "converged": fit.converged}
                row |= {"aic": aic(value, p), "bic": bic(value, p, len(x))}
                row["icl"] = icl(fit.mixture, x, p)
                if holdout is not None:
                    row["holdout_nll"] = -float(fit.mixture.log_density(holdout).mean())
            rows.append(row)
            fits.append(fit)
            if callback is not None:
                callback(len(rows) - 1, row)
    if not any(fits):
        raise DegenerateFitError(f"no candidate could be fitted; the last: {rows[-1]['error']}")
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return SelectionResult(table, tuple(fits), criterion)
