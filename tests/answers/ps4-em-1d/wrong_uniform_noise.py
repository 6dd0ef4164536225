"""The noise is uniform, with the right mean and standard deviation.

Fails: test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    z = (rng.random(n) < prob_1).astype(int)
    noise = rng.uniform(-np.sqrt(3), np.sqrt(3), n)
    return z, np.where(z == 1, mean_1 + sigma_1 * noise, mean_2 + sigma_2 * noise)
