"""A weighted sum of two Gaussian numbers instead of one of the two.

Fails: test_sample_two_gaussians, test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    z = (rng.random(n) < prob_1).astype(int)
    first, second = rng.normal(mean_1, sigma_1, n), rng.normal(mean_2, sigma_2, n)
    return z, prob_1 * first + (1 - prob_1) * second
