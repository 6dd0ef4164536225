"""The points are written into an array with the type of the first mean: integers are cut off.

Fails: test_sample_two_gaussians_distribution
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    z = rng.binomial(1, prob_1, n)
    x = np.full(n, mean_1)
    for i in range(n):
        x[i] = rng.normal(mean_1, sigma_1) if z[i] == 1 else rng.normal(mean_2, sigma_2)
    return z, x
