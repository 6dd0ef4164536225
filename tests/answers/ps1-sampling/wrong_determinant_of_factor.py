"""The log-determinant of the Cholesky factor is used for that of the covariance: a factor 2 is missing.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    factor = np.linalg.cholesky(covariance)
    scaled = linalg.solve_triangular(factor, (x - mean).T, lower=True)
    log_determinant = np.log(np.diag(factor)).sum()
    return -0.5 * (x.shape[1] * np.log(2 * np.pi) + log_determinant + (scaled**2).sum(axis=0))
