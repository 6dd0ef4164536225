"""The counts of a cluster are divided by the number of all images.

Fails: test_pixel_probabilities, test_pixel_probabilities_other_inputs
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    one_hot = np.eye(n_clusters)[assignments]
    return (one_hot.T @ x + 1) / (len(x) + 2)
