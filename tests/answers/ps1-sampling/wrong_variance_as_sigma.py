"""Variances where standard deviations are meant: in a sampler that draws coordinate by coordinate.

The correlations come in by a square root of the entries, which is not a square root of the matrix.

Fails: test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    roots = np.sign(covariances) * np.sqrt(np.abs(covariances))
    noise = rng.standard_normal((n, means.shape[1]))
    return means[z] + np.einsum("nab,nb->na", roots[z], noise), z
