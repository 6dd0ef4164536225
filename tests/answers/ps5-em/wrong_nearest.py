"""The matching takes the closest estimate for each true mean, even if two share it.

Fails: test_match_components, test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    differences = true_means[:, None] - estimated_means
    return (differences**2).sum(axis=2).argmin(axis=1)
