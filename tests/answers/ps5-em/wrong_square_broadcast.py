"""Densities and their row sums are divided without keepdims: each column by the sum of another row.

It works only when n equals k or 1.

Fails: test_e_step, test_e_step_other_inputs, test_e_step_far_tails, test_fit_gaussian_mixture, test_fit_gaussian_mixture_iterations, test_fit_gaussian_mixture_random_start
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
    joint = np.exp(log_joint)
    return joint / joint.sum(axis=1)
