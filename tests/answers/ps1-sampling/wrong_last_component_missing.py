"""The random integers stop one short: the last component is never drawn, and gets nothing.

Fails: test_sample_mixture, test_sample_mixture_distribution, test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    k = max(len(weights) - 1, 1)
    z = rng.choice(k, size=n, p=weights[:k] / weights[:k].sum())
    x = np.array([rng.multivariate_normal(means[j], covariances[j]) for j in z])
    return x, z
