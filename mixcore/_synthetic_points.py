"""Starts of :func:`mixcore.fit_means` and the synthetic points of each of its methods."""

import numpy as np

from mixcore._validation import as_points
from mixcore.gaussian import fit_gaussian
from mixcore.gaussian_mixture import GaussianMixture

CHAIN_LENGTHS = {"direct": 0, "mcmc": 1000, "cd": 10, "pcd": 10}  # usual Langevin steps


def as_start_means(start, x, n_components, rng):
    """Return the means (k, d) that a fit starts from: those given, or real points."""
    if start is None:
        distinct = np.unique(x, axis=0)  # equal means would stay equal for ever
        if len(distinct) < n_components:
            raise ValueError(
                f"x has {len(distinct)} distinct points but n_components is {n_components}; "
                "ask for fewer components or give start"
            )
        return distinct[rng.choice(len(distinct), size=n_components, replace=False)]
    means = as_points(start, name="start", n_features=x.shape[1])
    if len(means) != n_components:
        raise ValueError(
            f"start has {len(means)} means but n_components is {n_components}; "
            f"give means of shape ({n_components}, {x.shape[1]})"
        )
    return means


def as_chain_start(chain_start, x, sigma):
    """Return the distribution from which "mcmc" draws the starts of its chains."""
    d = x.shape[1]
    if chain_start is None:  # as broad as the data and the model's own width together
        mean, covariance = fit_gaussian(x)
        return GaussianMixture([1.0], mean[None], covariance[None] + sigma**2 * np.eye(d))
    if not isinstance(chain_start, GaussianMixture) or chain_start.n_features != d:
        raise ValueError(
            f"chain_start is {chain_start!r}; give a GaussianMixture in {d} dimensions, "
            "for example GaussianMixture([1.0], [mean], [covariance])"
        )
    return chain_start


def synthetic_points(method, x, *, sample, some_starts, some_real_points, move):
    """Return the function that an iteration calls with the current model.

    ``draw(mixture)`` returns the real points of the data average, the synthetic points of the
    model average, and the share of accepted proposals.  The points are those of one fit (n, d), or
    of many side by side (r, n, d); what is given draws them in the same form.  ``sample(mixture)``
    draws from the model, ``some_starts()`` from the distribution of the chains' starts,
    ``some_real_points()`` from the data, and ``move(mixture, points)`` runs the Langevin chains
    and returns their ends and the share of accepted proposals.
    """

    def direct(mixture):
        return x, sample(mixture), 1.0

    def mcmc(mixture):
        return x, *move(mixture, some_starts())

    def cd(mixture):
        real = some_real_points()
        return real, *move(mixture, real)

    chains = some_real_points() if method == "pcd" else None

    def pcd(mixture):
        nonlocal chains
        chains, acceptance = move(mixture, chains)
        return x, chains, acceptance

    return {"direct": direct, "mcmc": mcmc, "cd": cd, "pcd": pcd}[method]
