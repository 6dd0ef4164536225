"""The noise is uniform, with mean 0 and variance 1, where it should be normal.

Fails: test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    noise = rng.uniform(-np.sqrt(3), np.sqrt(3), (n, means.shape[1]))
    return means[z] + np.einsum("nab,nb->na", np.linalg.cholesky(covariances)[z], noise), z
