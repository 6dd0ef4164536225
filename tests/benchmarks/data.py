"""Made-up data of every size, from mixtures with tilted, partly overlapping components."""

import numpy as np

from mixcore import GaussianMixture

SIZES = [(10_000, 2, 5), (100_000, 2, 5), (100_000, 16, 10), (1_000_000, 2, 4)]
QUICK_SIZES = [(600, 2, 3), (800, 4, 2)]


def sizes(quick):
    """Return the (n, d, k) of the cases."""
    return QUICK_SIZES if quick else SIZES


def name_of(n, d, k):
    """Return a size as it stands in the table."""
    return f"{n:,} × {d}, k = {k}"


def truth(d, k, rng):
    """Return a mixture with k components in d dimensions."""
    means = spread_means(d, k, rng)
    shapes = rng.normal(scale=0.4, size=(k, d, d)) / np.sqrt(d)
    covariances = 0.6 * np.eye(d) + shapes @ shapes.transpose(0, 2, 1)
    weights = rng.uniform(1, 2, size=k)
    return GaussianMixture(weights / weights.sum(), means, covariances)


def spread_means(d, k, rng, distance=3.5):
    """Draw means one after the other, none nearer to another than ``distance``."""
    means, width = [], distance / (2 * np.sqrt(d))
    while len(means) < k:
        candidate = rng.normal(scale=width, size=d)
        if all(np.linalg.norm(candidate - mean) >= distance for mean in means):
            means.append(candidate)
        width *= 1.01  # makes room where there is none
    return np.array(means)


def points(n, d, k, seed=0):
    """Return n points of such a mixture, and a start: k of the points as means."""
    rng = np.random.default_rng([seed, d, k])
    x, _ = truth(d, k, rng).sample(n, rng)
    return x, x[rng.choice(n, size=k, replace=False)]
