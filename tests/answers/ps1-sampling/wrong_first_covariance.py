"""The covariance of the first component is used for all.

Fails: test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    return means[z] + rng.multivariate_normal(np.zeros(means.shape[1]), covariances[0], n), z
