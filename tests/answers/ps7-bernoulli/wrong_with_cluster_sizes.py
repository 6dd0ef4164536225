"""Large clusters are favoured: the log of their share is added.

Fails: test_cluster_iterations, test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    for _ in range(max_iter):
        before = assignments
        p = pixel_probabilities(x, before, n_clusters)
        share = (np.bincount(before, minlength=n_clusters) + 1) / (len(x) + n_clusters)
        logs = np.log(share) + x @ np.log(p).T + (1 - x) @ np.log1p(-p).T
        assignments = logs.argmax(axis=1)
        if np.array_equal(assignments, before):
            break
    return assignments, pixel_probabilities(x, assignments, n_clusters)
