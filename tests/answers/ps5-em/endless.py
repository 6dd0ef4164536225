"""The fit never ends: its loop waits for a counter that nobody advances.

Fails: test_fit_gaussian_mixture, test_fit_gaussian_mixture_iterations, test_fit_gaussian_mixture_random_start
"""


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    n, d = samples.shape
    weights = np.full(num_components, 1 / num_components)
    means = samples[rng.choice(n, size=num_components, replace=False)]
    covariances = np.tile(np.eye(d), (num_components, 1, 1))
    history = np.zeros(num_iters)
    t = 0
    while t < num_iters:
        resp = e_step(samples, weights, means, covariances)
        weights, means, covariances = m_step(samples, resp)
        covariances = covariances + 1e-6 * np.eye(d)
        history[t] = gmm_log_likelihood(samples, weights, means, covariances)
    return weights, means, covariances, history
