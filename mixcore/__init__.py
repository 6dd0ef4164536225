"""Reference implementations for the course on mixture models and unnormalised models.

Each module holds one model or one algorithm, in the form in which the chapters derive it:

- :mod:`mixcore.gaussian`: the multivariate Gaussian;
- :mod:`mixcore.gaussian_mixture`: the Gaussian mixture;
- :mod:`mixcore.gaussian_mixture_em`: its fit by EM;
- :mod:`mixcore.bernoulli_mixture`: the mixture of Bernoullis;
- :mod:`mixcore.bernoulli_mixture_em`: its fit by hard or soft EM;
- :mod:`mixcore.em`: the expectation-maximisation loop that every mixture shares;
- :mod:`mixcore.kmeans`: k-means, also used to start EM;
- :mod:`mixcore.information_criteria`: AIC, BIC and ICL;
- :mod:`mixcore.model_selection`: the choice of the number of components;
- :mod:`mixcore.duality`: a quadratic programme with one constraint, solved through its dual;
- :mod:`mixcore.langevin`: the unadjusted and the Metropolis-adjusted Langevin algorithm;
- :mod:`mixcore.contrastive`: maximum likelihood by sampling and contrastive divergence;
- :mod:`mixcore.contrastive_study`: what these cost and give over many repetitions;
- :mod:`mixcore.noise_contrastive`: noise-contrastive estimation;
- :mod:`mixcore.noise_contrastive_study`: how its error falls with the number of samples;
- :mod:`mixcore.two_sample`: a test whether two samples have the same distribution;
- :mod:`mixcore.matching`: putting components in the order of the truth;
- :mod:`mixcore.datasets`: every data set of the course through one door;
- :mod:`mixcore.plotting`: the figures that the chapters share.

``import mixcore`` loads a module when one of its names is first used.
"""

import importlib

# The one function that shares its module's name: imported at once, so that the function wins.
from mixcore.kmeans import kmeans  # noqa: F401

_MODULE_OF = {
    "BernoulliMixture": "bernoulli_mixture",
    "DegenerateFitError": "gaussian_mixture_em",
    "EMResult": "em",
    "GaussianMixture": "gaussian_mixture",
    "EnergyTestResult": "two_sample",
    "KMeansResult": "kmeans",
    "LangevinResult": "langevin",
    "MeansResult": "contrastive",
    "MeansStudy": "contrastive_study",
    "NCEResult": "noise_contrastive",
    "NCEStudy": "noise_contrastive_study",
    "QuadraticSolution": "duality",
    "SelectionResult": "model_selection",
    "aic": "information_criteria",
    "bernoulli_m_step": "bernoulli_mixture_em",
    "bic": "information_criteria",
    "closest_error": "noise_contrastive_study",
    "dual_function": "duality",
    "dual_multiplier": "duality",
    "energy_test": "two_sample",
    "expectation_maximisation": "em",
    "fit_bernoulli_mixture": "bernoulli_mixture_em",
    "fit_gaussian": "gaussian",
    "fit_gaussian_mixture": "gaussian_mixture_em",
    "fit_means": "contrastive",
    "fit_nce": "noise_contrastive",
    "gaussian_log_density": "gaussian",
    "gaussian_m_step": "gaussian_mixture_em",
    "gaussian_score": "gaussian",
    "icl": "information_criteria",
    "kkt_residuals": "duality",
    "mala": "langevin",
    "match_components": "matching",
    "matched_error": "matching",
    "means_study": "contrastive_study",
    "ml_asymptotic_covariance": "noise_contrastive",
    "n_parameters": "information_criteria",
    "nce_asymptotic_covariance": "noise_contrastive",
    "nce_loss": "noise_contrastive",
    "nce_study": "noise_contrastive_study",
    "select_n_components": "model_selection",
    "solve_constrained_quadratic": "duality",
    "ula": "langevin",
}

__all__ = sorted([*_MODULE_OF, "datasets", "kmeans", "plotting"])


def __getattr__(name):
    if name in _MODULE_OF:
        value = getattr(importlib.import_module(f"mixcore.{_MODULE_OF[name]}"), name)
    elif name in {"datasets", "plotting"}:
        value = importlib.import_module(f"mixcore.{name}")
    else:
        raise AttributeError(f"module 'mixcore' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))
