"""Estimate and truth are compared row by row, in the order they come.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    squares = ((estimate[:, None] - truth) ** 2).sum(axis=2)
    ok = len(set(squares.argmin(axis=1))) == len(truth)
    return ok, ((estimate - truth) ** 2).sum()
