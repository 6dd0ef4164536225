"""The components are compared without matching them.

Fails: test_matched_error, test_matched_error_other_inputs
"""


# %% solution="matched_error"
def matched_error(estimate, truth):
    return np.sum((estimate - truth) ** 2)
