"""The mean log-likelihood: the minus is missing.

Fails: test_mean_nll, test_mean_nll_other_inputs, test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    logs = np.array(
        [
            np.log(w) + gaussian_log_density(samples, m, c)
            for w, m, c in zip(weights, means, covariances)
        ]
    )
    return special.logsumexp(logs, axis=0).mean()
