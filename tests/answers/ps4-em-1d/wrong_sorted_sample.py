"""The sample lists the first component's points before those of the second.

Fails: test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    n_1 = rng.binomial(n, prob_1)
    z = np.repeat([1, 0], [n_1, n - n_1])
    x = np.concatenate([rng.normal(mean_1, sigma_1, n_1), rng.normal(mean_2, sigma_2, n - n_1)])
    return z, x
