"""Returns the probabilities of the random start.

Fails: test_cluster, test_cluster_iterations
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    probabilities = pixel_probabilities(x, assignments, n_clusters)
    for _ in range(max_iter):
        before = assignments
        assignments = assign(x, pixel_probabilities(x, before, n_clusters))
        if np.array_equal(assignments, before):
            break
    return assignments, probabilities
