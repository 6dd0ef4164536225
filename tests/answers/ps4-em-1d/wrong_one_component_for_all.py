"""The component is drawn once, for all points together.

Fails: test_sample_two_gaussians, test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    if rng.random() < prob_1:
        return np.ones(n, dtype=int), rng.normal(mean_1, sigma_1, n)
    return np.zeros(n, dtype=int), rng.normal(mean_2, sigma_2, n)
