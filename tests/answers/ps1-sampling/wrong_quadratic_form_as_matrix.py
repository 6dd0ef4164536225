"""The quadratic forms of all pairs of points are returned, not those of each point with itself.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    centred = x - mean
    squares = centred @ np.linalg.inv(covariance) @ centred.T
    log_determinant = np.linalg.slogdet(covariance)[1]
    return -0.5 * (squares + log_determinant + x.shape[1] * np.log(2 * np.pi))
