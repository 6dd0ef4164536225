"""The sample always has the same number of points from each component, in random order.

Fails: test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    z = rng.permutation(np.arange(n) < round(prob_1 * n)).astype(int)
    return z, rng.normal(np.where(z, mean_1, mean_2), np.where(z, sigma_1, sigma_2))
