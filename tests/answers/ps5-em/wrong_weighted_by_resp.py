"""The log-likelihood weights the log-densities by responsibilities instead of mixing weights.

Fails: test_gmm_log_likelihood, test_gmm_log_likelihood_other_inputs, test_gmm_log_likelihood_far_tails
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    log_densities = np.stack(
        [gaussian_log_density(samples, m, c) for m, c in zip(means, covariances)], axis=1
    )
    return np.sum(e_step(samples, weights, means, covariances) * log_densities)
