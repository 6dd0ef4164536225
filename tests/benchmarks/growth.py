"""How time grows with the number of points, dimensions, components and chains."""

import statistics

import numpy as np

from benchmarks.data import points
from benchmarks.gaussian import our_fit, peer_fit, same_parameters
from benchmarks.measure import per_iteration, threads
from benchmarks.sampling import our_sampler, peer_sampler, same_distribution

GROWTH = {
    "n": ([10_000, 30_000, 100_000, 300_000, 1_000_000], {"d": 2, "k": 4}),
    "d": ([2, 4, 8, 16], {"n": 50_000, "k": 5}),
    "k": ([2, 4, 8, 16, 32], {"n": 50_000, "d": 2}),
    "chains": ([100, 1_000, 10_000, 100_000], {}),
}
QUICK = {
    "n": ([400, 800], {"d": 2, "k": 2}),
    "d": ([2, 3], {"n": 400, "k": 2}),
    "k": ([2, 3], {"n": 400, "d": 2}),
    "chains": ([50, 100], {}),
}


def em_contestants(n, d, k):
    """Return the two that time an iteration of EM."""
    x, means = points(n, d, k)
    return (
        per_iteration(our_fit(x, means), seconds=0.1),
        per_iteration(peer_fit(x, means), seconds=0.1),
        same_parameters,
    )


def chain_contestants(chains):
    """Return the two that time a step of all chains."""
    n_steps = int(np.clip(1_000_000 // chains, 20, 2_000))

    def per_step(sampler):
        def contestant():
            seconds, result = sampler()
            return seconds / n_steps, result

        return contestant

    return (
        per_step(our_sampler(chains, n_steps)),
        per_step(peer_sampler(chains, n_steps)),
        same_distribution,
    )


def medians(ours, peer, check, rounds=3):
    """Time both in turn, with one BLAS thread."""
    ours(), peer()
    seconds = ([], [])
    with threads("one BLAS thread"):
        for _ in range(rounds):
            (spent, our_result), (peer_spent, peer_result) = ours(), peer()
            seconds[0].append(spent)
            seconds[1].append(peer_spent)
            check(our_result, peer_result)
    return [statistics.median(values) for values in seconds]


def slope(values, seconds):
    """Return the slope of the straight line through the points on log axes."""
    return float(np.polyfit(np.log(values), np.log(seconds), 1)[0])


def grow(axis, quick):
    """Measure one axis and return it as plain data."""
    values, fixed = (QUICK if quick else GROWTH)[axis]
    contestants = chain_contestants if axis == "chains" else em_contestants
    rows = [medians(*contestants(**{axis: value}, **fixed)) for value in values]
    ours, peer = (list(column) for column in zip(*rows, strict=True))
    return {
        "values": values,
        "fixed": fixed,
        "peer": "BlackJAX" if axis == "chains" else "scikit-learn",
        "ours_seconds": ours,
        "peer_seconds": peer,
        "ours_slope": slope(values, ours),
        "peer_slope": slope(values, peer),
    }
