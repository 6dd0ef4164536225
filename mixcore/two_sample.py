r"""Were two samples drawn from the same distribution?  The energy test.

For samples :math:`x_1, \dots, x_n` and :math:`y_1, \dots, y_m` the *energy statistic* compares the
distances between the samples with the distances inside them:

.. math:: T = \frac{n m}{n + m} \Bigl( \frac{2}{n m} \sum_{i, j} \lVert x_i - y_j \rVert
          - \frac{1}{n^2} \sum_{i, j} \lVert x_i - x_j \rVert
          - \frac{1}{m^2} \sum_{i, j} \lVert y_i - y_j \rVert \Bigr) .

It is never negative.  Its limit, the *energy distance*, is zero only when the two distributions
are equal, so the test sees every difference once the samples are large enough: means, widths,
shapes, a missing mode.  When the distributions are equal, every division of the pooled points into
n and m is as likely as the one that was seen.  The statistics of random divisions therefore show
what chance alone can do.

References
----------
G. J. Székely, M. L. Rizzo, "Energy statistics: a class of statistics based on distances",
*J. Statist. Plann. Inference* 143 (2013) 1249-1272.

B. Phipson, G. K. Smyth, "Permutation p-values should never be zero", *Statist. Appl. Genet. Mol.
Biol.* 9 (2010), article 39.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from mixcore._validation import as_count, as_points, as_rng

__all__ = ["EnergyTestResult", "energy_test"]

CHUNK = 100  # random divisions in one product


@dataclass(frozen=True, eq=False)
class EnergyTestResult:
    """What :func:`energy_test` returns.

    Attributes
    ----------
    statistic : float
        T of the two samples, in the units of the points.
    p_value : float
        Share of divisions with a statistic at least as large, the one that was seen counted among
        them; never 0.
    null_statistics : ndarray, shape (n_permutations,)
        T of each random division.
    """

    statistic: float
    p_value: float
    null_statistics: np.ndarray

    @property
    def ratio(self):
        """The statistic over the mean of ``null_statistics``: near 1 when nothing differs."""
        return self.statistic / float(self.null_statistics.mean())

    def __repr__(self):
        return f"EnergyTestResult(statistic={self.statistic:.4g}, p_value={self.p_value:.3g})"


def energy_test(x, y, *, n_permutations=999, rng):
    r"""Test whether two samples of independent points come from the same distribution.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        First sample.
    y : array_like, shape (m, d), or (m,) when d = 1
        Second sample.  All n + m points have their distances kept: 8 (n + m)² bytes.
    n_permutations : int
        Number of random divisions; the p-value is at least 1 / (n_permutations + 1).
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    EnergyTestResult
        Statistic, p-value and the statistics of the random divisions.

    Raises
    ------
    ValueError
        If a sample is not finite or not of shape (n, d), the dimensions differ, or all points are
        equal.

    References
    ----------
    Székely and Rizzo (2013), section 6; Phipson and Smyth (2010) for the p-value.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x = rng.standard_normal((200, 2))
    >>> energy_test(x, rng.standard_normal((200, 2)), rng=rng).p_value > 0.05
    True
    >>> energy_test(x, 2 * rng.standard_normal((200, 2)), rng=rng).p_value
    0.001
    """
    x = as_points(x)
    y = as_points(y, name="y", n_features=x.shape[1])
    n_permutations = as_count(n_permutations, "n_permutations")
    rng = as_rng(rng)
    pooled, n, m = np.concatenate([x, y]), len(x), len(y)
    distances = cdist(pooled, pooled)  # (n + m, n + m)
    if not distances.any():
        raise ValueError(f"all points of x and y equal {pooled[0]}; there is nothing to compare")
    of_point = distances.sum(axis=1)

    def statistics(in_first):  # (n + m, r), one division a column
        first = np.einsum("ir,ir->r", in_first, distances @ in_first)  # inside the first sample
        across = of_point @ in_first - first
        second = of_point.sum() - first - 2 * across
        return n * m / (n + m) * (2 * across / (n * m) - first / n**2 - second / m**2)

    seen = (np.arange(n + m) < n).astype(float)[:, None]
    statistic = float(statistics(seen)[0])
    null = [
        statistics(rng.permuted(np.repeat(seen, min(CHUNK, n_permutations - done), 1), axis=0))
        for done in range(0, n_permutations, CHUNK)
    ]
    null = np.concatenate(null)
    # A division that repeats the seen one must count in spite of rounding.
    as_large = null >= statistic - 1e-12 * float(of_point.sum()) / (n + m)
    p_value = (1 + int(as_large.sum())) / (1 + n_permutations)
    return EnergyTestResult(statistic, p_value, null)
