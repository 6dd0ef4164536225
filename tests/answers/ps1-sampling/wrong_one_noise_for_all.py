"""One noise vector a component, added to all its points.

Fails: test_sample_mixture_distribution
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    points = [rng.multivariate_normal(m, c) for m, c in zip(means, covariances)]
    return np.array(points)[z], z
