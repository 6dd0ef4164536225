"""A quotient of densities that have become 0: nan far from the means.

Fails: test_log_acceptance_far_tails
"""


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    p_new, p_old = log_density(x_new, means, sigma), log_density(x, means, sigma)
    back = log_proposal(x, x_new, means, sigma, epsilon)
    out = log_proposal(x_new, x, means, sigma, epsilon)
    above, below = np.exp(p_new) * np.exp(back), np.exp(p_old) * np.exp(out)
    return np.log(np.minimum(1, above / below))
