"""The weighted mean of the log-densities: the sum stands outside the logarithm.

Fails: test_mean_nll, test_mean_nll_other_inputs, test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    total = 0.0
    for w, m, c in zip(weights, means, covariances):
        total += w * gaussian_log_density(samples, m, c).mean()
    return -total
