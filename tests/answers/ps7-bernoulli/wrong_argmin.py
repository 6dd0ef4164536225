"""Takes the least probable cluster.

Fails: test_assign, test_assign_other_inputs, test_assign_many_pixels
"""


# %% solution="assign"
def assign(x, probabilities):
    logs = x @ np.log(probabilities).T + (1 - x) @ np.log(1 - probabilities).T
    return logs.argmin(axis=1)
