"""Responsibilities made from a log-density without its weights: only the log-density loses points.

Fails: test_log_density, test_log_density_other_inputs, test_log_density_far_tails
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    return special.logsumexp(-squares / (2 * sigma**2), axis=1) - np.log(2 * np.pi * sigma**2)


# %% solution="score"
def score(x, means, sigma):
    logs = np.stack([log_density(x, mean[None], sigma) for mean in means], axis=1)
    resp = np.exp(logs - log_density(x, means, sigma)[:, None] - np.log(len(means)))
    return (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2
