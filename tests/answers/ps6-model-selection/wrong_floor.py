"""Densities with a floor of 1e-300 under the logarithm: finite far from the means, but wrong.

Fails: test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    density = 0
    for w, m, c in zip(weights, means, covariances):
        density = density + w * np.exp(gaussian_log_density(samples, m, c))
    return -np.mean(np.log(np.maximum(density, 1e-300)))
