"""Every move to a higher density is accepted, whatever the proposal; otherwise the ratio.

Fails: test_log_acceptance_other_inputs
"""


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    p_new, p_old = log_density(x_new, means, sigma), log_density(x, means, sigma)
    back = log_proposal(x, x_new, means, sigma, epsilon)
    out = log_proposal(x_new, x, means, sigma, epsilon)
    return np.where(p_new >= p_old, 0.0, np.minimum(0, p_new + back - p_old - out))
