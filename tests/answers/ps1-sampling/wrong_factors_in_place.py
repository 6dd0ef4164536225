"""The sampler writes the Cholesky factors over the covariances it was given.

Fails: test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    for j in range(len(weights)):
        covariances[j] = np.linalg.cholesky(covariances[j])
    z = rng.choice(len(weights), size=n, p=weights)
    noise = rng.standard_normal((n, means.shape[1]))
    return means[z] + np.einsum("nab,nb->na", covariances[z], noise), z
