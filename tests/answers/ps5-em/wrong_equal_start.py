"""All components start at one random point, and so they stay the same for ever.

Fails: test_fit_gaussian_mixture_random_start
"""


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    n, d = samples.shape
    weights = np.full(num_components, 1 / num_components)
    means = np.tile(samples[rng.integers(n)], (num_components, 1))
    covariances = np.tile(np.eye(d), (num_components, 1, 1))
    history = []
    for _ in range(num_iters):
        weights, means, covariances = m_step(samples, e_step(samples, weights, means, covariances))
        history.append(gmm_log_likelihood(samples, weights, means, covariances))
    return weights, means, covariances, np.array(history)
