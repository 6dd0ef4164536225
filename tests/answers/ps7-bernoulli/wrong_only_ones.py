"""Only the pixels that are 1 count; the white ones are forgotten.

Fails: test_assign, test_assign_other_inputs, test_assign_many_pixels
"""


# %% solution="assign"
def assign(x, probabilities):
    return (x @ np.log(probabilities).T).argmax(axis=1)
