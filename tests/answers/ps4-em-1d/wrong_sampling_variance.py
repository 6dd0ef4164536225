"""The sampler takes sigma for a variance.

Fails: test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    z = (rng.random(n) < prob_1).astype(int)
    first = rng.normal(mean_1, np.sqrt(sigma_1), n)
    second = rng.normal(mean_2, np.sqrt(sigma_2), n)
    return z, np.where(z == 1, first, second)
