"""Only the nearest mean pulls.

Fails: test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    return (means[squares.argmin(axis=1)] - x) / sigma**2
