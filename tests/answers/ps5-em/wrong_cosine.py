"""The matching compares directions (cosine similarity) instead of distances.

Fails: test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    a = estimated_means / (np.linalg.norm(estimated_means, axis=1, keepdims=True) + 1e-12)
    b = true_means / (np.linalg.norm(true_means, axis=1, keepdims=True) + 1e-12)
    return optimize.linear_sum_assignment(-(b @ a.T))[1]
