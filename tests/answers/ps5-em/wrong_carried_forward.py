"""The log-likelihood leaves out the correlations, and the E-step divides by its exponential.

Only the log-likelihood is wrong: the E-step inherits the mistake and passes.

Fails: test_gmm_log_likelihood, test_gmm_log_likelihood_other_inputs, test_gmm_log_likelihood_far_tails
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    logs = [
        np.log(w) + gaussian_log_density(samples, m, np.diag(np.diag(c)))
        for w, m, c in zip(weights, means, covariances)
    ]
    return special.logsumexp(logs, axis=0).sum()


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    logs = [
        np.log(w) + gaussian_log_density(samples, m, c)
        for w, m, c in zip(weights, means, covariances)
    ]
    totals = [
        gmm_log_likelihood(samples[i : i + 1], weights, means, covariances)
        for i in range(len(samples))
    ]
    return np.exp(np.array(logs) - np.array(totals)).T


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    n, d = samples.shape
    weights = np.full(num_components, 1 / num_components)
    means = samples[rng.choice(n, size=num_components, replace=False)]
    covariances = np.tile(np.eye(d), (num_components, 1, 1))

    def logs():
        parts = zip(weights, means, covariances)
        return np.array([np.log(w) + gaussian_log_density(samples, m, c) for w, m, c in parts]).T

    history = []
    for _ in range(num_iters):
        weights, means, covariances = m_step(samples, special.softmax(logs(), axis=1))
        history.append(special.logsumexp(logs(), axis=1).sum())
    return weights, means, covariances, history
