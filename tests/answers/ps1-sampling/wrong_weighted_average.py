"""Every component is drawn, and the draws are averaged with the weights: one Gaussian, no mixture.

Fails: test_sample_mixture, test_sample_mixture_distribution, test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    draws = [rng.multivariate_normal(m, c, size=n) for m, c in zip(means, covariances)]
    return np.tensordot(weights, draws, axes=1), z
