r"""k-means: clusters as coordinate descent on the sum of squared distances.

With centres :math:`c_k` and labels :math:`z_i` the objective is

.. math:: \mathrm{SSD} = \sum_{i=1}^n \lVert x_i - c_{z_i} \rVert^2 .

Each iteration has two half-steps.  *Assignment* gives every point to its nearest centre;
*adjustment* moves every centre to the mean of its points.  Neither can raise the SSD.

References
----------
S. P. Lloyd, "Least squares quantization in PCM", *IEEE Trans. Inform. Theory* 28 (1982) 129-137.

D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding", *SODA* 2007, 1027-1035.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from mixcore._validation import (
    as_choice,
    as_count,
    as_nonnegative,
    as_points,
    as_rng,
    enough_points,
)

__all__ = ["KMeansResult", "kmeans"]


@dataclass(frozen=True, eq=False)
class KMeansResult:
    """What :func:`kmeans` returns.

    Attributes
    ----------
    centers : ndarray, shape (k, d)
        Final centres.
    labels : ndarray of int, shape (n,)
        Cluster of each point.
    inertia_history : ndarray, shape (2 * n_iter,)
        SSD after each half-step: assignment, adjustment, assignment, and so on.
    centers_history : ndarray, shape (n_iter + 1, k, d)
        Centres at the start and after each iteration.
    n_iter : int
        Number of iterations.
    converged : bool
        Whether the labels or the SSD had stopped changing; False means ``max_iter`` was reached.
    """

    centers: np.ndarray
    labels: np.ndarray
    inertia_history: np.ndarray
    centers_history: np.ndarray
    n_iter: int
    converged: bool

    @property
    def inertia(self):
        """Final sum of squared distances, in squared units of the data."""
        return float(self.inertia_history[-1])


def _seed_plus_plus(x, n_clusters, rng):
    """Draw centres one by one, each with probability proportional to its squared distance."""
    centers = [x[rng.integers(len(x))]]
    distance = ((x - centers[0]) ** 2).sum(axis=1)  # (n,), to the nearest centre so far
    for _ in range(1, n_clusters):
        total = distance.sum()
        # All points coincide with a centre: any further centre is as good as another.
        p = distance / total if total > 0 else None
        centers.append(x[rng.choice(len(x), p=p)])
        distance = np.minimum(distance, ((x - centers[-1]) ** 2).sum(axis=1))
    return np.array(centers)


def _start(x, n_clusters, init, rng):
    if isinstance(init, str):
        as_choice(init, "init", ("k-means++", "random_from_data"))
        if init == "k-means++":
            return _seed_plus_plus(x, n_clusters, rng)
        return x[rng.choice(len(x), size=n_clusters, replace=False)]
    centers = as_points(init, name="init", n_features=x.shape[1])
    if len(centers) != n_clusters:
        raise ValueError(
            f"init has {len(centers)} centres but n_clusters is {n_clusters}; "
            f"give centres of shape ({n_clusters}, {x.shape[1]})"
        )
    return centers


def _adjust(x, labels, distances, centers):
    """Move each centre to the mean of its points; an empty cluster takes a far point."""
    n_clusters = len(centers)
    counts = np.bincount(labels, minlength=n_clusters)  # (k,)
    sums = np.array(
        [np.bincount(labels, weights=column, minlength=n_clusters) for column in x.T]
    ).T  # (k, d)
    empty = np.flatnonzero(counts == 0)
    adjusted = sums / np.maximum(counts, 1)[:, None]
    # The points that are worst served become centres; the next assignment gives them their cluster.
    far = np.argsort(distances, kind="stable")[::-1][: len(empty)]
    adjusted[empty] = x[far]
    return adjusted


def _lloyd(x, centers, max_iter, tol):
    history, path, labels, converged = [], [centers], None, False
    for _ in range(max_iter):
        squared = cdist(x, centers, "sqeuclidean")  # (n, k)
        new_labels = squared.argmin(axis=1)
        unchanged = labels is not None and np.array_equal(new_labels, labels)
        labels = new_labels
        distances = squared[np.arange(len(x)), labels]  # (n,)
        history.append(distances.sum())
        centers = _adjust(x, labels, distances, centers)
        path.append(centers)
        history.append(((x - centers[labels]) ** 2).sum())
        fall = history[-3] - history[-1] if len(history) > 2 else np.inf
        converged = bool(unchanged or fall <= tol * history[-1])
        if converged:
            break
    return KMeansResult(
        centers, labels, np.array(history), np.array(path), len(path) - 1, converged
    )


def kmeans(x, n_clusters, *, init="k-means++", n_init=1, max_iter=300, tol=1e-6, rng=None):
    r"""Cluster points by Lloyd's algorithm.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.
    n_clusters : int
        Number of clusters k, at most n.
    init : {"k-means++", "random_from_data"} or array_like of shape (k, d)
        How the first centres are chosen, or the centres themselves.
    n_init : int
        Number of starts; the one with the smallest final SSD is returned.
    max_iter : int
        Largest number of iterations of each start.
    tol : float
        A start stops when no label changes, or when an iteration lowers the SSD by no more than
        ``tol`` times its value.
    rng : numpy.random.Generator, optional
        Source of randomness; not needed when ``init`` gives the centres.

    Returns
    -------
    KMeansResult
        Centres, labels and their history.  A cluster that loses all its points is restarted at a
        point that is far from its centre.

    Raises
    ------
    ValueError
        If ``x`` is not finite or not (n, d), there are fewer points than clusters, or an option is
        not valid.

    References
    ----------
    Lloyd (1982); the start is that of Arthur and Vassilvitskii (2007).

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> result = kmeans(x, 2, init=[[0.0], [1.0]])
    >>> result.centers.ravel(), result.inertia
    (array([ 0.5, 10.5]), 1.0)
    """
    x = as_points(x)
    n_clusters = as_count(n_clusters, "n_clusters")
    n_init = as_count(n_init, "n_init")
    max_iter = as_count(max_iter, "max_iter")
    tol = as_nonnegative(tol, "tol")
    enough_points(x, n_clusters, "n_clusters")
    if isinstance(init, str):
        as_rng(rng)
    else:
        n_init = 1  # the same centres would give the same result again
    runs = [_lloyd(x, _start(x, n_clusters, init, rng), max_iter, tol) for _ in range(n_init)]
    return min(runs, key=lambda run: run.inertia)
