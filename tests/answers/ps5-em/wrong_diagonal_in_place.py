"""The log-likelihood adds a tiny number to the diagonals, in place: its argument changes.

The number is too small to be seen in the value.

Fails: test_gmm_log_likelihood_other_inputs
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    total = np.zeros((len(samples), len(weights)))
    for j in range(len(weights)):
        covariances[j].flat[:: samples.shape[1] + 1] += 1e-15 * covariances[j].max()
        total[:, j] = np.log(weights[j]) + gaussian_log_density(samples, means[j], covariances[j])
    return special.logsumexp(total, axis=1).sum()
