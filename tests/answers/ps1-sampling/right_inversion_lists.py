"""Right by another method: lists taken in as arrays, inversion for the components, singular values, one loop a point.

Fails: none
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    means, covariances = np.asarray(means, dtype=float), np.asarray(covariances, dtype=float)
    edges = np.cumsum(weights)
    z = (rng.random(n)[:, None] >= edges[:-1]).sum(axis=1)
    x = [[] for _ in range(n)]
    for i, j in enumerate(z):
        u, s, _ = np.linalg.svd(covariances[j])
        x[i] = (means[j] + (u * np.sqrt(s)) @ rng.standard_normal(len(s))).tolist()
    return [x, z.astype(np.uint8).tolist()]


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    factor = linalg.cho_factor(covariance)
    log_determinant = 2 * sum(np.log(np.diag(factor[0])))
    values = []
    for row in np.asarray(x, dtype=float):
        centred = row - mean
        square = centred @ linalg.cho_solve(factor, centred)
        values.append(-(len(row) * np.log(2 * np.pi) + log_determinant + square) / 2)
    return values


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    x, k = np.asarray(x, dtype=float), len(weights)
    logs = np.empty((len(x), k))
    for j in range(k):
        values, vectors = np.linalg.eigh(covariances[j])
        turned = (x - means[j]) @ vectors
        logs[:, j] = -0.5 * np.sum(turned**2 / values + np.log(2 * np.pi * values), axis=1)
    top = logs.max(axis=1, keepdims=True)
    return top[:, 0] + np.log(np.exp(logs - top) @ weights)


# %% solution="normalising_constant"
def normalising_constant(n_components, sigma):
    return sum(2 * np.pi * np.float64(sigma) * sigma for _ in range(n_components))
