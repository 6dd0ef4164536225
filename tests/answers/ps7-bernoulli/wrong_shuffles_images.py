"""Shuffles the images in place and deals the clusters out in turn.

Fails: test_cluster, test_cluster_iterations, test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    rng.shuffle(x)
    assignments = np.arange(len(x)) % n_clusters
    for _ in range(max_iter):
        before = assignments
        assignments = assign(x, pixel_probabilities(x, before, n_clusters))
        if np.array_equal(assignments, before):
            break
    return assignments, pixel_probabilities(x, assignments, n_clusters)
