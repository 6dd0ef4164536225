"""The logarithm of a determinant: in many dimensions the determinant is 0 or infinite.

Fails: test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    logs = []
    for w, m, c in zip(weights, means, covariances):
        z = samples - m
        squares = np.sum(z @ np.linalg.inv(c) * z, axis=1)
        logs.append(np.log(w) - 0.5 * (squares + np.log(np.linalg.det(2 * np.pi * c))))
    return -special.logsumexp(logs, axis=0).mean()
