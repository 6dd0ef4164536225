"""A small number in the denominator of the responsibilities: no pull far from the means.

Fails: test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    density = np.exp(-squares / (2 * sigma**2))
    resp = density / (density.sum(axis=1, keepdims=True) + 1e-12)
    return (resp[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2
