"""The sums are kept in an array like the samples: with integer samples it cannot hold them.

Fails: test_mean_nll_other_inputs
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    logs = np.zeros_like(samples, shape=(len(samples), len(weights)))
    for j in range(len(weights)):
        logs[:, j] = gaussian_log_density(samples, means[j], covariances[j])
    return -special.logsumexp(logs, axis=1, b=weights).mean()
