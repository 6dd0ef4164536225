"""The responsibilities come as (k, n).

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
    return special.softmax(log_joint, axis=1).T
