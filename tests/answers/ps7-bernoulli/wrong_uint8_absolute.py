"""Writes 1 - x as |x - 1|: with uint8, 0 - 1 is 255.

Fails: test_assign_other_inputs, test_assign_many_pixels
"""


# %% solution="assign"
def assign(x, probabilities):
    zeros = np.abs(x - 1)
    return (x @ np.log(probabilities).T + zeros @ np.log1p(-probabilities).T).argmax(axis=1)
