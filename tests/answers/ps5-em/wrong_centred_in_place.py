"""The matching centres both sets of means in place before it compares them.

Fails: test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    if estimated_means.dtype.kind == "f":
        estimated_means -= estimated_means.mean(axis=0)
    differences = true_means[:, None] - estimated_means
    return optimize.linear_sum_assignment((differences**2).sum(axis=2))[1]
