"""The responsibilities are normalised over the points: columns sum to 1, not rows.

Fails: test_e_step, test_e_step_other_inputs, test_e_step_far_tails
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
    return special.softmax(log_joint, axis=0)
