"""An average over the components takes the place of the mixing weights.

Fails: test_mixture_log_density, test_mixture_log_density_other_inputs, test_mixture_log_density_far_tails
"""


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    logs = [gaussian_log_density(x, m, c) for m, c in zip(means, covariances)]
    return special.logsumexp(logs, axis=0) - np.log(len(weights))
