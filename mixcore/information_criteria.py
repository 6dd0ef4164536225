r"""Information criteria: AIC, BIC and ICL.

More components always fit the data that they were fitted to better, so the log-likelihood
:math:`L` alone cannot choose.  Each criterion adds a price for the number of free parameters p:

.. math::

    \mathrm{AIC} = 2 p - 2 L, \qquad
    \mathrm{BIC} = p \log n - 2 L, \qquad
    \mathrm{ICL} = p \log n - 2 L_c ,

and *smaller is better* in all three.  (mclust reports the opposite sign.)  In the ICL the
*classification log-likelihood* :math:`L_c = \sum_i \log \pi_{z_i} p_{z_i}(x_i)` takes the place of
L: components that overlap cost extra.  Two definitions are in use.  With *hard* labels
:math:`z_i` is the likeliest component of point i, as in mclust.  With *soft* labels the sum is
averaged over the responsibilities, which gives BIC plus twice their entropy
:math:`-\sum_{ik} r_{ik} \log r_{ik}`.

References
----------
H. Akaike, "A new look at the statistical model identification", *IEEE Trans. Automatic Control* 19
(1974) 716-723.

G. Schwarz, "Estimating the dimension of a model", *Annals of Statistics* 6 (1978) 461-464.

C. Biernacki, G. Celeux, G. Govaert, "Assessing a mixture model for clustering with the integrated
completed likelihood", *IEEE Trans. Pattern Analysis and Machine Intelligence* 22 (2000) 719-725.

G. Celeux, G. Govaert, "Gaussian parsimonious clustering models", *Pattern Recognition* 28 (1995)
781-793.
"""

import numpy as np
from scipy.special import entr

from mixcore._validation import as_choice, as_count
from mixcore.gaussian_mixture_em import COVARIANCE_TYPES

__all__ = ["aic", "bic", "icl", "n_parameters"]


def n_parameters(n_components, n_features, covariance_type="full"):
    r"""Return the number of free parameters of a mixture.

    These are k - 1 weights, k d means or probabilities, and the entries of the covariances:
    k d (d + 1)/2 for full, d (d + 1)/2 for tied, k d for diag, k for spherical.

    Parameters
    ----------
    n_components : int
        Number of components k.
    n_features : int
        Number of dimensions d.
    covariance_type : {"full", "tied", "diag", "spherical"} or None
        As for :func:`mixcore.fit_gaussian_mixture`; None for a mixture without covariances, for
        instance of Bernoullis.

    Returns
    -------
    int
        The number p.

    Raises
    ------
    ValueError
        If a number is below 1 or the covariance type is not known.

    References
    ----------
    Celeux and Govaert (1995), table 1.

    Examples
    --------
    >>> n_parameters(2, 2), n_parameters(3, 2, "tied"), n_parameters(10, 784, None)
    (11, 11, 7849)
    """
    k, d = as_count(n_components, "n_components"), as_count(n_features, "n_features")
    as_choice(covariance_type, "covariance_type", (*COVARIANCE_TYPES, None))
    symmetric = d * (d + 1) // 2
    of_covariances = {
        "full": k * symmetric, "tied": symmetric, "diag": k * d, "spherical": k, None: 0
    }  # fmt: skip
    return (k - 1) + k * d + of_covariances[covariance_type]


def aic(log_likelihood, n_parameters):
    """Return Akaike's information criterion, 2 p - 2 L; smaller is better.

    Parameters
    ----------
    log_likelihood : float
        Summed over the points, in nats.
    n_parameters : int
        Number of free parameters p.

    Returns
    -------
    float
        The criterion.

    References
    ----------
    Akaike (1974).

    Examples
    --------
    >>> aic(-1130.263960, 11)
    2282.52792
    """
    return 2 * n_parameters - 2 * log_likelihood


def bic(log_likelihood, n_parameters, n):
    """Return the Bayesian information criterion, p ln n - 2 L; smaller is better.

    Parameters
    ----------
    log_likelihood : float
        Summed over the points, in nats.
    n_parameters : int
        Number of free parameters p.
    n : int
        Number of points.

    Returns
    -------
    float
        The criterion.

    References
    ----------
    Schwarz (1978).

    Examples
    --------
    >>> round(bic(-1130.263960, 11, 272), 4)
    2322.1917
    """
    return float(n_parameters * np.log(as_count(n, "n")) - 2 * log_likelihood)


def icl(mixture, x, n_parameters, *, labels="hard"):
    """Return the integrated completed likelihood criterion; smaller is better.

    Parameters
    ----------
    mixture : object
        Fitted mixture with ``log_joint(x)`` and ``responsibilities(x)``.
    x : array_like, shape (n, d)
        Points that it was fitted to.
    n_parameters : int
        Number of free parameters p.
    labels : {"hard", "soft"}
        Each point wholly in its likeliest component, as in mclust; or BIC plus twice the entropy
        of the responsibilities, which is never below the first.

    Returns
    -------
    float
        The criterion.

    Raises
    ------
    ValueError
        If ``labels`` is neither "hard" nor "soft", or ``x`` does not fit the mixture.

    References
    ----------
    Biernacki, Celeux and Govaert (2000).

    Examples
    --------
    >>> from mixcore import GaussianMixture
    >>> mixture = GaussianMixture([0.5, 0.5], [0.0, 1.0], [1.0, 1.0])
    >>> x = [0.0, 0.5, 1.0]
    >>> [round(icl(mixture, x, 5, labels=labels), 3) for labels in ("hard", "soft")]
    [15.416, 16.171]
    """
    as_choice(labels, "labels", ("hard", "soft"))
    log_joint = mixture.log_joint(x)  # (n, k)
    if labels == "hard":
        return bic(float(log_joint.max(axis=1).sum()), n_parameters, len(log_joint))
    log_likelihood = float(mixture.log_density(x).sum())
    entropy = float(entr(mixture.responsibilities(x)).sum())
    return bic(log_likelihood, n_parameters, len(log_joint)) + 2 * entropy
