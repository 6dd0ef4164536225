"""Log-sum-exp with the largest exponent of all points instead of one for each point.

Fails: test_log_density_far_tails
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    logs = -squares / (2 * sigma**2)
    largest = logs.max()
    total = np.log(np.exp(logs - largest).sum(axis=1)) + largest
    return total - np.log(2 * np.pi * len(means) * sigma**2)
