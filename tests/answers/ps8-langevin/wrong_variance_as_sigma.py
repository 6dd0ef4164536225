"""Sigma is taken for the variance: no square in the exponent and in the constant.

Fails: test_log_density, test_log_density_other_inputs, test_log_density_far_tails
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    constant = np.log(2 * np.pi * len(means) * sigma)
    return special.logsumexp(-squares / (2 * sigma), axis=1) - constant
