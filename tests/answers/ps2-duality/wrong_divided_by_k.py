"""The counts are divided by the number of components.

Fails: test_mixing_weights, test_mixing_weights_other_inputs
"""


# %% solution="mixing_weights"
def mixing_weights(resp):
    return resp.sum(axis=0) / resp.shape[1]
