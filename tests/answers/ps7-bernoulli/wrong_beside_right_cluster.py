"""Both steps are wrong, but the clustering beside them does everything itself and is right.

Fails: test_pixel_probabilities, test_pixel_probabilities_other_inputs, test_assign, test_assign_other_inputs, test_assign_many_pixels
"""


# %% solution="pixel_probabilities"
def pixel_probabilities(x, assignments, n_clusters):
    one_hot = np.eye(n_clusters)[assignments]
    return (one_hot.T @ x + 1) / (len(x) + 2)


# %% solution="assign"
def assign(x, probabilities):
    return (x @ np.log(probabilities).T).argmax(axis=1)


# %% solution="cluster"
def cluster(x, n_clusters, rng, max_iter=30):
    one_hot = np.eye(n_clusters)[rng.integers(n_clusters, size=len(x))]
    for _ in range(max_iter):
        p = (one_hot.T @ x + 1) / (one_hot.sum(axis=0)[:, None] + 2)
        new = np.eye(n_clusters)[
            np.argmax(x @ np.log(p / (1 - p)).T + np.log(1 - p).sum(1), axis=1)
        ]
        if (new == one_hot).all():
            break
        one_hot = new
    return one_hot.argmax(axis=1), p
