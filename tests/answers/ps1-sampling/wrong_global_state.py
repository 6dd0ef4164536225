"""The points come from NumPy's global generator; only the components are drawn with rng.

Fails: test_sample_mixture, test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    noise = np.random.randn(n, means.shape[1])
    return means[z] + np.einsum("nab,nb->na", np.linalg.cholesky(covariances)[z], noise), z
