"""The effective numbers of points are returned; they are not divided by n.

Fails: test_mixing_weights, test_mixing_weights_other_inputs
"""


# %% solution="mixing_weights"
def mixing_weights(resp):
    return resp.sum(axis=0)
