"""Multiplies probabilities: with many pixels every product is 0.

Fails: test_assign_many_pixels, test_e_step, test_e_step_many_pixels
"""


# %% solution="assign"
def assign(x, probabilities):
    pixels = np.where(x[:, None] == 1, probabilities, 1 - probabilities)  # (n, k, d)
    return pixels.prod(axis=2).argmax(axis=1)


# %% solution="e_step"
def e_step(x, weights, probabilities):
    pixels = np.where(x[:, None] == 1, probabilities, 1 - probabilities)  # (n, k, d)
    joint = weights * pixels.prod(axis=2)
    return joint / joint.sum(axis=1, keepdims=True)
