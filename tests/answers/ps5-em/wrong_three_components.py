"""The matching tries the orders of three components, or of two.

Fails: test_match_components_other_inputs
"""


# %% solution="match_components"
def match_components(estimated_means, true_means):
    orders = [[0, 1], [1, 0]]
    if len(true_means) > 2:
        orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    return min(orders, key=lambda order: np.sum((estimated_means[order] - true_means) ** 2))
