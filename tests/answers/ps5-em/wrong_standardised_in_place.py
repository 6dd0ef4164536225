"""The fit subtracts the mean of the data from its argument, in place.

Fails: test_fit_gaussian_mixture, test_fit_gaussian_mixture_iterations, test_fit_gaussian_mixture_random_start
"""


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    samples -= samples.mean(axis=0)
    n, d = samples.shape
    weights = np.full(num_components, 1 / num_components)
    means = samples[rng.choice(n, size=num_components, replace=False)]
    covariances = np.tile(np.eye(d), (num_components, 1, 1))
    history = []
    for _ in range(num_iters):
        weights, means, covariances = m_step(samples, e_step(samples, weights, means, covariances))
        history.append(gmm_log_likelihood(samples, weights, means, covariances))
    return weights, means, covariances, np.array(history)
