r"""Expectation-maximisation: one loop for every mixture model.

A mixture has the density :math:`p(x) = \sum_k \pi_k \, p_k(x)`.  Each iteration of EM is

- **E-step**: the responsibilities
  :math:`r_{ik} = \pi_k p_k(x_i) / \sum_j \pi_j p_j(x_i)`;
- **M-step**: the parameters that maximise the lower bound
  :math:`Q = \sum_{ik} r_{ik} \log\bigl(\pi_k p_k(x_i)\bigr)`.

The log-likelihood :math:`\sum_i \log p(x_i)` never falls from one iteration to the next.

References
----------
A. P. Dempster, N. M. Laird, D. B. Rubin, "Maximum likelihood from incomplete data via the EM
algorithm", *J. R. Statist. Soc. B* 39 (1977) 1-38.

R. M. Neal, G. E. Hinton, "A view of the EM algorithm that justifies incremental, sparse, and other
variants", in *Learning in Graphical Models*, Kluwer 1998, 355-368.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp

from mixcore._validation import as_count, as_nonnegative, as_points, as_sample_weight

__all__ = ["EMResult", "expectation_maximisation"]


@dataclass(frozen=True, eq=False)
class EMResult:
    r"""What a fit by EM returns.

    Attributes
    ----------
    mixture : object
        The fitted mixture, for instance a :class:`mixcore.GaussianMixture`.
    log_likelihoods : ndarray, shape (n_iter + 1,)
        :math:`\sum_i w_i \log p(x_i)` in nats: at the start, then after each iteration.  The last
        entry belongs to ``mixture``.  Every weight :math:`w_i` is 1 where none was given.
    n_iter : int
        Number of iterations, one E-step and one M-step each.
    converged : bool
        Whether the last iteration changed the objective per point by less than ``tol``.
        False means that the fit stopped at ``max_iter``.
    objectives : ndarray, shape (n_iter + 1,)
        What the iterations raise: the log-likelihood, plus the logarithm of the prior where the
        model has one, for instance the smoothing of a Bernoulli mixture.
    """

    mixture: Any
    log_likelihoods: np.ndarray
    n_iter: int
    converged: bool
    objectives: np.ndarray

    @property
    def log_likelihood(self):
        """Log-likelihood of the fitted mixture, in nats."""
        return float(self.log_likelihoods[-1])

    def __repr__(self):
        state = "converged" if self.converged else "stopped at max_iter without converging"
        return (
            f"EMResult({state} after {self.n_iter} iterations, "
            f"log-likelihood {self.log_likelihood:.6f})"
        )


def iterate(mixture, e_step, m_step, *, total_weight, log_prior=None, max_iter, tol, callback=None):
    """Alternate the two steps until the objective settles: the loop behind every fit by EM.

    ``e_step(mixture)`` returns the log-likelihood and whatever ``m_step`` needs to make the next
    mixture; ``log_prior(mixture)`` is added to the log-likelihood where there is one.
    """
    max_iter = as_count(max_iter, "max_iter")
    tol = as_nonnegative(tol, "tol")
    history, objectives = [], []
    converged = False
    for iteration in range(max_iter + 1):
        if callback is not None:
            callback(iteration, mixture)
        log_likelihood, statistics = e_step(mixture)
        history.append(log_likelihood)
        objectives.append(log_likelihood + (log_prior(mixture) if log_prior else 0.0))
        if iteration > 0:
            change = abs(objectives[-1] - objectives[-2]) / total_weight
            converged = bool(change < tol or change == 0)
        if converged or iteration == max_iter:
            break
        mixture = m_step(statistics)
    return EMResult(mixture, np.array(history), iteration, converged, np.array(objectives))


def expectation_maximisation(
    x, mixture, m_step, *, sample_weight=None, max_iter=200, tol=1e-6, callback=None
):
    r"""Run EM from a given mixture.

    This is the plain form, which serves any mixture.  The fits of this package use the same loop
    with faster steps; the tests hold the two side by side.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.
    mixture : object
        Start.  Its method ``log_joint(x)`` returns :math:`\log \pi_k + \log p_k(x_i)` as (n, k).
    m_step : callable
        ``m_step(x, resp)`` takes points (n, d) and responsibilities (n, k), each row times the
        weight of its point, and returns the next mixture.
    sample_weight : array_like, shape (n,), optional
        Weight :math:`w_i` of each point; a point of weight 2 counts like two equal points.
    max_iter : int
        Largest number of iterations.
    tol : float
        EM stops when the log-likelihood per point changes by less than this, in nats.  With 0 it
        runs until the value no longer changes at all.
    callback : callable, optional
        ``callback(iteration, mixture)`` is called with the start (iteration 0) and after each
        iteration.

    Returns
    -------
    EMResult
        The fitted mixture and the history of the log-likelihood.

    Raises
    ------
    ValueError
        If ``x`` is not (n, d) or not finite, a weight is negative or all are zero, or ``max_iter``
        or ``tol`` is out of range.

    References
    ----------
    Dempster, Laird and Rubin (1977), section 2.

    Examples
    --------
    EM for a mixture of two Gaussians, started from a poor guess:

    >>> import numpy as np
    >>> from mixcore import GaussianMixture, gaussian_m_step
    >>> start = GaussianMixture([0.5, 0.5], [[-1.0], [1.0]], [[[1.0]], [[1.0]]])
    >>> x = np.array([-2.1, -2.0, -1.9, 2.9, 3.0, 3.1])
    >>> result = expectation_maximisation(x, start, gaussian_m_step)
    >>> result.mixture.means.ravel().round(3)
    array([-2.,  3.])
    """
    x = as_points(x)
    sample_weight = as_sample_weight(sample_weight, len(x))  # (n,)

    def e_step(mixture):
        log_joint = mixture.log_joint(x)  # (n, k)
        log_density = logsumexp(log_joint, axis=1)  # (n,)
        resp = np.exp(log_joint - log_density[:, None])  # (n, k)
        return sample_weight @ log_density, sample_weight[:, None] * resp

    return iterate(
        mixture,
        e_step,
        lambda resp: m_step(x, resp),
        total_weight=sample_weight.sum(),
        max_iter=max_iter,
        tol=tol,
        callback=callback,
    )
