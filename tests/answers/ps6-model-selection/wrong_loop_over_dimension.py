"""The loop over the components runs over the dimensions.

Fails: test_mean_nll, test_mean_nll_other_inputs, test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    n, d = samples.shape
    density = np.zeros(n)
    for j in range(d):
        density += weights[j] * np.exp(gaussian_log_density(samples, means[j], covariances[j]))
    return -np.log(density).mean()
