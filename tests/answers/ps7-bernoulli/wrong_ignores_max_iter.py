"""Runs until nothing changes, whatever max_iter.

Fails: test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    while True:
        before = assignments
        assignments = assign(x, pixel_probabilities(x, before, n_clusters))
        if np.array_equal(assignments, before):
            return assignments, pixel_probabilities(x, assignments, n_clusters)
