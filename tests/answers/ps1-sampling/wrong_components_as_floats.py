"""The components are collected in an array of floats.

Fails: test_sample_mixture, test_sample_mixture_distribution, test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    x, z = np.zeros((n, means.shape[1])), np.zeros(n)
    for i in range(n):
        j = rng.choice(len(weights), p=weights)
        x[i], z[i] = rng.multivariate_normal(means[j], covariances[j]), j
    return x, z
