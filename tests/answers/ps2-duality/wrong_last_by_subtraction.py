"""The last weight is 1 minus the others: a tiny weight is lost in rounding.

Fails: test_mixing_weights_other_inputs
"""


# %% solution="mixing_weights"
def mixing_weights(resp):
    weights = resp.mean(axis=0)
    weights[-1] = 1 - weights[:-1].sum()
    return weights
