"""The constant counts the points where it should count the dimensions.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    centred = x - mean
    squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
    log_determinant = np.linalg.slogdet(covariance)[1]
    return -0.5 * (len(x) * np.log(2 * np.pi) + log_determinant + squares)
