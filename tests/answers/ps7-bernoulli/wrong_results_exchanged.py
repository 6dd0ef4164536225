"""The two results of the clustering change places.

Fails: test_cluster, test_cluster_iterations, test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    for _ in range(max_iter):
        probabilities = pixel_probabilities(x, assignments, n_clusters)
        assignments = assign(x, probabilities)
    return probabilities, assignments
