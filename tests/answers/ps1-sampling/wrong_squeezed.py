"""The sampler squeezes its result, and SciPy's log-density gives one number for one point.

Fails: test_sample_mixture_distribution, test_sample_mixture_generator, test_gaussian_log_density_other_inputs
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    x = np.array([rng.multivariate_normal(means[j], covariances[j]) for j in z])
    return np.squeeze(x), np.squeeze(z)


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    return stats.multivariate_normal(mean, covariance).logpdf(x)
