"""Both sets of means are sorted by their first coordinate.

Fails: test_matched_error, test_matched_error_other_inputs
"""


# %% solution="matched_error"
def matched_error(estimate, truth):
    estimate, truth = estimate[estimate[:, 0].argsort()], truth[truth[:, 0].argsort()]
    return np.sum((estimate - truth) ** 2)
