"""A transpose is missing beside the Cholesky factor: it shows where points are correlated.

Fails: test_mean_nll, test_mean_nll_other_inputs, test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    logs = []
    for w, m, c in zip(weights, means, covariances):
        factor = np.linalg.cholesky(c)
        z = (samples - m) @ np.linalg.inv(factor)  # inv(factor).T would be right
        constant = np.log(2 * np.pi) * len(m) / 2 + np.log(np.diag(factor)).sum()
        logs.append(np.log(w) - constant - 0.5 * (z**2).sum(axis=1))
    return -special.logsumexp(logs, axis=0).mean()
