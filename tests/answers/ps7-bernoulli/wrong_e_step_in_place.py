"""The logarithms of the weights are written over the weights.

Fails: test_e_step_other_inputs
"""


# %% solution="e_step"
def e_step(x, weights, probabilities):
    logs = x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T
    weights[:] = np.log(weights)
    return special.softmax(weights + logs, axis=1)
