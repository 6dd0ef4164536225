"""The logarithm stands inside the sum over the components: weighted log-densities are summed.

Fails: test_gmm_log_likelihood, test_gmm_log_likelihood_other_inputs, test_gmm_log_likelihood_far_tails
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    total = 0
    for w, m, c in zip(weights, means, covariances):
        total += np.sum(w * gaussian_log_density(samples, m, c))
    return total
