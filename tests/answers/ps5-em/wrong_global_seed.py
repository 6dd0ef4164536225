"""The fit seeds NumPy's global generator and draws its start from there: every seed gives the same.

Fails: test_fit_gaussian_mixture_random_start
"""


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    n, d = samples.shape
    np.random.seed(0)
    weights = np.full(num_components, 1 / num_components)
    means = samples[np.random.choice(n, size=num_components, replace=False)]
    covariances = np.tile(np.eye(d), (num_components, 1, 1))
    history = []
    for _ in range(num_iters):
        weights, means, covariances = m_step(samples, e_step(samples, weights, means, covariances))
        history.append(gmm_log_likelihood(samples, weights, means, covariances))
    return weights, means, covariances, np.array(history)
