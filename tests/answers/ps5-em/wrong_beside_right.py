"""The E-step, the M-step and the log-likelihood are wrong; the fit is right by itself.

Only the three lose their points.

Fails: test_gmm_log_likelihood, test_gmm_log_likelihood_other_inputs, test_gmm_log_likelihood_far_tails, test_e_step, test_e_step_other_inputs, test_e_step_far_tails, test_m_step, test_m_step_other_inputs, test_m_step_without_loops
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    log_joint = np.stack(
        [
            np.log(w) + gaussian_log_density(samples, m, c)
            for w, m, c in zip(weights, means, covariances)
        ],
        axis=1,
    )
    return -special.logsumexp(log_joint, axis=1).sum()


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    log_joint = np.stack(
        [
            np.log(w) + gaussian_log_density(samples, m, c)
            for w, m, c in zip(weights, means, covariances)
        ],
        axis=1,
    )
    return log_joint - special.logsumexp(log_joint, axis=1, keepdims=True)


# %% solution="m_step"
def m_step(samples, resp):
    counts = resp.sum(axis=0)
    means = resp.T @ samples / counts[:, None]
    centred = samples - means[:, None]
    scatter = np.einsum("nk,kni,knj->kij", resp, centred, centred)
    return counts[::-1] / len(samples), means, scatter


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    n, d = samples.shape
    weights = rng.dirichlet(np.full(num_components, 20.0))
    means = rng.multivariate_normal(
        samples.mean(axis=0), np.cov(samples.T).reshape(d, d), num_components
    )
    covariances = np.array([np.cov(samples.T).reshape(d, d)] * num_components)

    def logs():
        return np.column_stack(
            [
                np.log(w) + gaussian_log_density(samples, m, c)
                for w, m, c in zip(weights, means, covariances)
            ]
        )

    history = np.empty(num_iters)
    for t in range(num_iters):
        resp = special.softmax(logs(), axis=1)
        counts = resp.sum(axis=0)
        weights, means = counts / n, (resp.T @ samples) / counts[:, None]
        for j in range(num_components):
            centred = samples - means[j]
            covariances[j] = (centred * resp[:, [j]]).T @ centred / counts[j]
        history[t] = special.logsumexp(logs(), axis=1).sum()
    return weights, means, covariances, history
