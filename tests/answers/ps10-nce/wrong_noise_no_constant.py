"""The constant in front of the exponential is left out.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return -((y - 1) ** 2).sum(axis=1) / 8
