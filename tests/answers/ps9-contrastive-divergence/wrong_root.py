"""The square root of the total is returned.

Fails: test_matched_error, test_matched_error_other_inputs
"""


# %% solution="matched_error"
def matched_error(estimate, truth):
    squares = ((truth[:, None] - estimate) ** 2).sum(axis=2)
    return np.sqrt(squares[optimize.linear_sum_assignment(squares)].sum())
