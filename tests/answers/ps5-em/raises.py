"""The E-step raises a TypeError: the shape of np.zeros is not a tuple.

The fit calls it and falls with it.

Fails: test_e_step, test_e_step_other_inputs, test_e_step_far_tails, test_fit_gaussian_mixture, test_fit_gaussian_mixture_iterations, test_fit_gaussian_mixture_random_start
"""


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    log_joint = np.zeros(len(samples), len(weights))
    for j in range(len(weights)):
        log_joint[:, j] = np.log(weights[j]) + gaussian_log_density(
            samples, means[j], covariances[j]
        )
    return special.softmax(log_joint, axis=1)
