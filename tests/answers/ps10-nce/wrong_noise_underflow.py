"""The logarithm of the density: minus infinity at far points.

Fails: test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return np.log(stats.norm.pdf(y, 1, 2).prod(axis=1))
