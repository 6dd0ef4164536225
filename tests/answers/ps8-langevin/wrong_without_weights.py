"""The weights 1/K are forgotten.

Fails: test_log_density, test_log_density_other_inputs, test_log_density_far_tails
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    return special.logsumexp(-squares / (2 * sigma**2), axis=1) - np.log(2 * np.pi * sigma**2)
