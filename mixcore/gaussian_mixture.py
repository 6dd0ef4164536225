r"""Gaussian mixtures: density, score, responsibilities and sampling.

The density of a mixture with k components in d dimensions is

.. math:: p(x) = \sum_{k} \pi_k \, \mathcal N(x \mid \mu_k, \Sigma_k),
          \qquad \pi_k \ge 0, \quad \sum_k \pi_k = 1 .

*Weights* are the :math:`\pi_k`, *means* the :math:`\mu_k`, *covariances* the :math:`\Sigma_k`.  The
*responsibility* :math:`r_{ik} = \pi_k \mathcal N(x_i \mid \mu_k, \Sigma_k) / p(x_i)` is the
probability that component k produced point i, once the point has been seen.

References
----------
C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006, section 9.2.

K. P. Murphy, *Machine Learning: A Probabilistic Perspective*, MIT Press 2012, section 11.4.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.special import logsumexp

from mixcore._gaussian_mixture_kernels import checked_parameters, component_scores, mixture_kernel
from mixcore._validation import as_count, as_points, as_positive, as_rng
from mixcore.gaussian import log_density_from_cholesky

__all__ = ["GaussianMixture"]


@dataclass(frozen=True, eq=False)
class GaussianMixture:
    r"""A Gaussian mixture with given parameters.

    Parameters
    ----------
    weights : array_like, shape (k,)
        Mixing weights :math:`\pi_k`: not negative, summing to 1.
    means : array_like, shape (k, d), or (k,) when d = 1
        Means :math:`\mu_k`, in the units of the data.
    covariances : array_like, shape (k, d, d), or (k,) variances when d = 1
        Covariances :math:`\Sigma_k`: symmetric positive definite, in squared units of the data.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a value is NaN or infinite, the weights do not sum to 1,
        or a covariance is not symmetric positive definite.

    References
    ----------
    Bishop (2006), equation 9.7.

    Examples
    --------
    >>> import numpy as np
    >>> mixture = GaussianMixture([0.3, 0.7], [[0.0, 0.0], [4.0, 0.0]], [np.eye(2), np.eye(2)])
    >>> mixture.log_density([[0.0, 0.0], [2.0, 0.0]]).round(4)
    array([-3.0411, -3.8379])
    >>> mixture.responsibilities([[2.0, 0.0]])
    array([[0.3, 0.7]])
    >>> x, z = mixture.sample(5, np.random.default_rng(0))
    >>> x.shape, z
    ((5, 2), array([1, 0, 0, 0, 1]))
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    _factors: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        for name, value in checked_parameters(self.weights, self.means, self.covariances).items():
            object.__setattr__(self, name, value)

    @classmethod
    def isotropic(cls, means, sigma=1.0, weights=None):
        r"""Return the mixture of round components that all have the standard deviation sigma.

        Parameters
        ----------
        means : array_like, shape (k, d), or (k,) when d = 1
            Means :math:`\mu_k`.
        sigma : float
            Standard deviation of every component in every direction, in the units of the means.
        weights : array_like, shape (k,), optional
            Mixing weights; equal ones where none are given.

        Returns
        -------
        GaussianMixture
            With the covariances :math:`\sigma^2 I`.

        Raises
        ------
        ValueError
            If sigma is not positive, or as for the class.

        Examples
        --------
        >>> GaussianMixture.isotropic([[0.0, 0.0], [3.0, 0.0]], sigma=2.0).covariances[1]
        array([[4., 0.],
               [0., 4.]])
        """
        means = as_points(means, name="means")  # (k, d)
        sigma = as_positive(sigma, "sigma")
        k, d = means.shape
        weights = np.full(k, 1 / k) if weights is None else weights
        return cls(weights, means, np.broadcast_to(sigma**2 * np.eye(d), (k, d, d)))

    @property
    def n_components(self):
        """Number of components k."""
        return len(self.weights)

    @property
    def n_features(self):
        """Number of dimensions d."""
        return self.means.shape[1]

    def log_joint(self, x):
        r"""Return :math:`\log \pi_k + \log \mathcal N(x_i \mid \mu_k, \Sigma_k)`.

        Parameters
        ----------
        x : array_like, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        ndarray, shape (n, k)
            In nats; minus infinity where a weight is 0.
        """
        x = as_points(x, n_features=self.n_features)
        log_densities = [
            log_density_from_cholesky(x, mean, factor)
            for mean, factor in zip(self.means, self._factors, strict=True)
        ]
        with np.errstate(divide="ignore"):  # log 0 = -inf is what a weight of 0 means
            return np.log(self.weights) + np.stack(log_densities, axis=1)  # (n, k)

    def log_density(self, x):
        r"""Return :math:`\log p(x_i)`, computed by log-sum-exp so that far tails stay finite.

        Parameters
        ----------
        x : array_like, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        ndarray, shape (n,)
            In nats.
        """
        return logsumexp(self.log_joint(x), axis=1)

    def responsibilities(self, x):
        r"""Return :math:`r_{ik} = p(\text{component } k \mid x_i)`.

        Parameters
        ----------
        x : array_like, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        ndarray, shape (n, k)
            Rows sum to 1.

        References
        ----------
        Bishop (2006), equation 9.13.
        """
        log_joint = self.log_joint(x)
        return np.exp(log_joint - logsumexp(log_joint, axis=1, keepdims=True))

    def score(self, x):
        r"""Return the gradient of the log-density in x.

        It is :math:`\nabla_x \log p(x_i) = \sum_k r_{ik} \Sigma_k^{-1} (\mu_k - x_i)`.

        Parameters
        ----------
        x : array_like, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        ndarray, shape (n, d)
            In nats per unit of x.
        """
        x = as_points(x, n_features=self.n_features)
        return np.einsum("nk,knd->nd", self.responsibilities(x), component_scores(x, self))

    @cached_property
    def _kernel(self):
        return mixture_kernel(self)

    def log_density_and_score(self, x):
        r"""Return the log-density and its gradient together, faster than one after the other.

        Parameters
        ----------
        x : array_like, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        log_density, score : ndarray, shapes (n,) and (n, d)
            As :meth:`log_density` and :meth:`score` return them, to rounding.

        Raises
        ------
        ValueError
            If ``x`` is not (n, d) or not finite, or is so large that the score overflows.
        """
        x = as_points(x, n_features=self.n_features)
        log_density, score = self._kernel(x.T)
        return log_density, score.T

    def mean_gradient(self, x):
        r"""Return the gradient of the average log-density with respect to each mean.

        It is :math:`\tfrac1n \sum_i r_{ik} \Sigma_k^{-1} (x_i - \mu_k)`.

        Parameters
        ----------
        x : array_like, shape (n, d), or (n,) when d = 1
            Points.

        Returns
        -------
        ndarray, shape (k, d)
            In nats per point and unit of x.

        References
        ----------
        Bishop (2006), equation 9.16, before it is set to zero.
        """
        x = as_points(x, n_features=self.n_features)
        resp = self.responsibilities(x)  # (n, k)
        return -np.einsum("nk,knd->kd", resp, component_scores(x, self)) / len(x)

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
        x : ndarray, shape (n, d)
            Points.
        z : ndarray of int, shape (n,)
            Component of each point, 0 .. k - 1.

        Raises
        ------
        ValueError
            If ``n`` is not a whole number of at least 1 or ``rng`` is not a generator.
        """
        n, rng = as_count(n, "n"), as_rng(rng)
        z = rng.choice(self.n_components, size=n, p=self.weights)  # (n,)
        noise = rng.standard_normal((n, self.n_features))  # (n, d)
        return self.means[z] + np.einsum("nij,nj->ni", self._factors[z], noise), z

    def reordered(self, permutation):
        """Return the same mixture with its components in another order.

        Parameters
        ----------
        permutation : array_like of int, shape (k,)
            For instance from :func:`mixcore.match_components`.

        Returns
        -------
        GaussianMixture
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
        return GaussianMixture(
            self.weights[permutation], self.means[permutation], self.covariances[permutation]
        )
