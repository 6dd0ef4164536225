"""The variance 4 is handed to SciPy as the standard deviation.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return stats.norm.logpdf(y, loc=1, scale=4).sum(axis=1)
