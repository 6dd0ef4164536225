"""Every component gets its exact share of the points, shuffled: the counts are not random.

Where the shares are not whole, the last component gets the rest.

Fails: test_sample_mixture_distribution, test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    counts = np.floor(n * weights).astype(int)
    counts[-1] += n - counts.sum()
    z = rng.permutation(np.repeat(np.arange(len(weights)), counts))
    x = np.array([rng.multivariate_normal(means[j], covariances[j]) for j in z])
    return x, z
