"""The counts are added up in logarithms, and a component without points gives log 0, which is cut off.

Fails: test_mixing_weights, test_mixing_weights_other_inputs
"""


# %% solution="mixing_weights"
def mixing_weights(resp):
    logs = np.log(np.maximum(resp, 1e-6)).mean(axis=0)
    return np.exp(logs) / np.exp(logs).sum()
