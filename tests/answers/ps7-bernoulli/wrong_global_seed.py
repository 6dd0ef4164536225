"""A global seed inside the function makes every start equal.

Fails: test_cluster_start
"""


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    np.random.seed(0)
    assignments = np.random.randint(n_clusters, size=len(x))
    for _ in range(max_iter):
        probabilities = pixel_probabilities(x, assignments, n_clusters)
        new = assign(x, probabilities)
        if np.array_equal(new, assignments):
            break
        assignments = new
    return assignments, probabilities
