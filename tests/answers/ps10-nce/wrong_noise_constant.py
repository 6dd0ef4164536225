"""The exponent is right, but the constant has sigma where sigma squared belongs.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    sigma = 2
    return -((y - 1) ** 2).sum(axis=1) / (2 * sigma**2) - np.log(2 * np.pi * sigma)
