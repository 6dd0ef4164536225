"""The ratio is formed before its logarithm is taken: minus infinity for unlikely moves.

Fails: test_log_acceptance_far_tails
"""


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    p_new, p_old = log_density(x_new, means, sigma), log_density(x, means, sigma)
    back = log_proposal(x, x_new, means, sigma, epsilon)
    out = log_proposal(x_new, x, means, sigma, epsilon)
    with np.errstate(all="ignore"):
        return np.log(np.minimum(1, np.exp(p_new + back - p_old - out)))
