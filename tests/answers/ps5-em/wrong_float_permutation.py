"""The permutation comes as floating-point numbers.

Fails: test_match_components, test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    order = np.zeros(len(true_means))
    differences = true_means[:, None] - estimated_means
    order[:] = optimize.linear_sum_assignment((differences**2).sum(axis=2))[1]
    return order
