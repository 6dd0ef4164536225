"""Sigma is taken for the variance in the log-density and in the score; all the rest inherits it and passes.

Fails: test_log_density, test_log_density_other_inputs, test_log_density_far_tails, test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    constant = np.log(2 * np.pi * len(means) * sigma)
    return special.logsumexp(-squares / (2 * sigma), axis=1) - constant


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    resp = special.softmax(-squares / (2 * sigma), axis=1)
    return (resp @ means - x) / sigma
