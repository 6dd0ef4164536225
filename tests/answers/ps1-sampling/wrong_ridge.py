"""A small number on the diagonal, so that the covariance can always be inverted.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    covariance = covariance + 1e-6 * np.eye(len(mean))
    scaled = linalg.solve_triangular(np.linalg.cholesky(covariance), (x - mean).T, lower=True)
    return -0.5 * (np.linalg.slogdet(2 * np.pi * covariance)[1] + (scaled**2).sum(axis=0))
