r"""How the error of noise-contrastive estimation falls with the number of samples.

For each size J and each repeat, J data points and J noise points are drawn afresh, the means start
at random, and they are fitted with :math:`\ln Z` known and with :math:`\ln Z` estimated.  A run
*fails* when two estimates lie closest to the same true mean, or when the fit does not converge.
Failures are counted, and left out of the mean squared error

.. math:: \mathrm{MSE}(J) = \operatorname*{average}_{\text{runs that did not fail}}
          \sum_k \min_l \lVert \hat\mu_k - \mu_l \rVert^2 .

For large J theory says :math:`\mathrm{MSE}(J) \approx \operatorname{tr}(\Sigma) / J`, a line of
slope -1 on log axes, with :math:`\Sigma` from :func:`mixcore.nce_asymptotic_covariance`.

References
----------
M. U. Gutmann, A. Hyvärinen, "Noise-contrastive estimation of unnormalized statistical models, with
applications to natural image statistics", *J. Mach. Learn. Res.* 13 (2012) 307-361, section 3.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
*J. Amer. Statist. Assoc.* 22 (1927) 209-212.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from mixcore._four_corners import FOUR_CORNERS
from mixcore._nce_runs import closest_error, run_once
from mixcore._validation import as_count, as_points, as_range, as_rng
from mixcore._workers import outcomes_of, with_progress_bar
from mixcore.gaussian_mixture import GaussianMixture
from mixcore.noise_contrastive import ml_asymptotic_covariance, nce_asymptotic_covariance

__all__ = ["NCEStudy", "closest_error", "nce_study"]


@dataclass(frozen=True, eq=False)
class NCEStudy:
    r"""What :func:`nce_study` returns: v variants, s sizes, r repeats.

    Attributes
    ----------
    sizes : ndarray of int, shape (s,)
        Number of data points J, and of noise points.
    unknown_z : tuple of bool, length v
        For each variant, whether :math:`\ln Z` was estimated.
    squared_errors : ndarray, shape (v, s, r)
        :math:`\sum_k \min_l \lVert \hat\mu_k - \mu_l \rVert^2` of every run, failed ones too.
    failed : ndarray of bool, shape (v, s, r)
        Runs that are left out of the error.
    unconverged : ndarray of bool, shape (v, s, r)
        The failed runs whose fit did not converge; in the others two estimates share a true mean.
    asymptotic_traces : ndarray, shape (v,)
        :math:`\operatorname{tr}(\Sigma)` over the means: the limit of J times the MSE.
    ml_trace : float
        The same for maximum likelihood, the lowest that is possible.
    """

    sizes: np.ndarray
    unknown_z: tuple[bool, ...]
    squared_errors: np.ndarray
    failed: np.ndarray
    unconverged: np.ndarray
    asymptotic_traces: np.ndarray
    ml_trace: float

    @property
    def n_failures(self):
        """Number of failed runs, shape (v, s)."""
        return self.failed.sum(axis=2)

    @property
    def n_kept(self):
        """Number of runs that did not fail, shape (v, s)."""
        return (~self.failed).sum(axis=2)

    @property
    def mse(self):
        """Mean squared error of the runs that did not fail, shape (v, s); nan where all failed."""
        with np.errstate(invalid="ignore"):
            return np.where(self.failed, 0, self.squared_errors).sum(axis=2) / self.n_kept

    @property
    def theory_mse(self):
        r""":math:`\operatorname{tr}(\Sigma) / J`, shape (v, s)."""
        return self.asymptotic_traces[:, None] / self.sizes

    @property
    def ml_mse(self):
        """Bound of maximum likelihood on the MSE, shape (s,)."""
        return self.ml_trace / self.sizes

    @property
    def log_mse_errors(self):
        """Standard error of ln MSE, shape (v, s): that of the mean over the mean."""
        squares = np.where(self.failed, 0, (self.squared_errors - self.mse[..., None]) ** 2)
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = squares.sum(axis=2) / (self.n_kept - 1) / self.n_kept
            return np.where(self.n_kept > 1, np.sqrt(variance) / self.mse, np.inf)

    def mse_intervals(self, level=0.95):
        r"""Return confidence intervals for the mean squared error.

        Parameters
        ----------
        level : float
            Probability that an interval holds the expected value.

        Returns
        -------
        ndarray, shape (v, s, 2)
            :math:`\mathrm{MSE} \cdot \exp(\pm t s)` with the standard error s of ln MSE and the
            quantile t of Student's distribution; 0 to infinity where fewer than two runs are left.
        """
        quantile = stdtrit(np.maximum(self.n_kept - 1, 1), 0.5 + level / 2)
        reach = np.exp(quantile * self.log_mse_errors)  # (v, s)
        mse = np.where(self.n_kept > 1, self.mse, 1.0)
        return np.stack([mse / reach, mse * reach], axis=-1)

    def failure_intervals(self, level=0.95):
        """Return Wilson's confidence intervals for the probability that a run fails.

        Parameters
        ----------
        level : float
            Probability that an interval holds the true value.

        Returns
        -------
        ndarray, shape (v, s, 2)
            Between 0 and 1; they do not shrink to nothing where no run failed.

        References
        ----------
        Wilson (1927).
        """
        z, runs = ndtri(0.5 + level / 2), self.failed.shape[2]
        rate = self.n_failures / runs  # (v, s)
        centre = (rate + z**2 / (2 * runs)) / (1 + z**2 / runs)
        half = z / (1 + z**2 / runs) * np.sqrt(rate * (1 - rate) / runs + (z / (2 * runs)) ** 2)
        # The rate lies inside, also where rounding would put the end of the interval beyond it.
        low, high = np.minimum(centre - half, rate), np.maximum(centre + half, rate)
        return np.clip(np.stack([low, high], axis=-1), 0, 1)

    def slopes(self):
        """Return the slope of ln MSE against ln J by least squares.

        Returns
        -------
        slopes : ndarray, shape (v,)
            Theory gives -1.
        standard_errors : ndarray, shape (v,)
            From the scatter of the runs.

        Raises
        ------
        ValueError
            If there are fewer than two sizes, or a size has fewer than two runs left.
        """
        if len(self.sizes) < 2 or self.n_kept.min() < 2:
            raise ValueError(
                f"sizes are {self.sizes.tolist()}, and {self.n_kept.min()} runs are left where "
                "most failed; a slope needs two sizes and two runs of each, raise repeats"
            )
        log_size = np.log(self.sizes) - np.log(self.sizes).mean()
        coefficients = log_size / (log_size**2).sum()  # (s,)
        errors = np.sqrt(self.log_mse_errors**2 @ coefficients**2)
        return np.log(self.mse) @ coefficients, errors


def nce_study(
    sizes=(100, 500, 1000, 2000, 3000, 5000),
    repeats=50,
    *,
    means=FOUR_CORNERS,
    noise=None,
    unknown_z=(False, True),
    start_range=(0.0, 3.0),
    rng,
    workers=1,
    progress=True,
    callback=None,
):
    r"""Measure the error and the failures of noise-contrastive estimation at several sizes.

    Every run draws its own data, noise points and start; the variants share them.  A start for
    :math:`\ln Z` is the logarithm of a number between 0.1 and 1.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of data points J; there are as many noise points.
    repeats : int
        Number of runs for each size.
    means : array_like, shape (k, d)
        True means of the equal-weight mixture with sigma = 1; the four corners of the course where
        none are given.
    noise : object, optional
        As for :func:`mixcore.fit_nce`; where none is given, :math:`\mathcal N((1, 1), 4 I)`.
    unknown_z : bool or sequence of bool
        Variants: whether :math:`\ln Z` is estimated.
    start_range : pair of float
        Every coordinate of the means starts at a uniform draw between these two.
    rng : numpy.random.Generator
        Source of randomness.  Each run has a generator of its own that is spawned from it, so the
        result is the same for any number of workers.
    workers : int
        Number of processes.  They are started afresh and import the calling script, which
        therefore needs ``if __name__ == "__main__":`` when this is over 1; a notebook does not.
    progress : bool
        Whether to show a progress bar on stderr, if tqdm is installed.
    callback : callable, optional
        ``callback(iteration, (size, squared_errors, failed))`` after each run, with the number of
        runs finished and two arrays with one entry a variant.

    Returns
    -------
    NCEStudy
        Errors and failures of every run, and what theory says of them.

    Raises
    ------
    ValueError
        If an option is not valid, or as for :func:`mixcore.fit_nce`.

    References
    ----------
    Gutmann and Hyvärinen (2012), section 3.

    Examples
    --------
    >>> import numpy as np
    >>> study = nce_study([200, 800], 4, rng=np.random.default_rng(0), progress=False)
    >>> study.mse.shape, study.theory_mse.round(3).tolist()
    ((2, 2), [[0.529, 0.132], [0.532, 0.133]])
    """
    sizes = np.array([as_count(size, "a size", minimum=2) for size in sizes])
    repeats = as_count(repeats, "repeats")
    workers = as_count(workers, "workers")
    truth = GaussianMixture.isotropic(as_points(means, name="means"))
    if noise is None:
        noise = GaussianMixture.isotropic(np.ones((1, truth.n_features)), sigma=2.0)
    variants = tuple(bool(value) for value in np.atleast_1d(unknown_z))
    start_range = as_range(start_range, "start_range")
    if len(sizes) == 0 or len(variants) == 0:
        raise ValueError(
            f"there are {len(sizes)} sizes and {len(variants)} variants of unknown_z; "
            "give at least one of each"
        )
    generators = as_rng(rng).spawn(len(sizes) * repeats)
    # Theory first: noise that it rejects should not cost the time of the runs.
    sampling = {"rng": rng} if truth.n_features > 2 else {}
    covariances = [
        nce_asymptotic_covariance(truth.means, noise, unknown_z=value, **sampling)
        for value in variants
    ]
    ml_covariance = ml_asymptotic_covariance(truth.means, **sampling)
    of_run = np.repeat(sizes, repeats)
    tasks = [
        (generator, int(size), truth, noise, variants, start_range)
        for generator, size in zip(generators, of_run, strict=True)
    ]
    finished = []
    with outcomes_of(run_once, tasks, workers) as outcomes:
        runs = with_progress_bar(outcomes, len(tasks), progress, name="NCE study", unit="run")
        for outcome in runs:
            finished.append(outcome)
            if callback is not None:
                callback(len(finished), (int(of_run[len(finished) - 1]), *outcome[:2]))
    squared_errors, failed, unconverged = (
        np.stack(part, axis=1).reshape(len(variants), len(sizes), repeats)
        for part in zip(*finished, strict=True)
    )
    return NCEStudy(
        sizes=sizes,
        unknown_z=variants,
        squared_errors=squared_errors,
        failed=failed,
        unconverged=unconverged,
        asymptotic_traces=np.array([c.diagonal()[: truth.means.size].sum() for c in covariances]),
        ml_trace=float(np.trace(ml_covariance)),
    )
