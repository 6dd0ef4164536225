"""The random start leaves the last cluster out: integers() does not reach its upper end anyway.

Fails: test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(0, max(n_clusters - 1, 1), size=len(x))
    for _ in range(max_iter):
        before = assignments
        assignments = assign(x, pixel_probabilities(x, before, n_clusters))
        if np.array_equal(assignments, before):
            break
    return assignments, pixel_probabilities(x, assignments, n_clusters)
