"""A bracket is missing: the imaginary 1 is divided, the count is not.

Fails: test_pixel_probabilities, test_pixel_probabilities_other_inputs
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    probabilities = np.full((n_clusters, x.shape[1]), 0.5)
    for k in range(n_clusters):
        own = x[assignments == k]
        probabilities[k] = own.sum(axis=0) + 1 / (len(own) + 2)
    return probabilities
