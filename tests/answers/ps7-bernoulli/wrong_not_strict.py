"""A grey value exactly at the threshold becomes 1.

Fails: test_binarise, test_binarise_other_inputs
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    return (images >= threshold).astype(int)
