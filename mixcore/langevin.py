r"""Langevin sampling: the unadjusted algorithm (ULA) and its Metropolis-adjusted form (MALA).

The target has a density :math:`\pi(x)`, known up to its constant, and the *score*
:math:`s(x) = \nabla \log \pi(x)`, in which the constant has disappeared.  ULA walks by

.. math:: y = x + \varepsilon \, s(x) + \sqrt{2 \varepsilon} \, \xi,
          \qquad \xi \sim \mathcal N(0, I),

an Euler step of the Langevin diffusion.  The step :math:`\varepsilon` is finite, so the chain
settles near :math:`\pi` but not at it: on :math:`\mathcal N(0, 1)` its variance is
:math:`1 / (1 - \varepsilon / 2)`.  MALA takes the same step as a proposal with the density
:math:`q(y \mid x) = \mathcal N(y \mid x + \varepsilon s(x), 2 \varepsilon I)` and accepts it with
the probability

.. math:: \alpha(x, y) = \min\Bigl(1, \frac{\pi(y) \, q(x \mid y)}{\pi(x) \, q(y \mid x)}\Bigr),

otherwise the chain stays at :math:`x`.  This leaves :math:`\pi` exactly invariant.

BlackJAX defines the step as here; TensorFlow Probability's ``step_size`` is twice ours: there the
drift is :math:`\tfrac12 \varepsilon s(x)` and the noise :math:`\sqrt \varepsilon \, \xi`.

References
----------
G. O. Roberts, R. L. Tweedie, "Exponential convergence of Langevin distributions and their discrete
approximations", *Bernoulli* 2 (1996) 341-363.

G. O. Roberts, J. S. Rosenthal, "Optimal scaling of discrete approximations to Langevin diffusions",
*J. R. Statist. Soc. B* 60 (1998) 255-268.

C. Andrieu, J. Thoms, "A tutorial on adaptive MCMC", *Statistics and Computing* 18 (2008) 343-373.

H. Kesten, "Accelerated stochastic approximation", *Ann. Math. Statist.* 29 (1958) 41-59.
"""

from contextlib import closing
from dataclasses import dataclass

import numpy as np

from mixcore._langevin_noise import noise
from mixcore._langevin_target import Chains, parts, start_chains
from mixcore._validation import as_count, as_positive, as_rng
from mixcore.gaussian_mixture import GaussianMixture

__all__ = ["LangevinResult", "mala", "ula"]


@dataclass(frozen=True, eq=False)
class LangevinResult:
    r"""What :func:`ula` and :func:`mala` return.

    Attributes
    ----------
    x : ndarray, shape (n, d)
        State of each chain after the last step.
    acceptance : ndarray, shape (n,)
        Share of the ``n_steps`` proposals that each chain accepted; ones for ULA.
    trace : ndarray, shape (n_steps // keep, n, d), or None
        States after the steps keep, 2 keep, 3 keep, and so on; None when ``keep`` was 0.
    step : float
        The :math:`\varepsilon` of the ``n_steps`` sampling steps.
    n_steps : int
        Number of sampling steps.
    steps : ndarray, shape (n_warmup,)
        The :math:`\varepsilon` of each step of the warm-up; empty for ULA.
    """

    x: np.ndarray
    acceptance: np.ndarray
    trace: np.ndarray | None
    step: float
    n_steps: int
    steps: np.ndarray


def ula(target, x, *, step, n_steps, rng, keep=0, callback=None):
    r"""Run the unadjusted Langevin algorithm, one chain from each row of ``x``.

    Parameters
    ----------
    target : object
        Anything with ``log_density(x) -> (n,)``, up to a constant, and ``score(x) -> (n, d)``, for
        instance a :class:`mixcore.GaussianMixture`.  If it has ``log_density_and_score(x)``, that
        method is used instead.
    x : array_like, shape (n, d), or (n,) when d = 1
        Starts.  The array is not changed.
    step : float
        :math:`\varepsilon` in :math:`x + \varepsilon s(x) + \sqrt{2 \varepsilon} \, \xi`, in
        squared units of ``x``.
    n_steps : int
        Number of steps.
    rng : numpy.random.Generator
        Source of randomness.
    keep : int
        Every keep-th state goes into ``trace``; 0 keeps none.
    callback : callable, optional
        ``callback(iteration, x)`` is called with the start (iteration 0) and after each step, with
        a copy of the states (n, d).

    Returns
    -------
    LangevinResult
        Final states and, if asked for, the trace.

    Raises
    ------
    ValueError
        If an argument is out of range, a start has the log-density minus infinity, the target
        returns NaN or a wrong shape, or a chain diverges because the step is too large.

    References
    ----------
    Roberts and Tweedie (1996), section 1.4.

    Examples
    --------
    >>> import numpy as np
    >>> from mixcore import GaussianMixture
    >>> normal = GaussianMixture.isotropic([0.0])
    >>> rng = np.random.default_rng(0)
    >>> result = ula(normal, np.zeros(20_000), step=0.5, n_steps=50, rng=rng)
    >>> round(float(result.x.var()), 1)  # 1 / (1 - 0.5 / 2), not 1
    1.3
    """
    step, n_steps, keep, rng = _checked(step, n_steps, keep, rng)
    chains, evaluate = start_chains(target, x)
    x, score = chains.x, chains.score
    draws = _noise(rng, target, x.shape, n_steps, callback)

    def advance(iteration, normals, _):
        if iteration > 1:
            evaluate(x, None, score)
        _propose(x, score, step, normals, out=x)
        if not np.isfinite(x).all():
            raise ValueError(
                f"step is {step}, with which ULA has left the range of floating-point numbers "
                f"after {iteration} steps; use a smaller step"
            )

    trace = _sample(x, draws, advance, n_steps, keep, callback)
    return LangevinResult(x.T.copy(), np.ones(x.shape[1]), trace, step, n_steps, steps=np.empty(0))


def mala(
    target, x, *, step, n_steps, rng, keep=0, n_warmup=0, target_acceptance=0.574, callback=None
):
    r"""Run the Metropolis-adjusted Langevin algorithm, one chain from each row of ``x``.

    Every chain accepts or rejects on its own.  A proposal with the log-density minus infinity is
    rejected.

    Parameters
    ----------
    target : object
        As for :func:`ula`.  It is evaluated once a step, at the proposals.
    x : array_like, shape (n, d), or (n,) when d = 1
        Starts.  The array is not changed.
    step : float
        :math:`\varepsilon` of the proposal, in squared units of ``x``; with a warm-up, its start.
    n_steps : int
        Number of sampling steps.
    rng : numpy.random.Generator
        Source of randomness.
    keep : int
        Every keep-th state goes into ``trace``; 0 keeps none.
    n_warmup : int
        Steps before the sampling, in which :math:`\varepsilon` is adapted: each multiplies it by
        :math:`\exp\{m^{-0.6} (\bar\alpha - \alpha^\ast)\}`, where :math:`\bar\alpha` is the mean
        acceptance probability of all chains and m - 1 the number of times that
        :math:`\bar\alpha - \alpha^\ast` has changed its sign.  The geometric mean over the second
        half of the warm-up is then frozen: a chain whose step still changed would not leave the
        target invariant.
    target_acceptance : float
        :math:`\alpha^\ast`.  The default is optimal as d grows; in few dimensions the best rate
        is higher.
    callback : callable, optional
        ``callback(iteration, x)`` is called with the start of the sampling (iteration 0) and after
        each sampling step, with a copy of the states (n, d).

    Returns
    -------
    LangevinResult
        Final states, the acceptance rate of each chain and, if asked for, the trace.

    Raises
    ------
    ValueError
        If an argument is out of range, a start has the log-density minus infinity, or the target
        returns NaN or a wrong shape.

    References
    ----------
    Roberts and Tweedie (1996), section 1.4; Roberts and Rosenthal (1998) for the default of
    ``target_acceptance``; Andrieu and Thoms (2008), algorithm 4, and Kesten (1958) for the warm-up.

    Examples
    --------
    >>> import numpy as np
    >>> from mixcore import GaussianMixture
    >>> corners = GaussianMixture.isotropic([[0, 0], [0, 3], [3, 0], [3, 3]])
    >>> rng = np.random.default_rng(0)
    >>> x = rng.uniform(0, 3, size=(1000, 2))
    >>> result = mala(corners, x, step=1.0, n_steps=200, rng=rng)
    >>> result.x.shape, round(float(result.acceptance.mean()), 2)
    ((1000, 2), 0.72)
    """
    step, n_steps, keep, rng = _checked(step, n_steps, keep, rng)
    n_warmup = as_count(n_warmup, "n_warmup", minimum=0)
    target_acceptance = as_positive(target_acceptance, "target_acceptance")
    if target_acceptance >= 1:
        raise ValueError(f"target_acceptance is {target_acceptance}; it must be below 1")
    chains, evaluate = start_chains(target, x)
    d, n = chains.x.shape
    proposal = Chains(d, n)
    draws = _noise(rng, target, (d, n), n_warmup + n_steps, callback)

    steps, gap, m = np.empty(n_warmup), 0.0, 1
    for t in range(n_warmup):
        steps[t] = step
        log_ratio, _ = _mala_step(chains, proposal, evaluate, step, *next(draws))
        probability = np.nan_to_num(np.exp(np.minimum(log_ratio, 0)))  # (n,)
        previous, gap = gap, probability.mean() - target_acceptance
        m += gap * previous < 0
        step *= np.exp(gap / m**0.6)
    if n_warmup:
        step = float(np.exp(np.log(steps[n_warmup // 2 :]).mean()))

    n_accepted = np.zeros(n, dtype=int)

    def advance(_, normals, exponentials):
        _, accepted = _mala_step(chains, proposal, evaluate, step, normals, exponentials)
        np.add(n_accepted, accepted, out=n_accepted)

    trace = _sample(chains.x, draws, advance, n_steps, keep, callback)
    return LangevinResult(chains.x.T.copy(), n_accepted / n_steps, trace, step, n_steps, steps)


def _checked(step, n_steps, keep, rng):
    keep = as_count(keep, "keep", minimum=0)
    return as_positive(step, "step"), as_count(n_steps, "n_steps"), keep, as_rng(rng)


def _sample(x, draws, advance, n_steps, keep, callback):
    """Let ``advance`` change the columns of ``x`` in place with each draw; return the trace."""
    trace = np.empty((n_steps // keep, *x.T.shape)) if keep else None
    if callback is not None:
        callback(0, x.T.copy())
    with closing(draws):  # nothing is drawn any more when an error leaves
        for iteration, (normals, exponentials) in enumerate(draws, start=1):
            advance(iteration, normals, exponentials)
            if keep and iteration % keep == 0:
                trace[iteration // keep - 1] = x.T
            if callback is not None:
                callback(iteration, x.T.copy())
    return trace


def _noise(rng, target, shape, n_steps, callback):
    # Foreign code may use the same generator: then nothing is drawn while it runs.
    return noise(rng, shape, n_steps, ahead=type(target) is GaussianMixture and callback is None)


def _propose(x, score, step, normals, out):
    """Fill ``out``, which may be x itself, with x + step * score + sqrt(2 step) * normals."""
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is rejected or named
        normals *= np.sqrt(2 * step)
        normals += step * score
        np.add(x, normals, out=out)


def _log_ratio(chains, proposal, step):
    r"""Return log pi(y) q(x | y) - log pi(x) q(y | x) for each chain.

    The squares of the two proposal densities differ by a product:
    :math:`\log q(x \mid y) - \log q(y \mid x)
    = -\tfrac12 (s_x + s_y)^\top \bigl(y - x + \tfrac\varepsilon2 (s_y - s_x)\bigr)`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        move, turn, rise = parts(proposal.rows - chains.rows)  # (d, n), (d, n), (n,)
        turn *= 0.5 * step
        turn += move
        turn *= chains.score + proposal.score
        return rise - np.full(len(turn), 0.5) @ turn


def _mala_step(chains, proposal, evaluate, step, normals, exponentials):
    """Move every chain or leave it; return the log ratios (n,) and who moved (n,)."""
    _propose(chains.x, chains.score, step, normals, out=proposal.x)
    evaluate(proposal.x, proposal.log_density, proposal.score)
    log_ratio = _log_ratio(chains, proposal, step)
    # An exponential is -log u of a uniform u.  NaN, where numbers overflowed, is a rejection.
    accepted = log_ratio + exponentials >= 0
    np.copyto(chains.rows, proposal.rows, where=accepted)
    return log_ratio, accepted
