"""The components come from rng, the noise from a generator of the function's own with a fixed seed.

Fails: test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    noise = np.random.default_rng(1).standard_normal((n, means.shape[1]))
    return means[z] + np.einsum("nab,nb->na", np.linalg.cholesky(covariances)[z], noise), z
