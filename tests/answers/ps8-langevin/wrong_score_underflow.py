"""Responsibilities from densities that have become 0: nan far from the means.

Fails: test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    density = np.exp(-squares / (2 * sigma**2))
    resp = density / density.sum(axis=1, keepdims=True)
    return (resp @ means - x) / sigma**2
