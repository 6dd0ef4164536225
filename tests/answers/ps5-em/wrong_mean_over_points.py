"""The log-likelihood is the mean over the points instead of the sum.

Fails: test_gmm_log_likelihood, test_gmm_log_likelihood_other_inputs, test_gmm_log_likelihood_far_tails
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    log_joint = np.stack(
        [
            np.log(w) + gaussian_log_density(samples, m, c)
            for w, m, c in zip(weights, means, covariances)
        ],
        axis=1,
    )
    return special.logsumexp(log_joint, axis=1).mean()
