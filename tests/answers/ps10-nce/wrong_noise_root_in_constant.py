"""The constant is that of one coordinate: the square root of 2 pi sigma squared.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return -((y - 1) ** 2).sum(axis=1) / 8 - 0.5 * np.log(8 * np.pi)
