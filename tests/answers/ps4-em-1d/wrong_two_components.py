"""E-step and log-likelihood are written for exactly two components.

Fails: test_e_step_other_inputs, test_e_step_far_tails, test_log_likelihood, test_log_likelihood_other_inputs, test_log_likelihood_far_tails, test_fit_em_iterations, test_fit_em_stopping
"""


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    first = np.log(weights[0]) + stats.norm.logpdf(x, means[0], sigmas[0])
    second = np.log(weights[1]) + stats.norm.logpdf(x, means[1], sigmas[1])
    share = special.expit(first - second)
    return np.column_stack([share, 1 - share])


# %% solution="log_likelihood"
def log_likelihood(x, weights, means, sigmas):
    first = np.log(weights[0]) + stats.norm.logpdf(x, means[0], sigmas[0])
    second = np.log(weights[1]) + stats.norm.logpdf(x, means[1], sigmas[1])
    return np.logaddexp(first, second).sum()
