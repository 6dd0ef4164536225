"""Returns the density, not its logarithm.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return np.exp(-((y - 1) ** 2).sum(axis=1) / 8) / (8 * np.pi)
