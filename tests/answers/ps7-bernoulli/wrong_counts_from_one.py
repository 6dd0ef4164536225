"""The clusters are numbered from 1 to k.

The clustering inherits the numbers and loses nothing.

Fails: test_assign, test_assign_other_inputs, test_assign_many_pixels
"""


# %% solution="assign"
def assign(x, probabilities):
    logs = x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T
    return logs.argmax(axis=1) + 1
