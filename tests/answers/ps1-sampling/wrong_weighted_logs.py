"""Weighted log-densities are summed: the logarithm stands inside the sum.

Fails: test_mixture_log_density, test_mixture_log_density_other_inputs, test_mixture_log_density_far_tails
"""


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    total = np.zeros(len(x))
    for w, m, c in zip(weights, means, covariances):
        total += w * gaussian_log_density(x, m, c)
    return total
