"""Responsibilities from log-densities instead of densities.

Fails: test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    logs = -squares / (2 * sigma**2) - np.log(2 * np.pi * sigma**2)
    resp = logs / logs.sum(axis=1, keepdims=True)
    return (resp @ means - x) / sigma**2
