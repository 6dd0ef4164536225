"""The comparison is returned as it is: True and False instead of integers.

Fails: test_binarise, test_binarise_other_inputs
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    return images > threshold
