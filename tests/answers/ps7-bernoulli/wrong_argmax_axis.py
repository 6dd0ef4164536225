"""Looks for the best image of each cluster instead of the best cluster of each image.

The clustering gets too few assignments and falls with it.

Fails: test_assign, test_assign_other_inputs, test_assign_many_pixels, test_cluster, test_cluster_iterations, test_cluster_start
"""


# %% solution="assign"
def assign(x, probabilities):
    logs = x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T
    return logs.argmax(axis=0)
