"""The matching sorts both sets of means by their first coordinate.

Fails: test_match_components, test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    order = np.empty(len(true_means), dtype=int)
    order[np.argsort(true_means[:, 0])] = np.argsort(estimated_means[:, 0])
    return order
