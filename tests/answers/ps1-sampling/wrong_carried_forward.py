"""The log-density of a Gaussian forgets the constant; the mixture's density inherits the mistake and passes.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    scaled = linalg.solve_triangular(np.linalg.cholesky(covariance), (x - mean).T, lower=True)
    return -0.5 * np.linalg.slogdet(covariance)[1] - 0.5 * (scaled**2).sum(axis=0)


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    logs = np.stack(
        [gaussian_log_density(x, m, c) for m, c in zip(means, covariances)], axis=1
    ) + np.log(weights)
    top = logs.max(axis=1)
    return top + np.log(np.exp(logs - top[:, None]).sum(axis=1))
