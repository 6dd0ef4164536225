r"""Checks and evaluation for :class:`mixcore.GaussianMixture`.

The plain forms, :meth:`mixcore.GaussianMixture.log_density` and ``score``, solve two triangular
systems a component at every call.  :class:`MixtureKernel` solves once, against the identity, and
then needs only products.  With :math:`W_k = L_k^{-1}` and :math:`z_{ik} = W_k (x_i - \mu_k)`,

.. math::

    \log \pi_k \mathcal N(x_i \mid \mu_k, \Sigma_k) = c_k - \tfrac12 \lVert z_{ik} \rVert^2, \qquad
    \nabla \log p(x_i) = -\sum_k r_{ik} W_k^\top z_{ik} .

Where all components share one covariance, :math:`\lVert z_{ik} \rVert^2` has a common part.  With
:math:`m_k = W (\mu_k - \mu_0)` and :math:`u_i = W (x_i - \mu_0)`,

.. math::

    \log p(x_i) = c_0 - \tfrac12 \lVert u_i \rVert^2 + \log \sum_k e_{ik}, \qquad
    e_{ik} = \frac{\pi_k}{\pi_0} \exp\bigl(m_k^\top u_i - \tfrac12 \lVert m_k \rVert^2\bigr),

with :math:`e_{i0} = 1`: logits that are linear in x, from one product.  This form is used as long
as no exponent comes near overflow, which also bounds what cancels in it: means within a few dozen
standard deviations, and points not far outside.

Points are columns here, (d, n): every operation then runs along contiguous memory, and sums over
the few components or dimensions are sums of long rows.  Points are always centred at a mean first,
so tight components far from the origin keep their digits.
"""

import numpy as np
from scipy.linalg.lapack import dtrtri

from mixcore._validation import as_array, as_points, as_weights, cholesky
from mixcore.gaussian import score_from_cholesky

BLOCK = 16_384  # columns evaluated at a time, which bounds the memory of large calls
LARGEST_EXPONENT = 600.0  # in the shared form; exp overflows above 709
LARGEST_SPREAD = 30.0  # of the |m_k|: the exponent at the mean of component k is |m_k|^2 / 2


def checked_parameters(weights, means, covariances):
    """Return the fields of a mixture, read-only, with its lower Cholesky factors (k, d, d)."""
    weights = as_weights(weights)
    means = as_points(means, name="means")
    covariances = as_array(covariances, "covariances")
    if covariances.ndim == 1:
        covariances = covariances[:, None, None]
    k, d = len(weights), means.shape[1]
    if len(means) != k or covariances.shape != (k, d, d):
        raise ValueError(
            f"weights has shape {weights.shape}, means {means.shape} and covariances "
            f"{covariances.shape}; they must be (k,), (k, d) and (k, d, d)"
        )
    factors = np.array([cholesky(c, name=f"covariances[{j}]") for j, c in enumerate(covariances)])
    for value in (weights, means, covariances, factors):
        value.setflags(write=False)
    return {"weights": weights, "means": means, "covariances": covariances, "_factors": factors}


def component_scores(x, mixture):
    """Return the score of each component of a mixture at checked points: (n, d) -> (k, n, d)."""
    components = zip(mixture.means, mixture._factors, strict=True)
    return np.stack([score_from_cholesky(x, mean, factor) for mean, factor in components])


class MixtureKernel:
    """Log-density and score together, at points that are the columns of an array.

    Parameters
    ----------
    mixture : GaussianMixture
        The mixture; its parameters are checked already.
    """

    def __init__(self, mixture):
        k, d = mixture.means.shape
        factors = mixture._factors
        self.means = mixture.means[:, :, None]  # (k, d, 1)
        # LAPACK solves L_k W_k = I; a factor's diagonal is positive, so it never fails.
        self.whitening = np.array([dtrtri(factor, lower=1)[0] for factor in factors])  # (k, d, d)
        self.back = -self.whitening.transpose(2, 0, 1).reshape(d, k * d)  # [-W_1', ..., -W_k']
        half_log_determinants = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
        with np.errstate(divide="ignore"):  # log 0 = -inf is what a weight of 0 means
            log_weights = np.log(mixture.weights)
        constants = log_weights - half_log_determinants - 0.5 * d * np.log(2 * np.pi)
        self.constants = constants[:, None]  # (k, 1), the c_k

    def workspace(self, n):
        """Return buffers for :meth:`evaluate` at n columns; a sampler makes them once."""
        k, d, _ = self.means.shape
        m = min(n, BLOCK)
        return np.empty((2, k, d, m)), np.empty((k, m)), np.empty((2, m))

    def __call__(self, x):
        """Return log-densities (n,) and scores (d, n) at the columns of finite ``x`` (d, n)."""
        x = np.ascontiguousarray(x)
        log_density, score = np.empty(x.shape[1]), np.empty(x.shape)
        self.evaluate(x, log_density, score, self.workspace(x.shape[1]))
        if not np.isfinite(score).all():
            raise ValueError(
                f"the score overflows: x reaches {np.abs(x).max():.3g} in size; "
                "rescale the points and the mixture"
            )
        return log_density, score

    def evaluate(self, x, log_density, score, workspace):
        """Fill ``log_density`` (n,) and ``score`` (d, n) at the columns of ``x`` (d, n).

        Where even the exponent of the nearest component overflows, beyond about 1e154 standard
        deviations, the log-density is minus infinity and the score that of the nearest component.
        """
        n = x.shape[1]
        with np.errstate(over="ignore", invalid="ignore"):
            for first in range(0, n, BLOCK):
                block = slice(first, min(first + BLOCK, n))
                self._evaluate(x[:, block], log_density[block], score[:, block], workspace)

    def _evaluate(self, x, log_density, score, workspace):
        n = x.shape[1]
        pair, joint, rows = (buffer[..., :n] for buffer in workspace)
        (difference, z), (peak, total) = pair, rows  # twice (k, d, n), twice (n,)
        np.subtract(x, self.means, out=difference)
        np.matmul(self.whitening, difference, out=z)
        np.multiply(z, z, out=difference)
        np.sum(difference, axis=1, out=joint)  # (k, n)
        joint *= -0.5
        joint += self.constants
        np.max(joint, axis=0, out=peak)
        lost = peak == -np.inf
        any_lost = lost.any()
        if any_lost:
            distance = np.abs(z[:, :, lost]).max(axis=1)
            joint[:, lost] = np.where(self.constants > -np.inf, -distance, -np.inf)
            np.max(joint, axis=0, out=peak)
        joint -= peak
        np.exp(joint, out=joint)
        np.sum(joint, axis=0, out=total)
        joint /= total  # the responsibilities
        np.log(total, out=log_density)
        log_density += peak
        if any_lost:
            log_density[lost] = -np.inf
        z *= joint[:, None]
        np.matmul(self.back, z.reshape(-1, n), out=score)


class SharedCovarianceKernel(MixtureKernel):
    """The same for components that share one covariance; component 0 is the heaviest one."""

    def __init__(self, mixture):
        super().__init__(mixture)
        weights, means = mixture.weights, mixture.means
        origin = int(weights.argmax())
        others = weights > 0
        others[origin] = False
        self.whiten = self.whitening[origin]  # (d, d), W
        self.origin = self.means[origin]  # (d, 1)
        with np.errstate(over="ignore"):  # such a spread is refused
            m = (means[others] - means[origin]) @ self.whiten.T  # (k - 1, d)
            squares = (m**2).sum(axis=1)
        self.spread = np.sqrt(squares.max(initial=0))
        offsets = np.log(weights[others] / weights[origin]) - 0.5 * squares
        self.logits = np.column_stack([m, offsets])  # (k - 1, d + 1), for columns (u, 1)
        self.sums = np.ones((m.shape[1] + 1, len(m) + 1))  # (d + 1, k), for columns (1, e)
        self.sums[:-1, 0] = 0  # m_0
        self.sums[:-1, 1:] = m.T
        self.quadratic = np.full(m.shape[1] + 1, 0.5)  # (d + 1,), for columns (u squared, 1)
        self.quadratic[-1] = -self.constants[origin, 0]

    def workspace(self, n):
        m, (d1, k) = min(n, BLOCK), self.sums.shape
        return np.ones((d1, m)), np.ones((k, m)), np.empty((d1, m))

    def _evaluate(self, x, log_density, score, workspace):
        d, n = x.shape
        u1, e1, sums = (buffer[:, :n] for buffer in workspace)
        u, e, pull, total = u1[:d], e1[1:], sums[:d], sums[d]
        np.subtract(x, self.origin, out=score)
        np.matmul(self.whiten, score, out=u)
        np.matmul(self.logits, u1, out=e)
        if not e.max(initial=0) < LARGEST_EXPONENT:  # NaN fails, too
            return super()._evaluate(x, log_density, score, super().workspace(n))
        np.exp(e, out=e)
        np.matmul(self.sums, e1, out=sums)  # of e_k m_k and of e_k
        pull /= total
        pull -= u
        np.matmul(self.whiten.T, pull, out=score)
        np.log(total, out=log_density)
        np.square(u, out=u)
        log_density -= np.matmul(self.quadratic, u1, out=total)


def mixture_kernel(mixture):
    """Return the faster kernel that serves a mixture."""
    if (mixture._factors == mixture._factors[0]).all():
        kernel = SharedCovarianceKernel(mixture)
        if kernel.spread <= LARGEST_SPREAD:
            return kernel
    return MixtureKernel(mixture)
