"""The mean is subtracted from the points in place: the caller's points have moved.

The mixture's density inherits the mistake, once a component, and passes.

Fails: test_gaussian_log_density_other_inputs
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    x -= mean
    scaled = linalg.solve_triangular(np.linalg.cholesky(covariance), x.T, lower=True)
    log_determinant = np.linalg.slogdet(covariance)[1]
    return -0.5 * (x.shape[1] * np.log(2 * np.pi) + log_determinant + (scaled**2).sum(axis=0))
