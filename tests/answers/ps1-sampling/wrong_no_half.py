"""The factor 1/2 before the quadratic form is forgotten.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    centred = x - mean
    squares = np.einsum("ni,ij,nj->n", centred, np.linalg.inv(covariance), centred)
    return -squares - 0.5 * np.linalg.slogdet(2 * np.pi * covariance)[1]
