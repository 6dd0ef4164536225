"""Plain fractions of ones: probabilities of 0 and 1, and 0/0 in an empty cluster.

The clustering that uses them inherits the mistake and passes.

Fails: test_pixel_probabilities, test_pixel_probabilities_other_inputs
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    one_hot = np.eye(n_clusters)[assignments]
    return (one_hot.T @ x) / one_hot.sum(axis=0)[:, None]
