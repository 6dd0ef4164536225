"""The matching has the wrong sign and finds the order that fits worst.

Fails: test_match_components, test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    differences = true_means[:, None] - estimated_means
    return optimize.linear_sum_assignment(-(differences**2).sum(axis=2))[1]
