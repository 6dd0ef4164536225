"""The number of components is fixed at 4.

Fails: test_matched_error, test_matched_error_other_inputs
"""


# %% solution="matched_error"
def matched_error(estimate, truth):
    orders = itertools.permutations(range(4))
    return min(np.sum((estimate[list(order)] - truth) ** 2) for order in orders)
