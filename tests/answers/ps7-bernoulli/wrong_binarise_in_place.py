"""The zeros and ones are written into the images that were given.

Fails: test_binarise_other_inputs
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    ink = images > threshold
    images[ink] = 1
    images[~ink] = 0
    return images.astype(int)
