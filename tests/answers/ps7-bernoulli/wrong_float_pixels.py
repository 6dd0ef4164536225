"""Zeros and ones are returned as floats.

Fails: test_binarise, test_binarise_other_inputs
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    return np.where(images > threshold, 1.0, 0.0)
