"""Densities instead of their logarithms: far from the means log 0.

Fails: test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    density = sum(
        w * np.exp(gaussian_log_density(samples, m, c))
        for w, m, c in zip(weights, means, covariances)
    )
    return -np.log(density).mean()
