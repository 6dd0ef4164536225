"""z is 0 for the first component and 1 for the second.

Fails: test_sample_two_gaussians, test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    z = (rng.random(n) >= prob_1).astype(int)
    means, sigmas = np.array([mean_1, mean_2]), np.array([sigma_1, sigma_2])
    return z, rng.normal(means[z], sigmas[z])
