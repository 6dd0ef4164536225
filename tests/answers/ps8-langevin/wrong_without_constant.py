"""The constant is left out: the shape of the density only. MALA does not mind.

Fails: test_log_density, test_log_density_other_inputs, test_log_density_far_tails
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    return special.logsumexp(-squares / (2 * sigma**2), axis=1)
