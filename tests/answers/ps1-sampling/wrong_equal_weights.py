"""The components are drawn with equal probabilities: the mixing weights are forgotten.

Fails: test_sample_mixture, test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.integers(len(weights), size=n)
    x = np.array([rng.multivariate_normal(means[j], covariances[j]) for j in z])
    return x, z
