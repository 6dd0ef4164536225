"""The responsibilities sum to 1 over the points instead of the components.

Fails: test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    resp = special.softmax(-squares / (2 * sigma**2), axis=0)
    return (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2
