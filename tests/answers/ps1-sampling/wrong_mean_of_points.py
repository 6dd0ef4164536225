"""The points are centred on their own average, not on the mean that is given.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    centred = x - x.mean(axis=0)
    squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
    return -0.5 * (squares + np.linalg.slogdet(2 * np.pi * covariance)[1])
