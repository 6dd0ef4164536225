"""The points are divided by sigma in place; the values are right.

Read-only points raise, also where log_acceptance hands them on.

Fails: test_log_density_other_inputs, test_log_acceptance_other_inputs
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    x /= sigma
    squares = ((x[:, None] - means / sigma) ** 2).sum(axis=2)
    return special.logsumexp(-squares / 2, axis=1) - np.log(2 * np.pi * len(means) * sigma**2)
