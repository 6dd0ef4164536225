"""The error of a failed fit is not reported: nan comes instead.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    squares = ((estimate[:, None] - truth) ** 2).sum(axis=2)
    if len(set(squares.argmin(axis=1))) < len(truth):
        return False, np.nan
    return True, squares.min(axis=1).sum()
