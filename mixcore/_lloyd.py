r"""Lloyd's algorithm, passing over the points whose nearest centre cannot have changed.

For each point the lead :math:`g_i = \lVert x_i - c_b \rVert - \lVert x_i - c_a \rVert` of its
nearest centre a over the second nearest b is measured once.  By the triangle inequality an
iteration takes from it at most the sum of the two longest moves of a centre.  As long as these
add up to less than :math:`g_i` the label of the point stands, and nothing is computed for it.

The squared distances come from one matrix product with the rows
:math:`(x_i, \lVert x_i \rVert^2, 1)`.  Where two of them are too close for its rounding, they are
computed again from the differences, as in the plain form :func:`mixcore.kmeans.lloyd`: the labels
are the same.  The sums of the clusters change by the points that change cluster; they are taken
anew before a result is returned.  The SSD follows from the sums, except where it is so small that
digits would cancel.

References
----------
G. Hamerly, "Making k-means even faster", *SDM* 2010, 130-140.
"""

import math

import numpy as np

from mixcore.kmeans import KMeansResult, adjust, lloyd, squared_distances

EPS, TINY = np.finfo(np.float64).eps, np.finfo(np.float64).tiny
CHUNK = 8192  # points at a time, so that what is computed for them stays in the cache
SAMPLE = 256  # points that suffice to choose the origin
FEW = 128  # up to here differences cost no more than the matrix product
SHRINK = 0.995 / math.sqrt(2)  # the rounding of a lead of 1000 errors is below half a per cent
DENSE = 0.7  # share of the points from which computing all of them is faster
DIRECT = 1e-3  # share of the total sum of squares below which the SSD is summed directly


def _origin(x):
    """Return a point amid the data, with few digits: subtracting it from round numbers is exact."""
    spread = x.std(axis=0)
    constant = spread <= 4 * EPS * np.abs(x).max(axis=0)
    grid = 2.0 ** np.floor(np.log2(np.where(constant, 1, spread)))
    return np.where(constant, x[0], grid * np.rint(x.mean(axis=0) / grid))


class Table:
    """Points prepared for any number of starts.

    ``rows`` (n, d + 2) holds the points seen from ``origin``, their squared norms, and ones.
    """

    def __init__(self, x, weight):
        n, d = x.shape
        self.x, self.weight = x, weight
        self.weighted = bool((weight != 1).any())
        self.origin = _origin(x[:: max(1, n // SAMPLE)])
        self.rows = np.empty((n, d + 2))
        self.rows[:, d + 1] = 1
        for part in _parts(n, CHUNK):
            points = np.subtract(x[part].T, self.origin[:, None], order="C")  # (d, m)
            rows = self.rows[part]
            np.einsum("ji,ji->i", points, points, out=rows[:, d])
            if d > 8:
                rows[:, :d] = points.T
            else:  # column by column: NumPy is slow at many short rows
                for j in range(d):
                    rows[:, j] = points[j]
        self.radius2 = float(self.rows[:, d].max())
        self.total = float(weight @ self.rows[:, d])
        # What the mean of the same points may differ by when it is taken again.
        self.rounding = 1e-12 * math.sqrt(self.radius2) + 4 * EPS * np.abs(self.origin).max()

    def error(self, radius2):
        """Bound the rounding of a squared distance to a centre at this squared radius."""
        return 16 * (self.rows.shape[1] + 2) * EPS * radius2 + TINY

    def distances_to(self, center):
        """Return the squared distance of every point to one centre, to six digits or better."""
        c = center - self.origin
        squared = self.rows @ np.concatenate([-2 * c, [1.0, c @ c]])
        near = np.flatnonzero(squared < 1e6 * self.error(max(self.radius2, c @ c)))
        squared[near] = ((self.x[near] - center) ** 2).sum(axis=1)
        return squared


def _parts(n, size):
    return [slice(low, low + size) for low in range(0, n, size)]


def _nearest_two(squared, dtype):
    """Return the label, the smallest and the second smallest of each column of (k, m).

    The columns are overwritten: new arrays of this size cost as much as the arithmetic.
    """
    best, scratch = squared[:2]
    closer = scratch < best
    as_number = closer.view(np.uint8)
    labels = closer.astype(dtype)
    second = np.maximum(best, scratch)
    np.minimum(best, scratch, out=best)
    label = np.empty_like(labels)
    for j in range(2, len(squared)):
        row = squared[j]
        np.less(row, best, out=closer)
        np.multiply(as_number, dtype.type(j), out=label)
        np.maximum(labels, label, out=labels)  # j exceeds every label so far
        np.maximum(row, best, out=scratch)
        np.minimum(second, scratch, out=second)
        np.minimum(row, best, out=best)
    return labels, best, second


class _Clusters:
    """Labels and sums of a fit under way; each point's label stands until drift reaches limit."""

    def __init__(self, table, k):
        n, width = table.rows.shape
        self.table = table
        self.labels = np.full(n, k, np.min_scalar_type(k))  # k: in no cluster yet
        self.ids = np.arange(k, dtype=self.labels.dtype)[:, None]
        self.limit = np.full(n, -np.inf)
        self.drift = 0.0
        self.sums = np.zeros((k, width))  # of the rows of each cluster, times their weights
        self.incremental = False  # whether the points that change cluster change the sums
        self.chunk = max(FEW, 3 * CHUNK // k)
        self.factors = np.ones((k, width))  # times rows: squared distances
        self.rows = np.empty((min(n, self.chunk), width))
        self.squared = np.empty(k * min(n, self.chunk))

    def assign(self, centers):
        """Give each point to its nearest centre and return how many changed cluster."""
        c = centers - self.table.origin
        np.multiply(c, -2, out=self.factors[:, :-2])
        norms = np.einsum("kd,kd->k", c, c, out=self.factors[:, -1])
        radius2 = max(self.table.radius2, float(norms.max()))
        error = self.table.error(radius2)
        norms += 2 * error  # in all distances alike: they stay positive in spite of rounding
        # The slack covers the rounding of drift, and that of the plain form: labels shall agree.
        slack = error / math.sqrt(max(radius2, TINY)) / SHRINK + 1e-12 * self.drift
        stale = (self.limit <= self.drift + slack).nonzero()[0]
        if len(stale) > DENSE * len(self.limit):  # slices instead of indices
            parts = _parts(len(self.limit), self.chunk)
        else:
            parts = [stale[part] for part in _parts(len(stale), self.chunk)]
        return sum([self._assign(part, centers, error) for part in parts])

    def _assign(self, part, centers, error):
        before = self.labels[part]
        m = len(before)
        if isinstance(part, slice):
            rows = self.table.rows[part]  # (m, d + 2)
        else:  # with the mode "raise" take would fill a copy first
            rows = self.table.rows.take(part, axis=0, out=self.rows[:m], mode="clip")
        if m <= FEW:
            labels, lead = self._from_differences(self.table.x[part], centers)
        else:
            squared = self.squared[: len(centers) * m].reshape(-1, m)  # (k, m)
            np.dot(self.factors, rows.T, out=squared)
            labels, best, second = _nearest_two(squared, self.labels.dtype)
            lead = second - best
            close = (lead <= 1000 * error).nonzero()[0]
            # d_b - d_a = (d_b^2 - d_a^2) / (d_b + d_a), and d_b + d_a <= sqrt(2 (d_a^2 + d_b^2)).
            best += second
            lead /= np.sqrt(best, out=best)
            if len(close):
                x = self.table.x[part][close]
                labels[close], lead[close] = self._from_differences(x, centers)
        lead += self.drift
        self.limit[part] = lead
        changed = (labels != before).nonzero()[0]
        if len(changed) and self.incremental:
            change = (labels[changed] == self.ids).astype(np.float64)  # (k, changed)
            change -= before[changed] == self.ids
            self.sums = self.sums + np.dot(change, rows[changed])
        self.labels[part] = labels
        return len(changed)

    def _from_differences(self, x, centers):
        """Return labels and leads as the plain form sees them."""
        squared = squared_distances(x, centers)  # (m, k)
        labels = squared.argmin(axis=1).astype(self.labels.dtype)
        squared.partition(1, axis=1)
        two = np.sqrt(squared[:, :2])
        return labels, (two[:, 1] - two[:, 0]) / SHRINK

    def refresh(self):
        """Take the sums of all points anew."""
        sums = np.zeros_like(self.sums)
        for part in _parts(len(self.labels), self.chunk):
            member = (self.labels[part] == self.ids).astype(np.float64)  # (k, m)
            if self.table.weighted:
                member *= self.table.weight[part]
            sums += np.dot(member, self.table.rows[part])
        self.sums = sums

    def adjust(self, centers):
        """Return the means of the clusters, and whether an empty one was rescued."""
        table = self.table
        sizes = self.sums[:, -1:]  # (k, 1)
        if table.weighted:
            sizes = np.bincount(self.labels, minlength=len(centers))
        if sizes.min() == 0:
            return adjust(table.x, self.labels.astype(np.intp), centers, table.weight)
        return self.sums[:, :-2] / self.sums[:, -1:] + table.origin, False

    def ssd_of_means(self, centers):
        """Return the SSD from the sums: None where it is so small that digits would cancel."""
        total = self.table.total
        ssd = total - float(np.vdot(self.sums[:, :-2], centers - self.table.origin))
        return ssd if ssd > DIRECT * total else None

    def direct_ssd(self, centers):
        """Return the SSD, summed over the points."""
        table, ssd = self.table, 0.0
        for part in _parts(len(table.x), CHUNK):
            offsets = table.x[part] - centers.take(self.labels[part], axis=0)  # (m, d)
            weighted = offsets * table.weight[part, None] if table.weighted else offsets
            ssd += float(np.vdot(weighted, offsets))
        return ssd


def _ssd_from_sums(sums, centers):
    """Return the SSD around centres (t, k, d), seen from the origin, at sums (t, k, d + 2)."""
    spread = sums[..., -2] - 2 * (sums[..., :-2] * centers).sum(axis=2)  # (t, k)
    return (spread + sums[..., -1] * (centers**2).sum(axis=2)).sum(axis=1)


def fast_lloyd(table, start, max_iter, tol, callback=None):
    """Return what :func:`mixcore.kmeans.lloyd` returns, sooner."""
    if len(start) == 1:
        return lloyd(table.x, start, table.weight, max_iter, tol, callback)
    clusters = _Clusters(table, len(start))
    centers, path, sums, direct = start, [start], [], {}
    last, converged = math.inf, False
    if callback is not None:
        callback(0, start.copy())
    for iteration in range(1, max_iter + 1):
        moved = clusters.assign(centers)
        if moved == 0 or iteration == max_iter or not clusters.incremental:
            clusters.refresh()
            clusters.incremental = not table.weighted
        adjusted, rescued = clusters.adjust(centers)
        ssd = clusters.ssd_of_means(adjusted)
        if ssd is None:
            direct[iteration - 1] = [clusters.direct_ssd(c) for c in (centers, adjusted)]
            ssd = direct[iteration - 1][1]
        settled = tol > 0 and last - ssd <= tol * ssd
        if settled and not table.weighted:
            clusters.refresh()
            adjusted, rescued = clusters.adjust(centers)
            if iteration - 1 in direct:
                direct[iteration - 1][1] = clusters.direct_ssd(adjusted)
        step = adjusted - centers
        moves = np.sqrt(np.einsum("kd,kd->k", step, step))
        moves.sort()
        clusters.drift += float(moves[-1] + moves[-2]) / SHRINK
        # With the same labels only rounding moves the centres, unless one was rescued.
        unchanged = moved == 0 and moves[-1] <= table.rounding
        centers, last = adjusted, ssd
        path.append(centers)
        sums.append(clusters.sums)
        if callback is not None:
            callback(iteration, centers.copy())
        converged = bool((unchanged or settled) and not rescued)
        if converged:
            break
    path, sums = np.array(path), np.array(sums)
    seen = path - table.origin
    history = np.stack([_ssd_from_sums(sums, c) for c in (seen[:-1], seen[1:])], axis=1)  # (t, 2)
    for step, values in direct.items():
        history[step] = values
    labels = clusters.labels.astype(np.intp)
    return KMeansResult(centers, labels, history.ravel(), path, iteration, converged)
