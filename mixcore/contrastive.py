r"""Means of a Gaussian mixture by maximum likelihood through sampling.

The model is the mixture of k components of equal weight with the covariance :math:`\sigma^2 I`,
:math:`p_\mu(x) = \tfrac1Z \sum_j \exp(-\lVert x - \mu_j \rVert^2 / 2 \sigma^2)`, and only the means
are unknown.  The fit treats Z as out of reach, as it is in most models of this form
:math:`p_\mu = e^{-E_\mu} / Z_\mu`.  The gradient of the average log-likelihood needs no Z:

.. math:: \nabla \tfrac1n \sum_i \log p_\mu(x_i)
          = \tfrac1n \sum_i f_\mu(x_i) - \mathbb E_{x \sim p_\mu} f_\mu(x),
          \qquad f_\mu = -\nabla_\mu E_\mu ,

because :math:`\nabla \log Z_\mu = \mathbb E_{p_\mu} f_\mu`.  The part of component j is
:math:`f_{\mu, j}(x) = r_j(x) (x - \mu_j) / \sigma^2` with the responsibility :math:`r_j`.  Each
iteration replaces the expectation by an average over m *synthetic points* and steps along the
result with the *learning rate* :math:`\eta`.  The methods differ in the synthetic points:

- *direct*: exact draws from the current model;
- *mcmc*: Langevin chains from a fixed broad distribution, long enough to forget it;
- *cd*, contrastive divergence: short chains from m of the real points; the data average is taken
  over these same points, so that most of the noise cancels;
- *pcd*, persistent contrastive divergence: short chains that continue where the previous iteration
  left them, and start at real points once.

At the true means the expected step of *direct* is zero.  So is that of *cd* and *pcd* with
Metropolis-adjusted chains, which leave the model's distribution as it is; unadjusted chains change
it, and their estimate is biased however long they run.

**Noise.**  In this model Z does not depend on the means, so the expectation is zero and the
synthetic points of *direct* add nothing but noise, with the covariance :math:`I_\mu / m` where
:math:`I_\mu` is the Fisher information of one point.  That makes the model a good test: the answer
is known.  With a constant :math:`\eta` the means never settle.  They hover around the
maximum-likelihood estimate with the variance :math:`\eta / (m (2 - \eta \lambda))` along an
eigenvector of :math:`I_\mu` with the eigenvalue :math:`\lambda`.  A falling learning rate, or the
average of the iterates, removes most of it.

**Learning rate.**  Every :math:`\lambda` is at most :math:`1 / (k \sigma^2)`, so *direct* is stable
for :math:`\eta < 2 k \sigma^2`; the step of EM corresponds to :math:`\eta \approx k \sigma^2`.
A chain forgets its start at the rate :math:`\epsilon / \sigma^2` a step.  After L steps, with
:math:`L \epsilon` far below :math:`\sigma^2`, it shows about :math:`L \epsilon / \sigma^2` of the
gradient, so *cd* needs more iterations in this proportion.  The chains of *pcd* must keep up with
the means: keep :math:`\eta` well below :math:`k L \epsilon`, or a mean may run away from them.

References
----------
G. E. Hinton, "Training products of experts by minimizing contrastive divergence", *Neural
Computation* 14 (2002) 1771-1800.

T. Tieleman, "Training restricted Boltzmann machines using approximations to the likelihood
gradient", *ICML* 2008, 1064-1071.

B. T. Polyak, A. B. Juditsky, "Acceleration of stochastic approximation by averaging", *SIAM J.
Control Optim.* 30 (1992) 838-855.
"""

from dataclasses import dataclass

import numpy as np

from mixcore._means_settings import as_settings, divergence_bound
from mixcore._synthetic_points import as_chain_start, as_start_means, synthetic_points
from mixcore._validation import as_count, as_nonnegative, as_points, as_rng
from mixcore.gaussian_mixture import GaussianMixture

__all__ = ["MeansResult", "fit_means"]


@dataclass(frozen=True, eq=False)
class MeansResult:
    r"""What :func:`fit_means` returns.

    Attributes
    ----------
    means : ndarray, shape (k, d)
        Means :math:`\mu_j` after the last iteration.
    means_history : ndarray, shape (n_iter + 1, k, d)
        Means at the start and after each iteration.
    averaged_means : ndarray, shape (k, d)
        Average of the means after iterations ``average_from`` to ``n_iter``.
    step_norms : ndarray, shape (n_iter,)
        Euclidean length of the change of all means in each iteration.
    acceptance : ndarray, shape (n_iter,)
        Share of the chains' proposals that were accepted; 1 where nothing can be rejected.
    samples : ndarray, shape (n_synthetic, d)
        Synthetic points of the last iteration.
    n_iter : int
        Number of iterations.
    converged : bool
        Whether the last step was shorter than ``tol``.  False means that all ``n_steps`` were
        taken, which is how every fit with ``tol=0`` ends.
    n_langevin_steps : int
        Steps of single chains over the whole fit: n_iter * n_langevin * n_synthetic.
    sigma : float
        Standard deviation of the components.
    """

    means: np.ndarray
    means_history: np.ndarray
    averaged_means: np.ndarray
    step_norms: np.ndarray
    acceptance: np.ndarray
    samples: np.ndarray
    n_iter: int
    converged: bool
    n_langevin_steps: int
    sigma: float

    @property
    def mixture(self):
        """Fitted :class:`GaussianMixture`, with the means of the last iteration."""
        return GaussianMixture.isotropic(self.means, self.sigma)

    def __repr__(self):
        state = "converged" if self.converged else "not converged"
        return (
            f"MeansResult({state} after {self.n_iter} iterations, "
            f"last step of length {self.step_norms[-1]:.3g})"
        )


def fit_means(
    x,
    n_components,
    *,
    method="direct",
    start=None,
    sigma=1.0,
    n_steps=200,
    n_synthetic=100,
    learning_rate=None,
    step_decay=0.0,
    n_langevin=None,
    step=None,
    sampler="mala",
    chain_start=None,
    average_from=None,
    tol=0.0,
    rng,
    callback=None,
):
    r"""Fit the means of an equal-weight isotropic Gaussian mixture by stochastic gradient ascent.

    Iteration t = 0, 1, ... is
    :math:`\mu \leftarrow \mu + \eta_t \, (\overline{f_\mu}(\text{real points}) -
    \overline{f_\mu}(\text{synthetic points}))` with
    :math:`\eta_t = \eta / (1 + \text{step\_decay} \cdot t)`, both averages at the current means.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Real points.
    n_components : int
        Number of components k.
    method : {"direct", "mcmc", "cd", "pcd"}
        Where the synthetic points come from; see :mod:`mixcore.contrastive`.
    start : array_like, shape (k, d), optional
        Means to start from; k different real points drawn at random where none are given.  Means
        that start equal stay equal for ever.
    sigma : float
        Known standard deviation :math:`\sigma` of every component, in the units of ``x``.
    n_steps : int
        Largest number of iterations.
    n_synthetic : int
        Number m of synthetic points.  For "cd" and "pcd", which draw their starts from the real
        points without replacement, at most n.
    learning_rate : float, optional
        :math:`\eta`, in squared units of ``x``; where none is given :math:`\sigma^2`, but for "pcd"
        not above :math:`k L \epsilon / 2`.  The limits are in :mod:`mixcore.contrastive`.
    step_decay : float
        How fast the learning rate falls, per iteration; 0 keeps it constant.
    n_langevin : int, optional
        Langevin steps L of each chain in each iteration: 1,000 for "mcmc" and 10 for "cd" and "pcd"
        where none is given.  Not used by "direct".
    step : float, optional
        Step :math:`\epsilon` of the chains, in squared units of ``x``, as in :func:`mixcore.mala`;
        :math:`0.005 \, \sigma^2` where none is given.
    sampler : {"mala", "ula"}
        Chains with or without Metropolis adjustment.
    chain_start : GaussianMixture, optional
        Distribution from which "mcmc" draws the starts of its chains.  Where none is given, one
        Gaussian with the mean of the data and their covariance plus :math:`\sigma^2 I`.
    average_from : int, optional
        First iteration, counted from 1, whose means enter ``averaged_means``; that after half of
        ``n_steps`` where none is given.  A fit that stops earlier has its last means there.
    tol : float
        The fit stops when all means together move by less than this, in the units of ``x``.  The
        noise of m synthetic points alone moves them by up to :math:`\eta \sqrt{d / m} / \sigma`,
        however good they are, so a small threshold is never met, or only by chance.
    rng : numpy.random.Generator
        Source of randomness.
    callback : callable, optional
        ``callback(iteration, means)``, called with the start (iteration 0) and after each
        iteration.

    Returns
    -------
    MeansResult
        Means, their history and their average.

    Raises
    ------
    ValueError
        If ``x`` is not finite or not (n, d), an option is not valid, or the means diverge.

    References
    ----------
    Hinton (2002) for "cd", Tieleman (2008) for "pcd", Polyak and Juditsky (1992) for the average.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x, _ = GaussianMixture.isotropic([[-1.0], [5.0]]).sample(1000, rng)
    >>> result = fit_means(x, 2, start=[[1.0], [4.0]], rng=rng)
    >>> result.averaged_means.round(1).ravel()
    array([-1.,  5.])
    """
    x = as_points(x)
    n_components = as_count(n_components, "n_components")
    settings = as_settings(
        n_components,
        method=method,
        sigma=sigma,
        n_steps=n_steps,
        n_synthetic=n_synthetic,
        learning_rate=learning_rate,
        step_decay=step_decay,
        n_langevin=n_langevin,
        step=step,
        sampler=sampler,
        average_from=average_from,
    )
    tol = as_nonnegative(tol, "tol")
    rng = as_rng(rng)
    sigma, n_synthetic = settings.sigma, settings.n_synthetic
    means = as_start_means(start, x, n_components, rng)
    if method in ("cd", "pcd") and n_synthetic > len(x):
        raise ValueError(
            f"n_synthetic is {n_synthetic} but x has {len(x)} points, from which method {method!r} "
            f"draws without replacement; give at most {len(x)}"
        )

    def move(mixture, points):
        chains = settings.run_chains(mixture, points, rng)
        return chains.x, chains.acceptance.mean()

    chain_start = as_chain_start(chain_start, x, sigma)
    draw = synthetic_points(
        method,
        x,
        sample=lambda mixture: mixture.sample(n_synthetic, rng)[0],
        some_starts=lambda: chain_start.sample(n_synthetic, rng)[0],
        some_real_points=lambda: x[rng.choice(len(x), size=n_synthetic, replace=False)],
        move=move,
    )
    centre, bound = divergence_bound(x, means, sigma)
    history, norms, acceptances, converged = [means], [], [], False
    if callback is not None:
        callback(0, means.copy())
    for iteration in range(1, settings.n_steps + 1):
        mixture = GaussianMixture.isotropic(means, sigma)
        real, samples, acceptance = draw(mixture)
        gradient = mixture.mean_gradient(real) - mixture.mean_gradient(samples)  # (k, d)
        change = settings.rate(iteration) * gradient
        means = means + change
        if not (np.abs(means - centre) < bound).all():
            raise ValueError(
                f"the means diverged: iteration {iteration} moved one by "
                f"{np.abs(change).max():.3g}, and they are more than 100 times as spread as the "
                f"data; learning_rate is {settings.learning_rate:g}, "
                f"lower it well below {settings.stable:g}"
            )
        history.append(means)
        norms.append(np.linalg.norm(change))
        acceptances.append(acceptance)
        if callback is not None:
            callback(iteration, means.copy())
        converged = bool(norms[-1] < tol)
        if converged:
            break
    return MeansResult(
        means=means,
        means_history=np.array(history),
        averaged_means=np.mean(history[min(settings.average_from, iteration) :], axis=0),
        step_norms=np.array(norms),
        acceptance=np.array(acceptances),
        samples=samples,
        n_iter=iteration,
        converged=converged,
        n_langevin_steps=iteration * settings.n_langevin * n_synthetic,
        sigma=sigma,
    )
