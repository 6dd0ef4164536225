"""A tiny number keeps 0/0 away: with many pixels all responsibilities are 0.

Fails: test_e_step, test_e_step_many_pixels
"""


# %% solution="e_step"
def e_step(x, weights, probabilities):
    logs = x @ np.log(probabilities).T + (1 - x) @ np.log1p(-probabilities).T
    joint = weights * np.exp(logs)
    return joint / (joint.sum(axis=1, keepdims=True) + 1e-300)
