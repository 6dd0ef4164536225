"""The sampler never ends: it draws until every component has exactly its share of the points.

Fails: test_sample_mixture, test_sample_mixture_distribution, test_sample_mixture_generator
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    while True:
        z = rng.choice(len(weights), size=n, p=weights)
        if all(np.sum(z == j) / n == weights[j] + 1e-3 for j in range(len(weights))):
            break
    x = [rng.multivariate_normal(means[j], covariances[j]) for j in z]
    return np.array(x), z
