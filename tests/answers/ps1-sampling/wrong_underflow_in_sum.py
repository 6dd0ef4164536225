"""The densities are summed, then the logarithm is taken: minus infinity far from the means.

Fails: test_mixture_log_density_far_tails
"""


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    density = np.zeros(len(x))
    for w, m, c in zip(weights, means, covariances):
        density += w * np.exp(gaussian_log_density(x, m, c))
    return np.log(density)
