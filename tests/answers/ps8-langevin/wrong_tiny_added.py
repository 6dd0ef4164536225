"""A small number inside the logarithm hides the underflow: finite far from the means, and wrong.

Fails: test_log_density_far_tails
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    density = np.exp(-squares / (2 * sigma**2)).sum(axis=1) / (2 * np.pi * len(means) * sigma**2)
    return np.log(density + 1e-300)
