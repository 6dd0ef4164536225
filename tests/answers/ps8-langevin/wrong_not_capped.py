"""The log ratio is not cut at 0. MALA does not mind.

Fails: test_log_acceptance, test_log_acceptance_other_inputs, test_log_acceptance_far_tails
"""


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    p_new, p_old = log_density(x_new, means, sigma), log_density(x, means, sigma)
    back = log_proposal(x, x_new, means, sigma, epsilon)
    out = log_proposal(x_new, x, means, sigma, epsilon)
    return p_new + back - p_old - out
