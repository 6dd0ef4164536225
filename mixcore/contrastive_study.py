r"""What maximum likelihood by sampling costs and gives, over many repetitions.

One fit by :func:`mixcore.fit_means` says little about its method: with other data, another start
or other synthetic points it ends elsewhere.  The study repeats it.  Every repetition draws its own
data from the true mixture, starts afresh, and takes as many iterations as the others.  Its
estimate :math:`\hat\mu` is put into the order of the true means :math:`\mu`, and split:

.. math:: \hat\mu - \mu = (\hat\mu - \hat\mu_{\mathrm{ML}}) + (\hat\mu_{\mathrm{ML}} - \mu) .

The second part is the error of the data, which no method can avoid: :math:`\hat\mu_{\mathrm{ML}}`
is the maximum-likelihood estimate from the same points, found by exact EM.  The first part is what
the method adds: noise of its synthetic points, bias, and what is left of the start.

References
----------
M. Á. Carreira-Perpiñán, G. E. Hinton, "On contrastive divergence learning", *AISTATS* 2005, 33-40:
contrastive divergence beside the maximum-likelihood estimate it approximates.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from mixcore._four_corners import FOUR_CORNERS
from mixcore._means_runs import BlockTask, run_block
from mixcore._means_settings import as_settings
from mixcore._synthetic_points import as_chain_start, as_start_means
from mixcore._validation import as_array, as_count, as_positive, as_range, as_rng
from mixcore._workers import outcomes_of, with_progress_bar
from mixcore.gaussian_mixture import GaussianMixture

__all__ = ["MeansStudy", "means_study"]

BLOCK = 25  # repetitions side by side; more would leave the cache


@dataclass(frozen=True, eq=False)
class MeansStudy:
    r"""What :func:`means_study` returns, for r repetitions.

    Every estimate is in the order of the true means.

    Attributes
    ----------
    true_means : ndarray, shape (k, d)
        Means :math:`\mu` of the mixture that the data come from.
    means : ndarray, shape (r, k, d)
        Means after the last iteration.
    averaged_means : ndarray, shape (r, k, d)
        Average of the means over the last iterations, as in :class:`mixcore.MeansResult`.
    ml_means : ndarray, shape (r, k, d)
        Maximum-likelihood means of the same data, found by EM from the true means.
    error_history : ndarray, shape (r, n_steps + 1)
        Squared error under the best matching at the start and after each iteration.
    acceptance : ndarray, shape (r,)
        Share of accepted proposals; 1 where nothing can be rejected.
    diverged : ndarray of bool, shape (r,)
        Repetitions whose means ran away, which stopped there.
    n_langevin_steps : int
        Steps of single chains in one repetition: n_steps * n_langevin * n_synthetic.
    """

    true_means: np.ndarray
    means: np.ndarray
    averaged_means: np.ndarray
    ml_means: np.ndarray
    error_history: np.ndarray
    acceptance: np.ndarray
    diverged: np.ndarray
    n_langevin_steps: int

    @property
    def squared_errors(self):
        r""":math:`\lVert \hat\mu - \mu \rVert^2` of the last means, shape (r,)."""
        return ((self.means - self.true_means) ** 2).sum(axis=(1, 2))

    @property
    def averaged_squared_errors(self):
        r""":math:`\lVert \hat\mu - \mu \rVert^2` of the averaged means, shape (r,)."""
        return ((self.averaged_means - self.true_means) ** 2).sum(axis=(1, 2))

    @property
    def ml_squared_errors(self):
        r""":math:`\lVert \hat\mu_{\mathrm{ML}} - \mu \rVert^2`, shape (r,)."""
        return ((self.ml_means - self.true_means) ** 2).sum(axis=(1, 2))

    def bias(self, direction=None, *, averaged=True, level=0.95):
        r"""Return the average of the estimate minus the maximum-likelihood estimate.

        Parameters
        ----------
        direction : array_like, shape (k, d), optional
            The differences are projected on this direction, divided by its length; without it
            every coordinate is averaged by itself.
        averaged : bool
            Whether the averaged means are used, rather than the last.
        level : float
            Probability that an interval holds the expected value.

        Returns
        -------
        bias : float or ndarray, shape (k, d)
            Average over the repetitions that did not diverge; nan where all did.
        half_width : float or ndarray, shape (k, d)
            Half of the confidence interval: the quantile of Student's distribution times the
            standard error; infinite where fewer than two repetitions are left.
        """
        estimate = self.averaged_means if averaged else self.means
        differences = (estimate - self.ml_means)[~self.diverged]
        if direction is not None:
            direction = as_array(direction, "direction")
            if direction.shape != self.true_means.shape or not direction.any():
                raise ValueError(
                    f"direction has shape {direction.shape} and length "
                    f"{np.linalg.norm(direction):g}; give {self.true_means.shape} numbers that "
                    "are not all 0"
                )
            unit = direction / np.linalg.norm(direction)
            differences = (differences * unit).sum(axis=(1, 2))
        return mean_interval(differences, level)


def mean_interval(values, level):
    """Return the mean over the first axis and half of its confidence interval by Student's t."""
    r = len(values)
    if r == 0:
        return np.full(values.shape[1:], np.nan)[()], np.full(values.shape[1:], np.inf)[()]
    mean = values.mean(axis=0)
    if r == 1:
        return mean, np.full_like(mean, np.inf)[()]
    return mean, stdtrit(r - 1, 0.5 + level / 2) * values.std(axis=0, ddof=1) / np.sqrt(r)


def means_study(
    true_means=FOUR_CORNERS,
    *,
    repeats=100,
    n_points=1000,
    start=None,
    start_range=(0.0, 3.0),
    method="direct",
    sigma=1.0,
    n_steps=200,
    n_synthetic=100,
    learning_rate=None,
    step_decay=0.0,
    n_langevin=None,
    step=None,
    sampler="mala",
    chain_start=None,
    average_from=None,
    rng,
    workers=1,
    progress=True,
):
    r"""Repeat :func:`mixcore.fit_means` on fresh data and compare it with maximum likelihood.

    The repetitions run side by side, which takes a small part of the time of as many single fits.

    Parameters
    ----------
    true_means : array_like, shape (k, d)
        Means of the equal-weight mixture that the data come from; the four corners of the course
        where none are given.
    repeats : int
        Number of repetitions r.
    n_points : int
        Number of real points in each repetition.
    start : array_like, shape (k, d), optional
        Means that every repetition starts from.
    start_range : pair of float
        Where no ``start`` is given, every coordinate of the means starts at a uniform draw between
        these two.
    method, sigma, n_steps, n_synthetic, learning_rate, step_decay
        As for :func:`mixcore.fit_means`.
    n_langevin, step, sampler, chain_start, average_from
        As for :func:`mixcore.fit_means`.
    rng : numpy.random.Generator
        Source of randomness.  Each block of 25 repetitions has a generator of its own that is
        spawned from it, so the result is the same for any number of workers.
    workers : int
        Number of processes, at most one a block is used.  They are started afresh and import the
        calling script, which therefore needs ``if __name__ == "__main__":`` when this is over 1; a
        notebook does not.
    progress : bool
        Whether to show a progress bar on stderr, if tqdm is installed.

    Returns
    -------
    MeansStudy
        Estimates, errors and the maximum-likelihood means of every repetition.

    Raises
    ------
    ValueError
        If an option is not valid.  Means that run away do not raise here: the repetition stops and
        is marked as diverged.

    References
    ----------
    As for :func:`mixcore.fit_means`.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> study = means_study([[0.0], [6.0]], repeats=50, n_steps=100, rng=rng, progress=False)
    >>> study.means.shape, bool(study.averaged_squared_errors.mean() < 0.02)
    ((50, 2, 1), True)
    """
    truth = GaussianMixture.isotropic(true_means, as_positive(sigma, "sigma"))
    repeats, workers = as_count(repeats, "repeats"), as_count(workers, "workers")
    n_points = as_count(n_points, "n_points")
    settings = as_settings(
        truth.n_components,
        method=method,
        sigma=sigma,
        n_steps=n_steps,
        n_synthetic=n_synthetic,
        learning_rate=learning_rate,
        step_decay=step_decay,
        n_langevin=n_langevin,
        step=step,
        sampler=sampler,
        average_from=average_from,
    )
    if settings.method in ("cd", "pcd") and settings.n_synthetic > n_points:
        raise ValueError(
            f"n_synthetic is {n_synthetic} but n_points is {n_points}, from which method "
            f"{method!r} draws without replacement; give at most {n_points}"
        )
    if start is not None:
        start = as_start_means(start, truth.means, truth.n_components, rng)
    start_range = as_range(start_range, "start_range")
    as_chain_start(chain_start, truth.means, sigma)
    sizes = [min(BLOCK, repeats - first) for first in range(0, repeats, BLOCK)]
    tasks = [
        BlockTask(
            generator, size, truth, n_points, start, tuple(start_range), chain_start, settings
        )
        for generator, size in zip(as_rng(rng).spawn(len(sizes)), sizes, strict=True)
    ]
    with outcomes_of(run_block, tasks, min(workers, len(tasks))) as outcomes:
        blocks = list(
            with_progress_bar(outcomes, len(tasks), progress, name="Study of means", unit="block")
        )
    return MeansStudy(
        true_means=truth.means,
        n_langevin_steps=settings.n_steps * settings.n_langevin * settings.n_synthetic,
        **{name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]},
    )
