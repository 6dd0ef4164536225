"""The logarithm of densities: minus infinity far from the means.

The mixture's density is self-contained, and would be right beside a right log-density only near
the means; as it agrees with the student's own log-density, the mistake counts once.

Fails: test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    centred = x - mean
    squares = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
    return np.log(np.exp(-0.5 * squares) / np.sqrt(np.linalg.det(2 * np.pi * covariance)))


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    density = 0
    for w, m, c in zip(weights, means, covariances):
        density = density + w * np.exp(gaussian_log_density(x, m, c))
    return np.log(density)
