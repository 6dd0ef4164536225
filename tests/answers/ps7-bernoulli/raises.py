"""The assignment raises a TypeError: the shape of np.zeros is not a tuple.

The clustering calls it and falls with it.

Fails: test_assign, test_assign_other_inputs, test_assign_many_pixels, test_cluster, test_cluster_iterations, test_cluster_start
"""


# %% solution="assign"
def assign(x, probabilities):
    logs = np.zeros(len(x), len(probabilities))
    for k, p in enumerate(probabilities):
        logs[:, k] = x @ np.log(p) + (1 - x) @ np.log(1 - p)
    return logs.argmax(axis=1)
