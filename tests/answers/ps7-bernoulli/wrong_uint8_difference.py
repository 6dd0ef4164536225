"""Subtracts the threshold first: grey values of type uint8 wrap round below 0.

Fails: test_binarise_other_inputs
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    return (images - threshold > 0).astype(int)
