"""Variance 2 where the standard deviation is 2: sqrt(2) as the standard deviation.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return stats.norm.logpdf(y, loc=1, scale=np.sqrt(2)).sum(axis=1)
