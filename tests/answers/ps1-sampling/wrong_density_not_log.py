"""The density itself is returned, not its logarithm.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    return np.atleast_1d(stats.multivariate_normal(mean, covariance).pdf(x))
