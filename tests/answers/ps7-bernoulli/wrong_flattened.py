"""The images are flattened to rows.

Fails: test_binarise, test_binarise_other_inputs
"""


# %% solution="binarise"
def binarise(images, threshold=0.5):
    return (images.reshape(len(images), -1) > threshold).astype(int)
