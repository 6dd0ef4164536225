"""The matching adds absolute differences of the coordinates.

Fails: test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    differences = np.abs(true_means[:, None] - estimated_means)
    return optimize.linear_sum_assignment(differences.sum(axis=2))[1]
