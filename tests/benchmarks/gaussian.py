"""EM for Gaussian mixtures, beside scikit-learn: one iteration, whole fits, memory."""

import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.data import name_of, points, sizes
from benchmarks.measure import (
    Case,
    Measured,
    compare,
    fresh,
    largest_difference,
    per_iteration,
    require,
    timed,
)
from mixcore import GaussianMixture, fit_gaussian_mixture

PEER = "scikit-learn"
RIDGE = 1e-6
AIMS = {"full": 7, "tied": 4, "diag": 4, "spherical": 4}


def start_mixture(means):
    """Return the start of both: the given means, unit covariances, equal weights."""
    return GaussianMixture.isotropic(means)


def full_covariances(fit):
    """Return scikit-learn's covariances as (k, d, d), whatever their type."""
    k, d = fit.means_.shape
    if fit.covariance_type == "tied":
        return np.broadcast_to(fit.covariances_, (k, d, d))
    if fit.covariance_type == "diag":
        return fit.covariances_[:, :, None] * np.eye(d)
    if fit.covariance_type == "spherical":
        return fit.covariances_[:, None, None] * np.eye(d)
    return fit.covariances_


def unit_precisions(k, d, covariance_type):
    """Return identity matrices in scikit-learn's layout."""
    return {
        "full": np.broadcast_to(np.eye(d), (k, d, d)),
        "tied": np.eye(d),
        "diag": np.ones((k, d)),
        "spherical": np.ones(k),
    }[covariance_type]


def our_fit(x, means, covariance_type="full"):
    """Return ``fit(m)``: m iterations of mixcore from the given means."""
    start = start_mixture(means)

    def fit(m):
        result = fit_gaussian_mixture(
            x,
            len(means),
            covariance_type=covariance_type,
            init=start,
            max_iter=m,
            tol=0,
            reg_covar=RIDGE,
        )
        mixture = result.mixture
        return (mixture.weights, mixture.means, mixture.covariances), result.n_iter

    return fit


def peer_fit(x, means, covariance_type="full"):
    """Return ``fit(m)``: m iterations of scikit-learn from the same start.

    With weights, means and precisions given, scikit-learn computes no start of its own.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture as Peer

    k, d = means.shape

    def fit(m):
        model = Peer(
            k,
            covariance_type=covariance_type,
            weights_init=np.full(k, 1 / k),
            means_init=means,
            precisions_init=unit_precisions(k, d, covariance_type),
            max_iter=m,
            tol=0,
            reg_covar=RIDGE,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # the number of steps is fixed
            model.fit(x)
        return (model.weights_, model.means_, full_covariances(model)), model.n_iter_

    return fit


def same_parameters(ours, peer):
    """Compare weights, means and covariances."""
    gap = largest_difference(ours, peer)
    require(gap <= 1e-8, f"parameters differ by {gap:.2g}")
    return "weights, means and covariances after 2 and after 10 iterations agree to 1e-8"


def iteration(n, d, k, covariance_type, rounds, seconds=0.15):
    """Time one iteration."""
    x, means = points(n, d, k)
    ours, peer = our_fit(x, means, covariance_type), peer_fit(x, means, covariance_type)
    (our_result, our_done), (peer_result, peer_done) = ours(10), peer(10)
    require(our_done == peer_done, f"{our_done} and {peer_done} iterations were done")
    same_parameters(our_result, peer_result)
    return compare(
        per_iteration(ours, seconds),
        per_iteration(peer, seconds),
        same_parameters,
        rounds,
        settings=("one BLAS thread", "all cores"),  # neither uses OpenMP
    )


def rounds_for(n, d, k):
    """Return fewer rounds where scikit-learn takes seconds."""
    return 3 if n * d * k >= 5_000_000 else 5


def em(quick):
    """One iteration of EM from the same parameters."""
    cases = [(size, "full") for size in sizes(quick)]
    others = sizes(quick) if quick else sizes(quick)[1:3]
    cases += [(size, kind) for kind in ("tied", "diag", "spherical") for size in others]
    for size, kind in cases:
        yield Case(
            "em-" + "-".join(map(str, (kind, *size))),
            f"EM iteration, {kind}, {name_of(*size)}",
            PEER,
            ("ratio", ">=", AIMS[kind]),
            lambda size=size, kind=kind: iteration(
                *size, kind, rounds_for(*size), 0.01 if quick else 0.15
            ),
        )


def whole_fit(n, d, k, rounds):
    """Time fits from the data alone: k-means start, then EM until the tolerance is met."""
    from sklearn.mixture import GaussianMixture as Peer

    x, _ = points(n, d, k)
    options = {"tol": 1e-6, "max_iter": 200, "reg_covar": RIDGE}

    def ours():
        return fit_gaussian_mixture(x, k, rng=np.random.default_rng(0), **options)

    def peer():
        return Peer(k, random_state=0, **options).fit(x)

    iterations = {}

    def check(our_result, model):
        gap = our_result.log_likelihood / n - model.score(x)
        require(our_result.converged and model.converged_, "a fit did not converge")
        require(gap > -1e-3, f"our log-likelihood per point is lower by {-gap:.2g}")
        iterations.update(ours=our_result.n_iter, peer=int(model.n_iter_))
        if gap > 1e-3:
            return f"our log-likelihood per point is higher by {gap:.2g}"
        return "log-likelihoods per point agree to 1e-3"

    measured = compare(lambda: timed(ours), lambda: timed(peer), check, rounds)
    return replace(measured, details={**measured.details, "iterations": iterations})


def fit(quick):
    """Whole fits to the same log-likelihood."""
    for size in sizes(quick):
        yield Case(
            "fit-" + "-".join(map(str, size)),
            f"whole fit, {name_of(*size)}",
            PEER,
            ("ratio", ">=", 4),
            lambda size=size: whole_fit(*size, rounds_for(*size)),
        )


# The high-water mark of the process belongs to Linux's /proc.  The data come from a file, and a
# small fit comes first, so that neither making the data nor loading code counts.
PEAK = """
import re, sys, warnings
import numpy as np
warnings.simplefilter("ignore")

def status(name):
    with open("/proc/self/status") as file:
        return int(re.search(name + r":\\s+(\\d+) kB", file.read()).group(1)) * 1024

x, k, which = np.load(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
if which == "ours":
    from mixcore import fit_gaussian_mixture
    fit = lambda x: fit_gaussian_mixture(x, k, max_iter=5, rng=np.random.default_rng(0))
else:
    from sklearn.mixture import GaussianMixture
    fit = lambda x: GaussianMixture(k, max_iter=5, random_state=0).fit(x)
fit(x[:1000])
before = status("VmRSS")
fit(x)
print((status("VmHWM") - before) / 1e6)
"""


def memory(quick):
    """Memory that a fit needs beside its data."""
    n, d, k = (5_000, 2, 3) if quick else (1_000_000, 2, 4)

    def run():
        x, _ = points(n, d, k)
        values = {"ours": [], "peer": []}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "x.npy"
            np.save(file, x)
            for _ in range(3):
                for name in values:
                    values[name].append(float(fresh(PEAK, file, k, name)))
        return Measured(**values, check="peak of the process less what it held before the fit")

    yield Case(
        f"memory-{n}-{d}-{k}",
        f"memory of a fit beside its data, {name_of(n, d, k)}",
        PEER,
        ("ours", "<=", 150),
        run,
        unit="MB",
    )
