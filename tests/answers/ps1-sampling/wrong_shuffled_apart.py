"""The points are shuffled, their components are not: z belongs to other rows.

Fails: test_sample_mixture, test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    x = np.array([rng.multivariate_normal(means[j], covariances[j]) for j in z])
    rng.shuffle(x)
    return x, z
