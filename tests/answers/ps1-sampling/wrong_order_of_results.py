"""The sampler returns the components first and the points second.

Fails: test_sample_mixture, test_sample_mixture_distribution, test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    x = np.array([rng.multivariate_normal(means[j], covariances[j]) for j in z])
    return z, x
