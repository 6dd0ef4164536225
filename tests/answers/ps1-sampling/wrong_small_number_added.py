"""A small number inside the logarithm keeps it finite, at a wrong value.

Fails: test_mixture_log_density_far_tails
"""


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    density = np.zeros(len(x))
    for w, m, c in zip(weights, means, covariances):
        density += w * np.exp(gaussian_log_density(x, m, c))
    return np.log(density + 1e-300)
