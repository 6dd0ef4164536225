"""The history holds the start's value as well: num_iters + 1 values.

Fails: test_fit_gaussian_mixture, test_fit_gaussian_mixture_iterations, test_fit_gaussian_mixture_random_start
"""


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    n, d = samples.shape
    weights = np.full(num_components, 1 / num_components)
    means = samples[rng.choice(n, size=num_components, replace=False)]
    covariances = np.tile(np.eye(d), (num_components, 1, 1))
    history = []
    history.append(gmm_log_likelihood(samples, weights, means, covariances))
    for _ in range(num_iters):
        weights, means, covariances = m_step(samples, e_step(samples, weights, means, covariances))
        history.append(gmm_log_likelihood(samples, weights, means, covariances))
    return weights, means, covariances, np.array(history)
