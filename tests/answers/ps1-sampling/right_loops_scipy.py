"""Right by another method: Python loops, lists and scipy.stats, everything self-contained.

Fails: none
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    x, z = [], []
    edges = np.cumsum(weights)
    for _ in range(n):
        j = min(int(np.searchsorted(edges, rng.uniform(), side="right")), len(weights) - 1)
        z.append(j)
        x.append(list(rng.multivariate_normal(means[j], covariances[j])))
    return x, z


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    return [float(stats.multivariate_normal.logpdf(row, mean, covariance)) for row in x]


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    values = []
    for row in x:
        logs = [
            np.log(w) + stats.multivariate_normal.logpdf(row, m, c)
            for w, m, c in zip(weights, means, covariances)
        ]
        top = max(logs)
        values.append(top + np.log(sum(np.exp(value - top) for value in logs)))
    return values


# %% solution="normalising_constant"
def normalising_constant(n_components, sigma):
    from scipy import integrate

    # In polar coordinates around one mean, in units of sigma.
    ring, _ = integrate.quad(lambda r: 2 * np.pi * r * np.exp(-(r**2) / 2), 0, np.inf)
    return n_components * sigma**2 * ring
