"""The log-density of a Gaussian is wrong; the mixture's density is right on its own and passes.

Fails: test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    centred = x - mean
    squares = np.sum(centred @ covariance * centred, axis=1)
    log_determinant = np.linalg.slogdet(covariance)[1]
    return -0.5 * (x.shape[1] * np.log(2 * np.pi) + log_determinant + squares)


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    logs = [
        np.atleast_1d(stats.multivariate_normal(m, c).logpdf(x)) for m, c in zip(means, covariances)
    ]
    return special.logsumexp(logs, b=np.asarray(weights)[:, None], axis=0)
