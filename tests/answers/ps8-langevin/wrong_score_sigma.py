"""The score is divided by sigma instead of its square.

Fails: test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    resp = special.softmax(-squares / (2 * sigma**2), axis=1)
    return (resp @ means - x) / sigma
