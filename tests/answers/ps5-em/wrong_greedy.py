"""The matching gives each true mean in turn the closest estimate that is still free.

Fails: test_match_components, test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    free, order = list(range(len(true_means))), []
    for mean in true_means:
        best = min(free, key=lambda j: np.sum((estimated_means[j] - mean) ** 2))
        free.remove(best)
        order.append(best)
    return np.array(order)
