r"""The fit of a mixture of Bernoullis by soft or hard expectation-maximisation.

With responsibilities :math:`r_{ik}` and :math:`N_k = \sum_i r_{ik}` the M-step is

.. math:: \pi_k = \frac{N_k}{n}, \qquad
          \mu_{kj} = \frac{\sum_i r_{ik} x_{ij} + s}{N_k + 2 s} .

The *smoothing* s counts s imaginary ones and s imaginary zeros a pixel (Laplace's rule for s = 1).
It is the maximum a posteriori under a Beta(1 + s, 1 + s) prior on every probability, so what never
falls is the log-likelihood plus :math:`s \sum_{kj} \log \mu_{kj} (1 - \mu_{kj})`, the logarithm of
the prior without its constant.

*Soft* EM takes the posterior probabilities as responsibilities.  *Hard* EM, also called
classification EM, keeps equal weights and gives each point wholly to its likeliest component.
It raises the classification log-likelihood
:math:`\sum_i \max_k \log \bigl(\tfrac1k \, p_k(x_i)\bigr)`, which is at most the log-likelihood,
and stops when no assignment changes: k-means with probabilities in the place of distances.

References
----------
C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, section 9.3.3.

G. Celeux, G. Govaert, "A classification EM algorithm for clustering and two stochastic versions",
*Computational Statistics & Data Analysis* 14 (1992) 315-332.
"""

import numpy as np

from mixcore._validation import (
    as_choice,
    as_count,
    as_nonnegative,
    as_points,
    as_rng,
    as_sample_weight,
)
from mixcore.bernoulli_mixture import BernoulliMixture, as_binary, blocks, log_joint_blocks
from mixcore.em import iterate
from mixcore.gaussian_mixture_em import DegenerateFitError

__all__ = ["bernoulli_m_step", "fit_bernoulli_mixture"]


def _maximise(counts, ones, smoothing, hard=False):
    """Return the mixture for N_k (k,) and the responsibility-weighted numbers of ones (k, d)."""
    if smoothing == 0 and counts.min() <= 1e-12 * counts.sum():
        raise DegenerateFitError(
            f"component {int(counts.argmin())} has lost all its points and smoothing is 0; "
            "set smoothing above 0, start elsewhere or ask for fewer components"
        )
    k = len(counts)
    weights = np.full(k, 1 / k) if hard else counts / counts.sum()
    probabilities = (ones + smoothing) / (counts + 2 * smoothing)[:, None]
    # Rounding may pass 1; with smoothing, however small, neither 0 nor 1 is ever reached.
    bounds = (np.finfo(float).tiny, 1 - np.finfo(float).epsneg) if smoothing else (0, 1)
    return BernoulliMixture(weights, np.clip(probabilities, *bounds))


def bernoulli_m_step(x, resp, *, smoothing=1.0):
    r"""Return the mixture that maximises the lower bound Q plus the log prior.

    Parameters
    ----------
    x : array_like of 0 and 1, shape (n, d), or (n,) when d = 1
        Points.
    resp : array_like, shape (n, k)
        Responsibilities; where points have weights, each row times the weight of its point.  For
        given labels: ``np.eye(k)[labels]``.
    smoothing : float
        Imaginary ones, and as many imaginary zeros, of each component and coordinate.

    Returns
    -------
    BernoulliMixture
        The next mixture.  A component without points has probabilities 1/2.

    Raises
    ------
    ValueError
        If ``x`` holds anything but 0 and 1, ``resp`` has not one row a point, or ``smoothing`` is
        negative.
    DegenerateFitError
        If a component has no points left and ``smoothing`` is 0.

    References
    ----------
    Bishop (2006), equations 9.57 to 9.60, with smoothing 0.

    Examples
    --------
    >>> import numpy as np
    >>> mixture = bernoulli_m_step([[1, 1], [1, 0], [0, 0]], np.eye(2)[[0, 0, 1]])
    >>> mixture.probabilities  # (ones + 1) / (points + 2)
    array([[0.75      , 0.5       ],
           [0.33333333, 0.33333333]])
    """
    x = as_binary(x)
    resp = as_points(resp, name="resp")
    if len(resp) != len(x):
        raise ValueError(
            f"resp has {len(resp)} rows but x has {len(x)} points; give one row a point"
        )
    return _maximise(resp.sum(axis=0), resp.T @ x, as_nonnegative(smoothing, "smoothing"))


def _soft(log_joint):
    """Return log p(x_i) (m,) and the responsibilities (k, m)."""
    peak = log_joint.max(axis=0)
    resp = np.exp(log_joint - peak)
    total = resp.sum(axis=0)
    resp /= total
    return peak + np.log(total), resp


def _hard(log_joint):
    """Return the joint log-probability with the likeliest component (m,) and its one-hot (k, m)."""
    labels = log_joint.argmax(axis=0)
    resp = np.zeros_like(log_joint)
    resp[labels, np.arange(len(labels))] = 1
    return log_joint.max(axis=0), resp


def _random_assignments(x, weight, n_components, smoothing, hard, rng):
    """Return the mixture of clusters of equal size that are drawn at random."""
    labels = rng.permutation(len(x)) % n_components
    components = np.arange(n_components)[:, None]
    ones = np.zeros((n_components, x.shape[1]))
    for rows, block in blocks(x, n_components):
        ones += ((labels[rows] == components) * weight[rows]) @ block
    counts = np.bincount(labels, weight, n_components)
    return _maximise(counts, ones, smoothing, hard)


def fit_bernoulli_mixture(
    x,
    n_components,
    *,
    hard=False,
    smoothing=1.0,
    init="random_assignments",
    n_init=1,
    max_iter=100,
    tol=1e-6,
    sample_weight=None,
    rng=None,
    callback=None,
):
    r"""Fit a mixture of Bernoullis by soft or hard expectation-maximisation.

    Parameters
    ----------
    x : array_like of 0 and 1, shape (n, d), or (n,) when d = 1
        Points.  They are kept as uint8 and converted block by block, so that the memory in use
        stays close to one byte a value.
    n_components : int
        Number of components k, at most n.
    hard : bool
        False: soft EM with mixing weights.  True: hard EM with equal weights.
    smoothing : float
        Imaginary ones, and as many imaginary zeros, of each component and coordinate.  With 0 the
        fit is the maximum likelihood, where probabilities may reach 0 and 1.
    init : {"random_assignments"} or BernoulliMixture
        Start: clusters of equal size drawn at random, or a given mixture.
    n_init : int
        Number of starts; the fit with the largest objective is returned.  One when ``init`` is a
        mixture.
    max_iter : int
        Largest number of iterations of each start.
    tol : float
        Soft EM stops when the objective per point changes by less than this, in nats.  Hard EM
        has no use for it: it runs until no assignment changes, which leaves the objective as it
        was.
    sample_weight : array_like, shape (n,), optional
        Weight of each point; a point of weight 2 counts like two equal points, and a point of
        weight 0 is left out.
    rng : numpy.random.Generator, optional
        Source of randomness; not needed when ``init`` is a mixture.
    callback : callable, optional
        ``callback(iteration, mixture)``, called with the start (iteration 0) and after each
        iteration of every start.

    Returns
    -------
    EMResult
        With ``mixture`` (a :class:`BernoulliMixture`), ``log_likelihoods``, ``objectives``,
        ``n_iter`` and ``converged``.  After hard EM ``log_likelihoods`` holds the classification
        log-likelihood, the log-likelihood is ``mixture.log_density(x).sum()``, and
        ``mixture.log_joint(x).argmax(axis=1)`` gives the assignments.  A component that has lost
        all its points has probabilities 1/2.

    Raises
    ------
    ValueError
        If ``x`` holds anything but 0 and 1, there are fewer points than components, no component
        of ``init`` can produce one of the points, or an option is not valid.
    DegenerateFitError
        If ``smoothing`` is 0 and every start ended with a component without points.

    References
    ----------
    Bishop (2006), section 9.3.3; Celeux and Govaert (1992) for hard EM.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> truth = BernoulliMixture([0.5, 0.5], [[0.9] * 8, [0.1] * 8])
    >>> x, _ = truth.sample(1000, rng)
    >>> result = fit_bernoulli_mixture(x, 2, n_init=3, rng=rng)
    >>> result.converged
    True
    >>> np.sort(result.mixture.probabilities.mean(axis=1)).round(1)
    array([0.1, 0.9])
    """
    x = as_binary(x)
    n_components = as_count(n_components, "n_components")
    smoothing = as_nonnegative(smoothing, "smoothing")
    n_init = as_count(n_init, "n_init")
    weight = as_sample_weight(sample_weight, len(x))  # (n,)
    kept = np.flatnonzero(weight)
    if len(kept) < len(x):
        x, weight = x[kept], weight[kept]
    if len(x) < n_components:
        raise ValueError(
            f"x has {len(x)} points of positive weight but n_components is {n_components}; "
            f"give at least {n_components} points or ask for fewer components"
        )
    if isinstance(init, BernoulliMixture):
        if (init.n_components, init.n_features) != (n_components, x.shape[1]):
            raise ValueError(
                f"init has {init.n_components} components in {init.n_features} dimensions, but "
                f"n_components is {n_components} and x has {x.shape[1]} columns"
            )
        n_init = 1  # the same start would give the same fit again
    else:
        as_choice(init, "init", ("random_assignments",))
        as_rng(rng)
    posterior = _hard if hard else _soft

    def start():
        if isinstance(init, BernoulliMixture):
            equal = np.full(n_components, 1 / n_components)
            return BernoulliMixture(equal, init.probabilities) if hard else init
        return _random_assignments(x, weight, n_components, smoothing, hard, rng)

    def e_step(mixture):
        """Add up what the M-step needs while each block is in the cache."""
        total, counts, ones = 0.0, np.zeros(n_components), np.zeros((n_components, x.shape[1]))
        for rows, block, log_joint in log_joint_blocks(mixture, x):
            impossible = np.isneginf(log_joint).all(axis=0)
            if impossible.any():
                raise ValueError(
                    f"x[{kept[rows][impossible.argmax()]}] has probability 0 under every component "
                    "of init; keep its probabilities strictly between 0 and 1"
                )
            values, resp = posterior(log_joint)  # (m,), (k, m)
            resp *= weight[rows]
            total += weight[rows] @ values
            counts += resp.sum(axis=1)
            ones += resp @ block
        return total, (counts, ones)

    def log_prior(mixture):
        if smoothing == 0:
            return 0.0
        p = mixture.probabilities
        # A start with a probability of 0 or 1 is impossible under the prior.
        with np.errstate(divide="ignore"):
            return smoothing * (np.log(p) + np.log1p(-p)).sum()

    best, failure = None, None
    for _ in range(n_init):
        try:
            result = iterate(
                start(),
                e_step,
                lambda statistics: _maximise(*statistics, smoothing, hard),
                total_weight=weight.sum(),
                log_prior=log_prior,
                max_iter=max_iter,
                tol=0.0 if hard else tol,
                callback=callback,
            )
        except DegenerateFitError as error:  # one bad start must not lose the others
            failure = error
            continue
        if best is None or result.objectives[-1] > best.objectives[-1]:
            best = result
    if best is None:
        raise failure
    return best
