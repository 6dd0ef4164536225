"""The maximum over all points is subtracted before the exponential, not that of each row.

Where one point is near and another far, 0/0 comes out.

Fails: test_e_step_far_tails
"""


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    log_joint = np.stack(
        [
            np.log(w) + gaussian_log_density(samples, m, c)
            for w, m, c in zip(weights, means, covariances)
        ],
        axis=1,
    )
    joint = np.exp(log_joint - log_joint.max())
    return joint / joint.sum(axis=1, keepdims=True)
