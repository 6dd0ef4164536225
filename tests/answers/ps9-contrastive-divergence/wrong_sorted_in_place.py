"""The function sorts what it is given, and coordinate by coordinate.

Fails: test_matched_error_other_inputs
"""


# %% solution="matched_error"
def matched_error(estimate, truth):
    estimate.sort(axis=0)
    truth.sort(axis=0)
    return np.sum((estimate - truth) ** 2)
