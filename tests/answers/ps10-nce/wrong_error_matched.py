"""The best order of the components is used: no two estimates can share a true mean, and no run fails.

Fails: test_closest_error, test_closest_error_other_inputs
"""


# %% solution="closest_error"
def closest_error(estimate, truth):
    squares = spatial.distance.cdist(estimate, truth, "sqeuclidean")
    rows, columns = optimize.linear_sum_assignment(squares)
    return True, squares[rows, columns].sum()
