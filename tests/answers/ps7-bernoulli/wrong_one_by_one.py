"""The images move one after the other, each against probabilities made anew.

Fails: test_cluster_iterations, test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    for _ in range(max_iter):
        before = assignments.copy()
        for i in range(len(x)):
            probabilities = pixel_probabilities(x, assignments, n_clusters)
            assignments[i] = assign(x[i : i + 1], probabilities)[0]
        if np.array_equal(assignments, before):
            break
    return assignments, pixel_probabilities(x, assignments, n_clusters)
