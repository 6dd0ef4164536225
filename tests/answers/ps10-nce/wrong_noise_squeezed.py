"""SciPy's multivariate normal gives one number, and no array, for one point.

Fails: test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return stats.multivariate_normal([1, 1], 4 * np.eye(2)).logpdf(y)
