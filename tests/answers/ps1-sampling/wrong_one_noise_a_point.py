"""One standard normal number a point, the same in all its coordinates.

Fails: test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    noise = np.repeat(rng.standard_normal((n, 1)), means.shape[1], axis=1)
    return means[z] + np.einsum("nab,nb->na", np.linalg.cholesky(covariances)[z], noise), z
