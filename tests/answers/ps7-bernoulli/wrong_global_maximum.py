"""The largest logarithm of all images is subtracted, not that of the image: improbable ones get 0/0.

Fails: test_e_step_many_pixels
"""


# %% solution="e_step"
def e_step(x, weights, probabilities):
    logs = x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T + np.log(weights)
    joint = np.exp(logs - logs.max())
    return joint / joint.sum(axis=1, keepdims=True)
