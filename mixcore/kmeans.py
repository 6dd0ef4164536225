r"""k-means: clusters as coordinate descent on the sum of squared distances.

With centres :math:`c_k`, labels :math:`z_i` and weights :math:`w_i` (1 where none are given) the
objective is

.. math:: \mathrm{SSD} = \sum_{i=1}^n w_i \lVert x_i - c_{z_i} \rVert^2 .

Each iteration has two half-steps.  *Assignment* gives every point to its nearest centre;
*adjustment* moves every centre to the mean of its points.  Neither can raise the SSD.

``assign``, ``adjust`` and ``lloyd`` are the plain form.  :func:`kmeans` takes the same steps but
passes over the points whose nearest centre cannot have changed.

References
----------
S. P. Lloyd, "Least squares quantization in PCM", *IEEE Trans. Inform. Theory* 28 (1982) 129-137.

D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding", *SODA* 2007, 1027-1035.

C. Grunau, A. A. Ozudogru, V. Rozhon, J. Tetek, "A nearly tight analysis of greedy k-means++",
*SODA* 2023.
"""

from dataclasses import dataclass, replace

import numpy as np

from mixcore._validation import (
    as_choice,
    as_count,
    as_nonnegative,
    as_points,
    as_rng,
    as_sample_weight,
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
        Cluster of each point.  A point of weight 0 has the cluster of the nearest final centre.
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


def squared_distances(x, centers):
    """Return the squared distance of every point to every centre, (n, k)."""
    from scipy.spatial.distance import cdist

    return cdist(x, centers, "sqeuclidean")


def sum_of_squares(x, labels, centers, weight):
    """Return the SSD."""
    offsets = x - centers[labels]  # (n, d)
    return float(weight @ np.einsum("nd,nd->n", offsets, offsets))


def assign(x, centers):
    """Give each point to its nearest centre, the first of them where several are equally near."""
    return squared_distances(x, centers).argmin(axis=1)


def adjust(x, labels, centers, weight):
    """Move each centre to the mean of its points; say whether an empty cluster was rescued."""
    k = len(centers)
    empty = np.bincount(labels, minlength=k) == 0  # (k,)
    totals = np.bincount(labels, weights=weight, minlength=k)  # (k,)
    sums = [np.bincount(labels, weights=weight * column, minlength=k) for column in x.T]
    adjusted = np.array(sums).T / np.where(empty, 1, totals)[:, None]  # (k, d)
    adjusted[empty] = centers[empty]
    return adjusted, bool(empty.any()) and _rescue(x, labels, adjusted, empty)


def _rescue(x, labels, centers, empty):
    """Put the centre of each empty cluster on the point that is farthest from every use."""
    squared = ((x - centers[labels]) ** 2).sum(axis=1)  # (n,)
    # A mean of equal points differs from them by rounding: that is no distance.
    squared[squared <= len(x) * (4 * np.finfo(float).eps) ** 2 * (x**2).sum(axis=1)] = 0
    rescued = False
    for j in np.flatnonzero(empty):
        far = squared.argmax()
        if squared[far] == 0:  # fewer distinct points than clusters
            break
        centers[j] = x[far]
        squared = np.minimum(squared, ((x - x[far]) ** 2).sum(axis=1))
        rescued = True
    return rescued


def lloyd(x, start, weight, max_iter, tol, callback=None):
    """Alternate the two half-steps: the plain form that the tests hold beside the fast one."""
    centers, labels = start, None
    history, path, converged = [], [start], False
    if callback is not None:
        callback(0, start.copy())
    for iteration in range(1, max_iter + 1):
        before, labels = labels, assign(x, centers)
        history.append(sum_of_squares(x, labels, centers, weight))
        centers, rescued = adjust(x, labels, centers, weight)
        history.append(sum_of_squares(x, labels, centers, weight))
        path.append(centers)
        if callback is not None:
            callback(iteration, centers.copy())
        unchanged = before is not None and np.array_equal(labels, before)
        settled = tol > 0 and iteration > 1 and history[-3] - history[-1] <= tol * history[-1]
        converged = bool((unchanged or settled) and not rescued)
        if converged:
            break
    return KMeansResult(centers, labels, np.array(history), np.array(path), iteration, converged)


def _draw(mass, rng):
    """Draw an index with probability proportional to its mass."""
    cumulative = np.cumsum(mass)
    i = np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right")
    return min(i, np.searchsorted(cumulative, cumulative[-1]))  # the product may round up


def plus_plus(x, weight, n_clusters, rng, distances_to):
    """Draw centres one by one, each with probability proportional to weight * distance^2.

    Of a few such draws the one that leaves the smallest SSD is taken (the greedy form).
    """
    equal = bool((weight == weight[0]).all())
    n_draws = 2 + int(np.log(n_clusters))
    chosen = [rng.integers(len(x)) if equal else _draw(weight, rng)]
    squared = distances_to(x[chosen[0]])  # (n,), to the nearest centre so far
    for _ in range(n_clusters - 1):
        mass = squared if equal else weight * squared
        best = np.inf
        for _ in range(n_draws):
            # Where all points coincide with a centre any further one is as good as another.
            i = _draw(mass, rng) if mass.any() else rng.integers(len(x))
            after = distances_to(x[i])
            np.minimum(squared, after, out=after)
            ssd = weight @ after
            if ssd < best:
                best, drawn, reduced = ssd, i, after
        chosen.append(drawn)
        squared = reduced
    return x[chosen]


def _start(table, n_clusters, init, rng):
    if not isinstance(init, str):
        return init
    if init == "k-means++":
        return plus_plus(table.x, table.weight, n_clusters, rng, table.distances_to)
    return table.x[rng.choice(len(table.x), size=n_clusters, replace=False)]


def _check_size(x, name):
    """Raise where squared distances would leave the range of floating-point numbers."""
    largest = float(max(x.max(), -x.min()))
    if largest > 1e140 or 0 < largest < 1e-140:
        raise ValueError(
            f"the largest absolute value in {name} is {largest:.3g}, whose square is out of range; "
            "measure the data in other units, so that it lies between 1e-140 and 1e140"
        )


def kmeans(
    x,
    n_clusters,
    *,
    init="k-means++",
    n_init=1,
    max_iter=300,
    tol=1e-6,
    rng=None,
    sample_weight=None,
    callback=None,
):
    r"""Cluster points by Lloyd's algorithm.

    Parameters
    ----------
    x : array_like, shape (n, d), or (n,) when d = 1
        Points.
    n_clusters : int
        Number of clusters k, at most the number of points whose weight is not 0.
    init : {"k-means++", "random_from_data"} or array_like of shape (k, d)
        How the first centres are chosen, or the centres themselves.
    n_init : int
        Number of starts; the one with the smallest final SSD is returned.
    max_iter : int
        Largest number of iterations of each start.
    tol : float
        A start stops when no label changes, or when an iteration lowers the SSD by no more than
        ``tol`` times its value.  With 0 only unchanged labels count.
    rng : numpy.random.Generator, optional
        Source of randomness; not needed when ``init`` gives the centres.
    sample_weight : array_like, shape (n,), optional
        Weight of each point; a point of weight 2 counts like two equal points.  Points of weight 0
        take no part in the fit; they only get a label.
    callback : callable, optional
        ``callback(iteration, centers)``, called with the start (iteration 0) and after each
        iteration of every start.

    Returns
    -------
    KMeansResult
        Centres, labels and their history.  The centre of a cluster without points is moved to the
        point that is farthest from its own centre, as long as there are distinct points enough.

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

    Ten points at 0 and one at 1, written with weights:

    >>> kmeans([0.0, 1.0], 1, init=[0.5], sample_weight=[10, 1]).centers.round(4)
    array([[0.0909]])
    """
    from mixcore._lloyd import Table, fast_lloyd

    x = as_points(x)
    _check_size(x, "x")
    n_clusters = as_count(n_clusters, "n_clusters")
    n_init = as_count(n_init, "n_init")
    max_iter = as_count(max_iter, "max_iter")
    tol = as_nonnegative(tol, "tol")
    weight = as_sample_weight(sample_weight, len(x))
    enough_points(x, n_clusters, "n_clusters")
    if isinstance(init, str):
        as_choice(init, "init", ("k-means++", "random_from_data"))
        as_rng(rng)
    else:
        n_init = 1  # the same centres would give the same result again
        init = as_points(init, name="init", n_features=x.shape[1])
        _check_size(init, "init")
        if len(init) != n_clusters:
            raise ValueError(
                f"init has {len(init)} centres but n_clusters is {n_clusters}; "
                f"give centres of shape ({n_clusters}, {x.shape[1]})"
            )
    unit = weight.max()
    weight /= unit
    kept = weight > np.finfo(float).tiny
    if kept.sum() < n_clusters:
        raise ValueError(
            f"only {kept.sum()} points have a positive sample_weight but n_clusters is "
            f"{n_clusters}; give more points a weight or ask for fewer clusters"
        )
    table = Table(x, weight) if kept.all() else Table(x[kept], weight[kept])
    best = None
    for _ in range(n_init):
        run = fast_lloyd(table, _start(table, n_clusters, init, rng), max_iter, tol, callback)
        if best is None or run.inertia < best.inertia:
            best = run
    labels = best.labels
    if not kept.all():
        labels = np.empty(len(x), dtype=best.labels.dtype)
        labels[kept] = best.labels
        labels[~kept] = assign(x[~kept], best.centers)
    return replace(best, labels=labels, inertia_history=unit * best.inertia_history)
