"""Laplace's rule with 1 instead of 2 below.

Fails: test_pixel_probabilities, test_pixel_probabilities_other_inputs
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    one_hot = np.eye(n_clusters)[assignments]
    return (one_hot.T @ x + 1) / (one_hot.sum(axis=0)[:, None] + 1)
