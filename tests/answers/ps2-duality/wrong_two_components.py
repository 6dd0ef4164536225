"""Two components are taken for granted.

Fails: test_mixing_weights, test_mixing_weights_other_inputs
"""


# %% solution="mixing_weights"
def mixing_weights(resp):
    first = resp[:, 0].mean()
    return np.array([first, 1 - first])
