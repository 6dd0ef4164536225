"""A fit counts as failed when its error is large, instead of when a true mean is shared.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    error = ((estimate[:, None] - truth) ** 2).sum(axis=2).min(axis=1).sum()
    return bool(error < 1), error
