"""The matching tries only cyclic orders.

Fails: test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    k = len(true_means)
    orders = [np.roll(np.arange(k), shift) for shift in range(k)]
    return min(orders, key=lambda order: np.sum((estimated_means[order] - true_means) ** 2))
