"""The estimates are compared with the truth without matching: the order stays as it is.

Fails: test_match_components, test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    return np.arange(len(true_means))
