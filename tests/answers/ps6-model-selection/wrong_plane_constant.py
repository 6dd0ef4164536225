"""The constant in front is that of the plane, 2 pi, whatever the number of dimensions.

Fails: test_mean_nll_other_inputs, test_mean_nll_far_tails
"""


# %% solution="mean_nll"
def mean_nll(samples, weights, means, covariances):
    logs = []
    for w, m, c in zip(weights, means, covariances):
        z = samples - m
        squares = np.sum(z @ np.linalg.inv(c) * z, axis=1)
        logs.append(np.log(w) - np.log(2 * np.pi) - 0.5 * (squares + np.linalg.slogdet(c)[1]))
    return -special.logsumexp(logs, axis=0).mean()
