"""Ink becomes 0 and paper 1.

Fails: test_binarise, test_binarise_other_inputs
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    return 1 - (images > threshold).astype(int)
