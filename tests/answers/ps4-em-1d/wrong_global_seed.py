"""A global seed inside the sampler makes every draw equal, whatever the generator.

Fails: test_sample_two_gaussians, test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    np.random.seed(0)
    z = (np.random.rand(n) < prob_1).astype(int)
    x = np.where(z == 1, np.random.normal(mean_1, sigma_1, n), np.random.normal(mean_2, sigma_2, n))
    return z, x
