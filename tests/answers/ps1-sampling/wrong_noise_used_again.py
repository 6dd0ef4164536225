"""The noise is drawn once, and every component takes its first rows: points of two components share theirs.

Fails: test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    noise = rng.standard_normal((n, means.shape[1]))
    x = np.empty((n, means.shape[1]))
    for j in range(len(weights)):
        mine = z == j
        x[mine] = means[j] + noise[: mine.sum()] @ np.linalg.cholesky(covariances[j]).T
    return x, z
