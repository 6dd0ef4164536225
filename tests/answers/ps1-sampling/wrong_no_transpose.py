"""The Cholesky factor multiplies the rows of noise from the wrong side: its transpose is forgotten.

Fails: test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    x = np.empty((n, means.shape[1]))
    for i in range(n):
        x[i] = means[z[i]] + rng.standard_normal(means.shape[1]) @ np.linalg.cholesky(
            covariances[z[i]]
        )
    return x, z
