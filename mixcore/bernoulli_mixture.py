r"""Mixtures of Bernoullis: density, responsibilities and sampling for vectors of zeros and ones.

Each component has its own probability of a one for every coordinate, and coordinates are
independent once the component is known:

.. math:: p(x) = \sum_k \pi_k \prod_{j=1}^d \mu_{kj}^{x_j} (1 - \mu_{kj})^{1 - x_j},
          \qquad x_j \in \{0, 1\} .

*Weights* are the :math:`\pi_k`, *probabilities* the :math:`\mu_{kj}`.  For images a coordinate is a
pixel and :math:`\mu_k` is the mean image of component k.  The logarithm of a component is linear
in x,

.. math:: \log p_k(x) = \sum_j x_j \log\frac{\mu_{kj}}{1 - \mu_{kj}} + \sum_j \log(1 - \mu_{kj}) ,

so that one matrix product gives it for all points and components.  The model is also called latent
class analysis.

References
----------
C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, section 9.3.3.

P. F. Lazarsfeld, N. W. Henry, *Latent Structure Analysis*, Houghton Mifflin 1968.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from mixcore._validation import as_count, as_points, as_rng, as_weights

__all__ = ["BernoulliMixture"]

_BLOCK = 2**20  # values converted to float64 at a time: 8 MB, so that a block stays in the cache


def as_binary(x, *, n_features=None):
    """Return points of zeros and ones as uint8 of shape (n, d); a 1-D input becomes a column."""
    x = np.asarray(x)
    if x.ndim == 1:
        x = x[:, None]
    if x.dtype.kind not in "biuf" or x.ndim != 2 or x.size == 0:
        as_points(x)  # says what is wrong with the dtype or the shape
    if n_features is not None and x.shape[1] != n_features:
        raise ValueError(
            f"x has {x.shape[1]} columns but the model has {n_features} dimensions; "
            f"give points of shape (n, {n_features})"
        )
    bad = (x != 0) & (x != 1)  # NaN is neither
    if bad.any():
        where = tuple(int(i) for i in np.unravel_index(bad.argmax(), x.shape))
        raise ValueError(
            f"x holds {x[where]} at index {where} but every value must be 0 or 1; "
            "scale x to [0, 1] and binarise it at 0.5, for example with x > 0.5"
        )
    return x.astype(np.uint8, copy=False)


def blocks(x, n_components):
    """Yield ``(rows, block)``: slices of the points and their values in one float64 buffer."""
    n, d = x.shape
    size = min(n, max(1, _BLOCK // max(d, n_components)))
    buffer = np.empty((size, d))
    for first in range(0, n, size):
        rows = slice(first, min(first + size, n))
        block = buffer[: rows.stop - first]
        np.copyto(block, x[rows])
        yield rows, block


def log_joint_blocks(mixture, x):
    """Yield ``(rows, block, log_joint (k, m))`` for each block of m points."""
    p = mixture.probabilities  # (k, d)
    # A probability of 0 or 1 has no logit: such coordinates only forbid one of the two values.
    certain = (p == 0) | (p == 1)
    inner = np.where(certain, 0.5, p)
    log_complement = np.where(certain, 0.0, np.log1p(-inner))
    logits = np.where(certain, 0.0, np.log(inner) - np.log1p(-inner))
    forbidden = 1.0 * (p == 0) - (p == 1)  # with the number of ones asked for, counts conflicts
    with np.errstate(divide="ignore"):  # log 0 = -inf is what a weight of 0 means
        constants = np.log(mixture.weights) + log_complement.sum(axis=1)  # (k,)
    for rows, block in blocks(x, len(p)):
        log_joint = logits @ block.T + constants[:, None]  # (k, m)
        if certain.any():
            conflicts = forbidden @ block.T + (p == 1).sum(axis=1)[:, None]  # (k, m)
            log_joint[conflicts > 0] = -np.inf
        yield rows, block, log_joint


@dataclass(frozen=True, eq=False)
class BernoulliMixture:
    r"""A mixture of Bernoullis with given parameters.

    Points are arrays of zeros and ones of any numeric type or bool.

    Parameters
    ----------
    weights : array_like, shape (k,)
        Mixing weights :math:`\pi_k`: not negative, summing to 1.
    probabilities : array_like, shape (k, d), or (k,) when d = 1
        Probabilities of a one, :math:`\mu_{kj}`, from 0 to 1.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a value is NaN, the weights do not sum to 1, or a
        probability is outside [0, 1].

    References
    ----------
    Bishop (2006), equation 9.47.

    Examples
    --------
    >>> import numpy as np
    >>> mixture = BernoulliMixture([0.5, 0.5], [[0.9, 0.2], [0.1, 0.2]])
    >>> np.exp(mixture.log_density([[1, 0], [1, 1]])).round(3)
    array([0.4, 0.1])
    >>> mixture.responsibilities([[1, 0]]).round(3)
    array([[0.9, 0.1]])
    >>> x, z = mixture.sample(4, np.random.default_rng(0))
    >>> x.shape, x.dtype, z.shape
    ((4, 2), dtype('uint8'), (4,))
    """

    weights: np.ndarray
    probabilities: np.ndarray

    def __post_init__(self):
        weights = as_weights(self.weights)  # (k,)
        probabilities = as_points(self.probabilities, name="probabilities")  # (k, d)
        if len(probabilities) != len(weights):
            raise ValueError(
                f"weights has shape {weights.shape} and probabilities {probabilities.shape}; "
                "they must be (k,) and (k, d)"
            )
        outside = (probabilities < 0) | (probabilities > 1)
        if outside.any():
            where = tuple(int(i) for i in np.argwhere(outside)[0])
            raise ValueError(
                f"probabilities holds {probabilities[where]} at index {where}; "
                "every probability must lie in [0, 1]"
            )
        for name, value in (("weights", weights), ("probabilities", probabilities)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)

    @property
    def n_components(self):
        """Number of components k."""
        return len(self.weights)

    @property
    def n_features(self):
        """Number of dimensions d."""
        return self.probabilities.shape[1]

    def log_joint(self, x):
        r"""Return :math:`\log \pi_k + \log p_k(x_i)`.

        Parameters
        ----------
        x : array_like of 0 and 1, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        ndarray, shape (n, k)
            In nats; minus infinity where a weight is 0, or where the point has a one of
            probability 0 or a zero where the probability of a one is 1.

        Raises
        ------
        ValueError
            If ``x`` holds anything but 0 and 1 or has another number of columns.
        """
        x = as_binary(x, n_features=self.n_features)
        log_joint = np.empty((len(x), self.n_components))
        for rows, _, values in log_joint_blocks(self, x):
            log_joint[rows] = values.T
        return log_joint

    def log_density(self, x):
        r"""Return :math:`\log p(x_i)`, computed by log-sum-exp.

        Parameters
        ----------
        x : array_like of 0 and 1, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        ndarray, shape (n,)
            In nats; minus infinity for a point that no component can produce.
        """
        return logsumexp(self.log_joint(x), axis=1)

    def responsibilities(self, x):
        r"""Return :math:`r_{ik} = p(\text{component } k \mid x_i)`.

        Parameters
        ----------
        x : array_like of 0 and 1, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        ndarray, shape (n, k)
            Rows sum to 1.

        Raises
        ------
        ValueError
            If no component can produce one of the points, so that it has no responsibilities.

        References
        ----------
        Bishop (2006), equation 9.56.
        """
        log_joint = self.log_joint(x)
        log_density = logsumexp(log_joint, axis=1, keepdims=True)  # (n, 1)
        if np.isneginf(log_density).any():
            raise ValueError(
                f"x[{int(log_density.argmin())}] has probability 0 under every component; "
                "keep the probabilities strictly between 0 and 1, for example with smoothing > 0"
            )
        return np.exp(log_joint - log_density)

    def sample(self, n, rng):
        """Draw points by ancestral sampling: first the component, then the point.

        Parameters
        ----------
        n : int
            Number of points.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        x : ndarray of uint8, shape (n, d)
            Points of zeros and ones.
        z : ndarray of int, shape (n,)
            Component of each point, 0 .. k - 1.

        Raises
        ------
        ValueError
            If ``n`` is not a whole number of at least 1 or ``rng`` is not a generator.
        """
        n = as_count(n, "n")
        rng = as_rng(rng)
        z = rng.choice(self.n_components, size=n, p=self.weights)  # (n,)
        x = np.empty((n, self.n_features), dtype=np.uint8)
        for k, p in enumerate(self.probabilities):
            x[z == k] = rng.random((np.count_nonzero(z == k), self.n_features)) < p
        return x, z

    def reordered(self, permutation):
        """Return the same mixture with its components in another order.

        Parameters
        ----------
        permutation : array_like of int, shape (k,)
            The new order.

        Returns
        -------
        BernoulliMixture
            Component j is component ``permutation[j]`` of this one.

        Raises
        ------
        ValueError
            If ``permutation`` is not a permutation of 0 .. k - 1.
        """
        permutation = np.asarray(permutation)
        if not np.array_equal(np.sort(permutation), np.arange(self.n_components)):
            raise ValueError(
                f"permutation is {permutation.tolist()}; "
                f"it must hold each of 0 .. {self.n_components - 1} once"
            )
        return BernoulliMixture(self.weights[permutation], self.probabilities[permutation])
