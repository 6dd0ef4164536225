"""The table has a row for each pixel and a column for each cluster.

The clustering uses it and loses nothing where assign can work with it; here it cannot.

Fails: test_pixel_probabilities, test_pixel_probabilities_other_inputs, test_cluster, test_cluster_iterations, test_cluster_start
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    one_hot = np.eye(n_clusters)[assignments]
    return (x.T @ one_hot + 1) / (one_hot.sum(axis=0) + 2)
