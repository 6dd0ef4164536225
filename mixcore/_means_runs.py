"""A block of repetitions of :func:`mixcore.fit_means`, all of them side by side.

A step of a hundred short chains costs little more than the calls it makes.  The r repetitions of a
block therefore advance together: r times as many chains in one array, each at home in the mixture
of its own repetition.
"""

from dataclasses import dataclass

import numpy as np

from mixcore._means_settings import MeansSettings, divergence_bound
from mixcore._synthetic_points import as_chain_start, synthetic_points
from mixcore.gaussian_mixture import GaussianMixture
from mixcore.matching import match_components, matched_error

ML_ITERATIONS, ML_TOLERANCE = 2000, 1e-9  # exact ascent; four overlapping corners take about 100


class MixtureBatch:
    """r isotropic mixtures of k components of equal weight; points are (r, m, d).

    As a target of the Langevin samplers it takes the points as rows (r * m, d): the first m belong
    to the first mixture, and so on.
    """

    def __init__(self, means, sigma):
        self.means, self.sigma = means, sigma  # (r, k, d)
        self.n_features = means.shape[2]
        self._offsets = 0.5 * (means**2).sum(axis=2, keepdims=True) / sigma**2  # (r, k, 1)

    def _responsibilities(self, points):
        """Return responsibilities (r, k, m), and the logarithm of their divisor (r, 1, m)."""
        exponents = self.means @ (points.transpose(0, 2, 1) / self.sigma**2)  # (r, k, m)
        exponents -= self._offsets
        top = exponents.max(axis=1, keepdims=True)
        np.exp(np.subtract(exponents, top, out=exponents), out=exponents)
        total = exponents.sum(axis=1, keepdims=True)
        exponents /= total
        return exponents, top + np.log(total)

    def log_density_and_score(self, x):
        """Return log-densities (r * m,), up to a constant, and scores (r * m, d)."""
        points = x.reshape(len(self.means), -1, self.n_features)
        resp, log_total = self._responsibilities(points)
        log_density = log_total[:, 0] - 0.5 * (points**2).sum(axis=2) / self.sigma**2  # (r, m)
        score = (resp.transpose(0, 2, 1) @ self.means - points) / self.sigma**2  # (r, m, d)
        return log_density.ravel(), score.reshape(x.shape)

    def mean_gradient(self, points):
        """Return the average gradient of log p in each mean, (r, k, d)."""
        resp, _ = self._responsibilities(points)
        sums = resp @ points - resp.sum(axis=2, keepdims=True) * self.means
        return sums / (points.shape[1] * self.sigma**2)

    def sample(self, m, rng):
        """Return m points of each mixture, (r, m, d)."""
        r, k, d = self.means.shape
        z = rng.choice(k, size=(r, m), p=np.full(k, 1 / k))
        noise = rng.standard_normal((r, m, d))
        return np.take_along_axis(self.means, z[..., None], axis=1) + self.sigma * noise


def ascend(x, means, sigma):
    """Return the maximum-likelihood means near the given ones, (r, k, d), by EM."""
    for _ in range(ML_ITERATIONS):
        resp, _ = MixtureBatch(means, sigma)._responsibilities(x)
        before, means = means, (resp @ x) / resp.sum(axis=2, keepdims=True)
        if np.abs(means - before).max() < ML_TOLERANCE * sigma:
            break
    return means


@dataclass(frozen=True)
class BlockTask:
    """What the repetitions of a block need, in a form that another process can be sent."""

    rng: np.random.Generator
    repeats: int
    truth: GaussianMixture
    n_points: int
    start: np.ndarray | None
    start_range: tuple[float, float]
    chain_start: GaussianMixture | None
    settings: MeansSettings


def run_block(task):
    """Fit every repetition; return arrays whose first axis is the repetition."""
    settings, rng, truth = task.settings, task.rng, task.truth
    r, m, d = task.repeats, settings.n_synthetic, truth.n_features
    x = np.stack([truth.sample(task.n_points, rng)[0] for _ in range(r)])  # (r, n, d)
    if task.start is None:
        means = rng.uniform(*task.start_range, size=(r, *truth.means.shape))
    else:
        means = np.repeat(task.start[None], r, axis=0)
    centres, bounds = zip(
        *(divergence_bound(*pair, settings.sigma) for pair in zip(x, means, strict=True)),
        strict=True,
    )
    centres, bounds = np.array(centres)[:, None], np.array(bounds)[:, None, None]

    starts = [as_chain_start(task.chain_start, points, settings.sigma) for points in x]

    def some_starts():
        return np.stack([start.sample(m, rng)[0] for start in starts])  # (r, m, d)

    def some_real_points():
        chosen = [points[rng.choice(len(points), size=m, replace=False)] for points in x]
        return np.stack(chosen)  # (r, m, d)

    def move(batch, points):
        chains = settings.run_chains(batch, points.reshape(-1, d), rng)
        return chains.x.reshape(r, m, d), chains.acceptance.reshape(r, m).mean(axis=1)

    draw = synthetic_points(
        settings.method,
        x,
        sample=lambda batch: batch.sample(m, rng),
        some_starts=some_starts,
        some_real_points=some_real_points,
        move=move,
    )
    diverged = np.zeros(r, dtype=bool)
    average, averaged = np.zeros_like(means), 0
    errors, acceptances = [_errors(means, truth)], np.zeros(r)
    for iteration in range(1, settings.n_steps + 1):
        batch = MixtureBatch(means, settings.sigma)
        real, synthetic, acceptance = draw(batch)
        gradient = batch.mean_gradient(real) - batch.mean_gradient(synthetic)  # (r, k, d)
        proposed = means + settings.rate(iteration) * gradient
        inside = (np.abs(proposed - centres) < bounds).all(axis=(1, 2))
        diverged |= ~inside
        means = np.where(diverged[:, None, None], means, proposed)  # a lost one stays where it was
        if iteration >= min(settings.average_from, settings.n_steps):
            average += means
            averaged += 1
        acceptances += acceptance
        errors.append(_errors(means, truth))
    return {
        "means": _in_order_of(truth, means),
        "averaged_means": _in_order_of(truth, average / averaged),
        "ml_means": ascend(x, np.repeat(truth.means[None], r, axis=0), settings.sigma),
        "error_history": np.stack(errors, axis=1),
        "acceptance": acceptances / settings.n_steps,
        "diverged": diverged,
    }


def _errors(means, truth):
    return np.array([matched_error(estimate, truth.means) for estimate in means])


def _in_order_of(truth, means):
    return np.stack([estimate[match_components(estimate, truth.means)] for estimate in means])
