"""Clusters without images lose their row at the end.

Fails: test_cluster_iterations, test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    for _ in range(max_iter):
        before = assignments
        assignments = assign(x, pixel_probabilities(x, before, n_clusters))
        if np.array_equal(assignments, before):
            break
    probabilities = pixel_probabilities(x, assignments, n_clusters)
    return assignments, probabilities[np.unique(assignments)]
