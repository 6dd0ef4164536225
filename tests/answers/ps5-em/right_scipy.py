"""Right with calls of SciPy: frozen normals, logsumexp with weights, cdist.

The fit starts at points drawn from a normal, with the covariance of the data, and warns.

Fails: none
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    logs = [
        np.atleast_1d(stats.multivariate_normal(m, c).logpdf(samples))
        for m, c in zip(means, covariances)
    ]
    return special.logsumexp(logs, axis=0, b=np.asarray(weights)[:, None]).sum()


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    logs = np.empty((len(samples), len(weights)))
    for j, (m, c) in enumerate(zip(means, covariances)):
        logs[:, j] = stats.multivariate_normal(m, c).logpdf(samples)
    print("log-densities", logs.shape)
    return special.softmax(logs + np.log(weights), axis=1)


# %% solution="m_step"
def m_step(samples, resp):
    samples, resp = np.array(samples, dtype=float), np.array(resp, dtype=float)
    (n, d), k = samples.shape, resp.shape[1]
    counts = np.ones(n) @ resp
    normalised = resp / counts
    means = normalised.T @ samples
    centred = samples[:, None, :] - means  # (n, k, d)
    outer = centred[:, :, :, None] * centred[:, :, None, :]  # (n, k, d, d)
    covariances = (normalised[:, :, None, None] * outer).sum(axis=0)
    return counts / counts.sum(), means.reshape(k, d), covariances.reshape(k, d, d)


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    import warnings

    warnings.warn("starting")
    d = samples.shape[1]
    centre, spread = samples.mean(axis=0), np.cov(samples, rowvar=False).reshape(d, d)
    means = rng.multivariate_normal(centre, spread, size=num_components)
    weights = rng.dirichlet(np.full(num_components, 5.0))
    covariances = np.repeat(spread[None], num_components, axis=0)
    log_likelihoods = np.zeros(num_iters)
    t = 0
    while t < num_iters:
        resp = e_step(samples, weights, means, covariances)
        weights, means, covariances = m_step(samples, resp)
        covariances += 1e-7 * np.eye(d)
        log_likelihoods[t] = gmm_log_likelihood(samples, weights, means, covariances)
        t += 1
    return weights, means, covariances, log_likelihoods


# %% solution="match_components"
def match_components(estimated_means, true_means):
    from scipy.spatial.distance import cdist

    costs = cdist(true_means, estimated_means, "sqeuclidean")
    rows, columns = optimize.linear_sum_assignment(costs)
    return columns.astype(np.int32)
