"""A tiny number is added to the densities, so that far from the means the result is finite but wrong.

Fails: test_gmm_log_likelihood_far_tails, test_e_step_far_tails
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
    return np.log(np.exp(log_joint).sum(axis=1) + 1e-300).sum()


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    log_joint = np.stack(
        [
            np.log(w) + gaussian_log_density(samples, m, c)
            for w, m, c in zip(weights, means, covariances)
        ],
        axis=1,
    )
    joint = np.exp(log_joint) + 1e-300
    return joint / joint.sum(axis=1, keepdims=True)
