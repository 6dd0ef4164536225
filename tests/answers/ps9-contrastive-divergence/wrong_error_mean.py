"""The squared distances are averaged instead of summed.

Fails: test_matched_error, test_matched_error_other_inputs
"""


# %% solution="matched_error"
def matched_error(estimate, truth):
    squares = ((truth[:, None] - estimate) ** 2).sum(axis=2)
    return squares[optimize.linear_sum_assignment(squares)].mean()
