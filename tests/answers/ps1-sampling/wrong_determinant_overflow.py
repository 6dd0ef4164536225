"""The determinant is computed before its logarithm: in 20 dimensions it is 0 or infinite.

Fails: test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    centred = x - mean
    squares = np.sum(centred @ np.linalg.inv(covariance) * centred, axis=1)
    d = len(mean)
    return -0.5 * (d * np.log(2 * np.pi) + np.log(np.linalg.det(covariance)) + squares)
