"""Only neighbouring estimates are compared: a true mean shared by the first and the third goes unseen.

Fails: test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    squares = ((estimate[:, None] - truth) ** 2).sum(axis=2)
    closest = squares.argmin(axis=1)
    return bool(np.all(closest[1:] != closest[:-1])), squares.min(axis=1).sum()
