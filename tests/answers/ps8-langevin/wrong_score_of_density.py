"""The gradient of the density instead of its logarithm: nothing is divided by p.

Fails: test_score, test_score_other_inputs, test_score_far_tails
"""


# %% solution="score"
def score(x, means, sigma):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    density = np.exp(-squares / (2 * sigma**2)) / (2 * np.pi * len(means) * sigma**2)
    return (density[:, :, None] * (means - x[:, None])).sum(axis=1) / sigma**2
