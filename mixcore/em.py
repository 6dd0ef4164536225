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

from mixcore._validation import as_count, as_nonnegative, as_points

__all__ = ["EMResult", "expectation_maximisation"]


@dataclass(frozen=True, eq=False)
class EMResult:
    r"""What a fit by EM returns.

    Attributes
    ----------
    mixture : object
        The fitted mixture, for instance a :class:`mixcore.GaussianMixture`.
    log_likelihoods : ndarray, shape (n_iter + 1,)
        :math:`\sum_i \log p(x_i)` in nats: at the start, then after each iteration.  The last
        entry belongs to ``mixture``.
    n_iter : int
        Number of iterations, one E-step and one M-step each.
    converged : bool
        Whether the last iteration changed the log-likelihood per point by less than ``tol``.
        False means that the fit stopped at ``max_iter``.
    """

    mixture: Any
    log_likelihoods: np.ndarray
    n_iter: int
    converged: bool

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


def expectation_maximisation(x, mixture, m_step, *, max_iter=200, tol=1e-6, callback=None):
    r"""Run EM from a given mixture.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.
    mixture : object
        Start.  Its method ``log_joint(x)`` returns :math:`\log \pi_k + \log p_k(x_i)` as (n, k).
    m_step : callable
        ``m_step(x, resp)`` takes points (n, d) and responsibilities (n, k) and returns the next
        mixture.
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
        If ``x`` is not (n, d) or not finite, or ``max_iter`` or ``tol`` is out of range.

    References
    ----------
    Dempster, Laird and Rubin (1977), section 2.

    Examples
    --------
    EM for a mixture of two Gaussians, started from a poor guess:

    >>> import numpy as np
    >>> from mixcore import GaussianMixture, fit_gaussian_mixture
    >>> start = GaussianMixture([0.5, 0.5], [[-1.0], [1.0]], [[[1.0]], [[1.0]]])
    >>> x = np.array([-2.1, -2.0, -1.9, 2.9, 3.0, 3.1])
    >>> fit_gaussian_mixture(x, 2, init=start).mixture.means.ravel().round(3)
    array([-2.,  3.])
    """
    x = as_points(x)
    max_iter = as_count(max_iter, "max_iter")
    tol = as_nonnegative(tol, "tol")
    history = []
    converged = False
    for iteration in range(max_iter + 1):
        if callback is not None:
            callback(iteration, mixture)
        log_joint = mixture.log_joint(x)  # (n, k)
        log_density = logsumexp(log_joint, axis=1)  # (n,)
        history.append(log_density.sum())
        if iteration > 0:
            change = abs(history[-1] - history[-2]) / len(x)
            converged = bool(change < tol or change == 0)
        if converged or iteration == max_iter:
            break
        resp = np.exp(log_joint - log_density[:, None])  # (n, k)
        mixture = m_step(x, resp)
    return EMResult(mixture, np.array(history), len(history) - 1, converged)
