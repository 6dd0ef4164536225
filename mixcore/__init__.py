"""Reference implementations for the course on mixture models and unnormalised models.

Each module holds one model or one algorithm, in the form in which the chapters derive it:

- :mod:`mixcore.gaussian`: the multivariate Gaussian;
- :mod:`mixcore.gaussian_mixture`: the Gaussian mixture;
- :mod:`mixcore.gaussian_mixture_em`: its fit by EM;
- :mod:`mixcore.em`: the expectation-maximisation loop that every mixture shares;
- :mod:`mixcore.kmeans`: k-means, used to start EM;
- :mod:`mixcore.matching`: putting components in the order of the truth;
- :mod:`mixcore.datasets`: every data set of the course through one door;
- :mod:`mixcore.plotting`: the figures that the chapters share.

``import mixcore`` loads NumPy and SciPy only.  Matplotlib and TensorFlow Datasets are imported
when :mod:`mixcore.plotting` or :mod:`mixcore.datasets` first needs them.
"""

import importlib

from mixcore.em import EMResult, expectation_maximisation
from mixcore.gaussian import fit_gaussian, gaussian_log_density, gaussian_score
from mixcore.gaussian_mixture import GaussianMixture
from mixcore.gaussian_mixture_em import DegenerateFitError, fit_gaussian_mixture
from mixcore.kmeans import KMeansResult, kmeans
from mixcore.matching import match_components, matched_error

__all__ = [
    "DegenerateFitError",
    "EMResult",
    "GaussianMixture",
    "KMeansResult",
    "datasets",
    "expectation_maximisation",
    "fit_gaussian",
    "fit_gaussian_mixture",
    "gaussian_log_density",
    "gaussian_score",
    "kmeans",
    "match_components",
    "matched_error",
    "plotting",
]


def __getattr__(name):
    # datasets and plotting wait until they are used, so that `import mixcore` stays quick.
    if name in {"datasets", "plotting"}:
        return importlib.import_module(f"mixcore.{name}")
    raise AttributeError(f"module 'mixcore' has no attribute {name!r}")


def __dir__():
    return sorted(set(globals()) | set(__all__))
