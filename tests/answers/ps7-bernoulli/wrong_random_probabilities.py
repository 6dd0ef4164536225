"""Starts from random probabilities, not from the probabilities of random assignments.

Fails: test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    probabilities = rng.uniform(0.25, 0.75, (n_clusters, x.shape[1]))
    assignments = None
    for _ in range(max_iter):
        before = assignments
        assignments = assign(x, probabilities)
        probabilities = pixel_probabilities(x, assignments, n_clusters)
        if before is not None and np.array_equal(assignments, before):
            break
    return assignments, probabilities
