"""Sorts the images by cluster, in the arrays that were given, and cuts them into blocks.

Fails: test_pixel_probabilities_other_inputs, test_cluster, test_cluster_iterations, test_cluster_start
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    order = np.argsort(assignments)
    x[:], assignments[:] = x[order], assignments[order]
    probabilities = np.full((n_clusters, x.shape[1]), 0.5)
    for k in np.unique(assignments):
        first, end = np.searchsorted(assignments, [k, k + 1])
        probabilities[k] = (np.count_nonzero(x[first:end], axis=0) + 1) / (end - first + 2)
    return probabilities
