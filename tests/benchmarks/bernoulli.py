"""EM for a Bernoulli mixture on as many pixels as the digits have, beside its matrix products."""

import numpy as np
from scipy.special import logsumexp

from benchmarks.measure import Case, compare, largest_difference, per_iteration, require, timed


def images(n, d, k, rng):
    """Return made-up binary images, a fifth of their pixels set, from k prototypes."""
    prototypes = rng.beta(0.2, 0.8, size=(k, d))
    return (rng.random((n, d), dtype=np.float32) < prototypes[rng.integers(k, size=n)]).astype(
        np.float64
    )


def plain_iteration(x, weights, probabilities):
    """One iteration as the equations have it."""
    log_joint = (
        np.log(weights) + x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T
    )  # (n, k)
    resp = np.exp(log_joint - logsumexp(log_joint, axis=1, keepdims=True))
    counts = resp.sum(axis=0)
    return counts / counts.sum(), (resp.T @ x + 1) / (counts[:, None] + 2)


def iteration(n, d, k):
    """Time one iteration, and the two products that it cannot do without."""
    from mixcore import BernoulliMixture, fit_bernoulli_mixture

    rng = np.random.default_rng(0)
    x = images(n, d, k, rng)
    start = BernoulliMixture(np.full(k, 1 / k), rng.uniform(0.25, 0.75, size=(k, d)))

    pixels = x.astype(np.uint8)

    def fit(m, x=pixels):
        result = fit_bernoulli_mixture(x, k, init=start, max_iter=m, tol=0, smoothing=1.0)
        return (result.mixture.weights, result.mixture.probabilities), result.n_iter

    few = x[:2_000]
    gap = largest_difference(
        fit(1, pixels[:2_000])[0], plain_iteration(few, start.weights, start.probabilities)
    )
    require(gap <= 1e-8, f"one iteration differs from the plain form by {gap:.2g}")

    logits, resp = rng.normal(size=(k, d)), rng.dirichlet(np.ones(k), size=n)

    def products():
        return x @ logits.T, resp.T @ x

    return compare(
        per_iteration(fit),
        lambda: timed(products),
        lambda ours, peer: "one iteration agrees with the plain form to 1e-8",
    )


def bernoulli(quick):
    """One iteration."""
    n, d, k = (500, 30, 3) if quick else (60_000, 784, 10)
    yield Case(
        f"bernoulli-{n}-{d}-{k}",
        f"Bernoulli EM iteration, {n:,} × {d}, k = {k}",
        "bare matrix products",
        ("ratio", "<=", 2),
        lambda: iteration(n, d, k),
        ratio_of="ours / peer",
    )
