"""The sample lists the points component by component.

Fails: test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    counts = rng.multinomial(n, weights)
    z = np.repeat(np.arange(len(weights)), counts)
    x = [rng.multivariate_normal(m, c, size=s) for m, c, s in zip(means, covariances, counts)]
    return np.concatenate(x), z
