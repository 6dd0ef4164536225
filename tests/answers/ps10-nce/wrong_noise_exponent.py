"""The exponent is divided by 2 sigma instead of 2 sigma squared; the constant is right.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return -((y - 1) ** 2).sum(axis=1) / 4 - np.log(8 * np.pi)
