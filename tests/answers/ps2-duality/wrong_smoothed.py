"""One point is added to every component, so that none is empty.

Fails: test_mixing_weights, test_mixing_weights_other_inputs
"""


# %% solution="mixing_weights"
def mixing_weights(resp):
    return (resp.sum(axis=0) + 1) / (len(resp) + resp.shape[1])
