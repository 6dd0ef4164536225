"""Right by another method: einsum, scipy's multivariate normal, all permutations, another start.

Everything is self-contained, and the fit adds a ridge of 1e-6.

Fails: none
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    total = 0.0
    for x in samples:
        logs = [stats.multivariate_normal.logpdf(x, m, c) for m, c in zip(means, covariances)]
        total += special.logsumexp(logs, b=weights)
    return total


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    logs = np.empty((len(samples), len(weights)))
    for j in range(len(weights)):
        centred = samples - means[j]
        precision = np.linalg.inv(covariances[j])
        logs[:, j] = np.log(weights[j]) - 0.5 * np.linalg.slogdet(covariances[j])[1]
        logs[:, j] -= 0.5 * np.einsum("ni,ij,nj->n", centred, precision, centred)
    return special.softmax(logs, axis=1).tolist()


# %% solution="m_step"
def m_step(samples, resp):
    resp = np.asarray(resp)
    counts = np.einsum("nk->k", resp)
    means = np.einsum("nk,nd->kd", resp, samples) / counts[:, None]
    moments = np.einsum("nk,ni,nj->kij", resp, samples, samples) / counts[:, None, None]
    return counts / counts.sum(), means, moments - np.einsum("ki,kj->kij", means, means)


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    samples = np.asarray(samples, dtype=float)
    n, d = samples.shape
    # k-means++: each new centre far from those there are.
    centres = [samples[rng.integers(n)]]
    while len(centres) < num_components:
        nearest = np.min([((samples - c) ** 2).sum(axis=1) for c in centres], axis=0)
        centres.append(samples[rng.choice(n, p=nearest / nearest.sum())])
    means = np.array(centres)
    weights = np.ones(num_components) / num_components
    spread = np.atleast_2d(np.cov(samples.T, bias=True))
    covariances = np.array([spread] * num_components)

    def logs(weights, means, covariances):
        return np.log(weights) + np.column_stack(
            [stats.multivariate_normal(m, c).logpdf(samples) for m, c in zip(means, covariances)]
        )

    history = []
    for _ in range(num_iters):
        resp = special.softmax(logs(weights, means, covariances), axis=1)
        counts = resp.sum(axis=0)
        weights = counts / n
        means = (resp.T @ samples) / counts[:, None]
        covariances = np.array(
            [
                np.cov(samples.T, aweights=resp[:, j], bias=True).reshape(d, d) + 1e-6 * np.eye(d)
                for j in range(num_components)
            ]
        )
        history.append(special.logsumexp(logs(weights, means, covariances), axis=1).sum())
    return weights, means, covariances, history


# %% solution="match_components"
def match_components(estimated_means, true_means):
    estimated_means = np.asarray(estimated_means, dtype=float)

    def total(order):
        return np.sum((estimated_means[list(order)] - true_means) ** 2)

    return min(itertools.permutations(range(len(true_means))), key=total)
