"""The result takes over the type of the points: whole numbers for whole points.

Fails: test_score_other_inputs
"""


# %% solution="score"
def score(x, means, sigma):
    result = np.zeros_like(x)
    for i in range(len(x)):
        squares = ((x[i] - means) ** 2).sum(axis=1)
        result[i] = (special.softmax(-squares / (2 * sigma**2)) @ means - x[i]) / sigma**2
    return result
