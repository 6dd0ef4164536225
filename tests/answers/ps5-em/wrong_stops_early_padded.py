"""The fit stops when the log-likelihood rises by less than 0.01 and repeats the last value.

Fails: test_fit_gaussian_mixture_iterations
"""


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    n, d = samples.shape
    weights = np.full(num_components, 1 / num_components)
    means = samples[rng.choice(n, size=num_components, replace=False)]
    covariances = np.tile(np.eye(d), (num_components, 1, 1))
    history = []
    for t in range(num_iters):
        weights, means, covariances = m_step(samples, e_step(samples, weights, means, covariances))
        history.append(gmm_log_likelihood(samples, weights, means, covariances))
        if t > 0 and history[-1] - history[-2] < 0.01:
            history += [history[-1]] * (num_iters - t - 1)
            break
    return weights, means, covariances, np.array(history)
