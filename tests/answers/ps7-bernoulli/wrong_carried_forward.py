"""The probabilities are not smoothed and the assignment takes the nearest mean image.

The clustering is built on both, and inherits their mistakes only.

Fails: test_pixel_probabilities, test_pixel_probabilities_other_inputs, test_assign_other_inputs, test_assign_many_pixels
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    probabilities = np.zeros((n_clusters, x.shape[1]))
    for k in range(n_clusters):
        if np.any(assignments == k):
            probabilities[k] = x[assignments == k].mean(axis=0)
    return probabilities


# %% solution="assign"
def assign(x, probabilities):
    return ((x[:, None] - probabilities) ** 2).sum(axis=2).argmin(axis=1)


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    assignments = rng.integers(n_clusters, size=len(x))
    for _ in range(max_iter):
        probabilities = pixel_probabilities(x, assignments, n_clusters)
        new = assign(x, probabilities)
        if np.array_equal(new, assignments):
            break
        assignments = new
    return assignments, probabilities
