"""The triangular solve uses the transpose of the Cholesky factor.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    factor = np.linalg.cholesky(covariance)
    scaled = linalg.solve_triangular(factor.T, (x - mean).T, lower=False)
    log_determinant = 2 * np.log(np.diag(factor)).sum()
    return -0.5 * (x.shape[1] * np.log(2 * np.pi) + log_determinant + (scaled**2).sum(axis=0))
