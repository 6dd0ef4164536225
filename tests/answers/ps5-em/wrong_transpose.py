"""A forgotten transpose in the triangular solve: right only for covariances without correlation.

Fails: test_gmm_log_likelihood, test_gmm_log_likelihood_other_inputs, test_gmm_log_likelihood_far_tails
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    logs = []
    for weight, mean, covariance in zip(weights, means, covariances):
        factor = np.linalg.cholesky(covariance)
        scaled = (samples - mean) @ np.linalg.inv(factor)  # must be the transpose of the inverse
        constant = len(mean) * np.log(2 * np.pi) / 2 + np.log(np.diag(factor)).sum()
        logs.append(np.log(weight) - constant - 0.5 * (scaled**2).sum(axis=1))
    return special.logsumexp(logs, axis=0).sum()
