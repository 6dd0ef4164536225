"""The counts are divided by n - 1.

Fails: test_mixing_weights, test_mixing_weights_other_inputs
"""


# %% solution="mixing_weights"
def mixing_weights(resp):
    return resp.sum(axis=0) / (len(resp) - 1)
