"""The ratio is upside down.

Fails: test_log_acceptance, test_log_acceptance_other_inputs, test_log_acceptance_far_tails
"""


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    p_new, p_old = log_density(x_new, means, sigma), log_density(x, means, sigma)
    back = log_proposal(x, x_new, means, sigma, epsilon)
    out = log_proposal(x_new, x, means, sigma, epsilon)
    return np.minimum(0, p_old + out - p_new - back)
