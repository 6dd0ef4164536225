r"""The E-step of a Gaussian mixture as one matrix product, and the sums of its M-step as another.

The logarithm of a weighted Gaussian density is linear in *features* of the point :math:`y`:

.. math::

    \log \pi_k + \log \mathcal N(y \mid \mu_k, \Sigma_k)
    = a_k + b_k^\top y - \tfrac12 \sum_{ij} (\Sigma_k^{-1})_{ij} \, y_i y_j .

With the features :math:`\phi(y) = (1, y, y_i y_j)` as the rows of a matrix (p, n) and the numbers
on the right as the rows of a matrix (k, p), the E-step is their product.  The M-step needs
:math:`\sum_i r_{ik} \phi(y_i)`, which is a product too.  Both are taken chunk by chunk, so that a
chunk stays in the processor's cache and memory does not grow with n.

Which products :math:`y_i y_j` are features depends on the covariance type: all of them (full), the
squares (diag), their sum (spherical), none (tied: the square term is the same for all components
and cancels in the responsibilities).

The sums lose accuracy when a component is very narrow compared with the range of the points, as
large terms cancel: :class:`mixcore._gaussian_em_steps.Steps` decides when they may be used.
"""

import numpy as np

# OpenBLAS multiplies without packing, about twice as fast, up to a million multiplications.
_MULTIPLICATIONS = 950_000
_CHUNK = 8192
# Between these sums of exponentials nothing that matters has under- or overflowed.
_TINY, _HUGE = 1e-290, 1e290


def products(covariance_type, n_features):
    """Return the indices i and j of the features y_i y_j, one diagonal of the matrix at a time."""
    if covariance_type == "full":
        shifts = range(n_features)
    elif covariance_type == "diag":
        shifts = range(1)
    else:
        shifts = range(0)
    i = [np.arange(n_features - shift) for shift in shifts]
    j = [np.arange(shift, n_features) for shift in shifts]
    empty = np.zeros(0, dtype=int)
    return np.concatenate([empty, *i]), np.concatenate([empty, *j])


class _Buffers:
    """Features and responsibilities of one chunk of c points, and the views that fill them."""

    def __init__(self, covariance_type, d, k, c):
        i, _ = products(covariance_type, d)
        n_products = 1 if covariance_type == "spherical" else len(i)
        self.features = np.ones((1 + d + n_products, c))
        self.points = self.features[1 : 1 + d]
        self.squares = self.features[1 + d :]
        self.covariance_type = covariance_type
        self.diagonals, first = [], 1 + d
        # Products a whole diagonal at a time: both factors are then blocks of neighbouring rows.
        for shift in {"full": range(d), "diag": range(1)}.get(covariance_type, ()):
            last = first + d - shift
            self.diagonals.append(
                (self.points[: d - shift], self.points[shift:], self.features[first:last])
            )
            first = last
        self.joint = np.empty((k, c))
        self.by_point = np.empty((c, k))
        self.product = np.empty((len(self.features), k))
        self.total = np.empty(c)
        self.scale = np.empty(c)

    def fill(self, y):
        np.copyto(self.points, y)
        for left, right, out in self.diagonals:
            np.multiply(left, right, out)
        if self.covariance_type == "spherical":
            np.einsum("dc,dc->c", self.points, self.points, out=self.squares[0])


class FeatureSums:
    """Sums of responsibilities times features, over all points.

    Parameters are the points ``y`` (d, n), their weights (n,) or None, the covariance type and the
    number of components k.
    """

    def __init__(self, y, sample_weight, covariance_type, n_components):
        d, n = y.shape
        i, _ = products(covariance_type, d)
        p = 1 + d + (1 if covariance_type == "spherical" else len(i))
        self._y, self._weight = y, sample_weight
        self._chunk = min(n, _CHUNK, max(64, _MULTIPLICATIONS // (n_components * p)))
        sizes = {self._chunk, n % self._chunk} - {0}
        self._buffers = {c: _Buffers(covariance_type, d, n_components, c) for c in sizes}
        self._shape = (n_components, p)

    def _chunks(self):
        n = self._y.shape[1]
        for start in range(0, n, self._chunk):
            stop = min(start + self._chunk, n)
            buffers = self._buffers[stop - start]
            buffers.fill(self._y[:, start:stop])
            yield start, stop, buffers

    def e_step(self, coefficients):
        """Return the sum of log-sum-exp and the sums (k, p) for coefficients (k, p)."""
        total, sums = 0.0, np.zeros(self._shape)
        for start, stop, b in self._chunks():
            weight = None if self._weight is None else self._weight[start:stop]
            np.matmul(coefficients, b.features, b.joint)
            shift = None
            with np.errstate(over="ignore", under="ignore"):
                np.exp(b.joint, b.joint)
                np.add.reduce(b.joint, 0, None, b.total)
            if not (b.total.min() > _TINY and b.total.max() < _HUGE):
                # Only here is the usual shift by the largest term needed.
                np.matmul(coefficients, b.features, b.joint)
                shift = b.joint.max(axis=0)
                np.exp(b.joint - shift, b.joint)
                np.add.reduce(b.joint, 0, None, b.total)
            np.divide(1.0, b.total, b.scale)
            np.log(b.total, b.total)
            if shift is not None:
                b.total += shift
            if weight is None:
                total += b.total.sum()
            else:
                total += weight @ b.total
                b.scale *= weight
            sums += self._product(b)
        return total, sums

    def of_labels(self, labels):
        """Return the sums (k, p) when every point belongs wholly to the component of its label."""
        sums = np.zeros(self._shape)
        components = np.arange(self._shape[0])[:, None]
        for start, stop, b in self._chunks():
            np.equal(components, labels[start:stop], out=b.joint, casting="unsafe")
            b.scale[:] = 1.0 if self._weight is None else self._weight[start:stop]
            sums += self._product(b)
        return sums

    def _product(self, b):
        """Return (joint * scale) @ features', in the order that the matrix product likes best."""
        np.multiply(b.joint, b.scale, b.joint)
        if self._shape[1] > 40:
            np.copyto(b.by_point, b.joint.T)
            return np.matmul(b.features, b.by_point, b.product).T
        return b.joint @ b.features.T
