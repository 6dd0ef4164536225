"""Two dimensions are taken for granted, in the sampler and in the constant of the log-density.

Fails: test_sample_mixture_distribution, test_sample_mixture_generator, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    x = np.zeros((n, 2))
    for i in range(n):
        factor = np.linalg.cholesky(covariances[z[i]])
        x[i] = means[z[i]] + factor @ rng.standard_normal(2)
    return x, z


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    scaled = linalg.solve_triangular(np.linalg.cholesky(covariance), (x - mean).T, lower=True)
    log_determinant = np.linalg.slogdet(covariance)[1]
    return -np.log(2 * np.pi) - 0.5 * log_determinant - 0.5 * (scaled**2).sum(axis=0)
