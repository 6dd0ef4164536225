"""Densities instead of their logarithms: far from the means 0/0 and log 0.

Fails: test_gmm_log_likelihood_far_tails, test_e_step_far_tails
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    joint = np.stack(
        [
            w * np.exp(gaussian_log_density(samples, m, c))
            for w, m, c in zip(weights, means, covariances)
        ],
        axis=1,
    )
    return np.log(joint.sum(axis=1)).sum()


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    joint = np.stack(
        [
            w * np.exp(gaussian_log_density(samples, m, c))
            for w, m, c in zip(weights, means, covariances)
        ],
        axis=1,
    )
    return joint / joint.sum(axis=1, keepdims=True)
