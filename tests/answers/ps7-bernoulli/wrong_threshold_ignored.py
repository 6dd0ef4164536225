"""The grey values are rounded, whatever the threshold.

Fails: test_binarise, test_binarise_other_inputs
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    return np.round(images).astype(int)
