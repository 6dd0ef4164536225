"""Takes the nearest mean image, as k-means would, not the most probable cluster.

Fails: test_assign_other_inputs, test_assign_many_pixels
"""


# %% solution="assign"
def assign(x, probabilities):
    return ((x[:, None] - probabilities) ** 2).sum(axis=2).argmin(axis=1)
