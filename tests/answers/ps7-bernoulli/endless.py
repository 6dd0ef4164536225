"""The clustering never ends: two arrays with the same values are still two arrays.

Fails: test_cluster, test_cluster_iterations, test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    before = None
    while assignments is not before:
        before = assignments
        assignments = assign(x, pixel_probabilities(x, before, n_clusters))
    return assignments, pixel_probabilities(x, assignments, n_clusters)
