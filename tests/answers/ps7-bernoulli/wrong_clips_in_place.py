"""Small probabilities are raised in the array that was given.

Fails: test_assign_other_inputs
"""


# %% solution="assign"
def assign(x, probabilities):
    np.clip(probabilities, 1e-4, 1 - 1e-4, out=probabilities)
    logs = x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T
    return logs.argmax(axis=1)
