"""A density of its own, with the wrong sign before the log-determinant.

Fails: test_gmm_log_likelihood, test_gmm_log_likelihood_other_inputs, test_gmm_log_likelihood_far_tails
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    total = 0.0
    for x in samples:
        logs = []
        for w, m, c in zip(weights, means, covariances):
            centred = x - m
            square = centred @ np.linalg.solve(c, centred)
            log_det = np.linalg.slogdet(2 * np.pi * c)[1]
            logs.append(np.log(w) + 0.5 * log_det - 0.5 * square)
        total += special.logsumexp(logs)
    return total
