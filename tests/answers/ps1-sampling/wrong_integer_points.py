"""The array of points takes over the type of the means: integer means cut the points to integers.

Fails: test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = rng.choice(len(weights), size=n, p=weights)
    x = np.zeros_like(means[z])
    for i in range(n):
        x[i] = rng.multivariate_normal(means[z[i]], covariances[z[i]])
    return x, z
