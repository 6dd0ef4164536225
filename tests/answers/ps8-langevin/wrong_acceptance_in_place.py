"""The proposals are overwritten on the way.

Fails: test_log_acceptance_other_inputs
"""


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    back = log_proposal(x, x_new, means, sigma, epsilon)
    out = log_proposal(x_new, x, means, sigma, epsilon)
    p_new = log_density(x_new, means, sigma)
    x_new -= x
    p_old = log_density(x, means, sigma)
    return np.minimum(0, p_new + back - p_old - out)
