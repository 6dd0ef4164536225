"""The log-densities of the components are kept as columns, and the result is one too.

Fails: test_mixture_log_density, test_mixture_log_density_other_inputs, test_mixture_log_density_far_tails
"""


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    logs = [
        np.log(w) + gaussian_log_density(x, m, c)[:, None]
        for w, m, c in zip(weights, means, covariances)
    ]
    return special.logsumexp(logs, axis=0)
