"""Counts the random start as the first iteration.

Fails: test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    for _ in range(1, max_iter):
        before = assignments
        assignments = assign(x, pixel_probabilities(x, before, n_clusters))
        if np.array_equal(assignments, before):
            break
    return assignments, pixel_probabilities(x, assignments, n_clusters)
