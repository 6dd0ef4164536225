"""Four components are taken for granted.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    squares = ((estimate[:, None] - truth) ** 2).sum(axis=2)
    closest = squares.argmin(axis=1)
    return len(set(closest)) == 4, squares.min(axis=1).sum()
