"""The loop counts to max_iter inclusive, from 0.

Fails: test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    iteration = 0
    while iteration <= max_iter:
        before = assignments
        assignments = assign(x, pixel_probabilities(x, before, n_clusters))
        if np.array_equal(assignments, before):
            break
        iteration += 1
    return assignments, pixel_probabilities(x, assignments, n_clusters)
