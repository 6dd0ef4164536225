"""The covariance multiplies the noise, in place of a factor of it: the variance is squared.

In the log-density the covariance is solved with where the factor was meant.

Fails: test_sample_mixture_distribution, test_gaussian_log_density, test_gaussian_log_density_other_inputs, test_gaussian_log_density_extremes
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    noise = rng.standard_normal((n, means.shape[1]))
    return means[z] + np.einsum("nab,nb->na", covariances[z], noise), z


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    scaled = np.linalg.solve(covariance, (x - mean).T)
    log_determinant = np.linalg.slogdet(covariance)[1]
    return -0.5 * (x.shape[1] * np.log(2 * np.pi) + log_determinant + (scaled**2).sum(axis=0))
