"""Right by another method: counts drawn first and shuffled, eigenvectors, einsum, a running logaddexp.

Fails: none
"""


# %% solution="sample_mixture"
def sample_mixture(n, weights, means, covariances, rng):
    z = np.repeat(np.arange(len(weights), dtype=np.int8), rng.multinomial(n, weights))
    rng.shuffle(z)
    x = np.empty((n, means.shape[1]))
    for j in range(len(weights)):
        values, vectors = np.linalg.eigh(covariances[j])
        noise = rng.normal(size=(np.sum(z == j), len(values)))
        x[z == j] = means[j] + (noise * np.sqrt(values)) @ vectors.T
    return x, z


# %% solution="gaussian_log_density"
def gaussian_log_density(x, mean, covariance):
    centred = x - mean
    squares = np.einsum("ni,ij,nj->n", centred, np.linalg.inv(covariance), centred)
    d = len(mean)
    return -0.5 * squares - 0.5 * d * np.log(2 * np.pi) - 0.5 * np.linalg.slogdet(covariance)[1]


# %% solution="mixture_log_density"
def mixture_log_density(x, weights, means, covariances):
    total = np.full(len(x), -np.inf)
    for j in range(len(weights)):
        term = np.log(weights[j]) + gaussian_log_density(x, means[j], covariances[j])
        total = np.logaddexp(total, term)
    return total


# %% solution="normalising_constant"
def normalising_constant(n_components, sigma):
    return np.array(n_components * (np.sqrt(2 * np.pi) * sigma) ** 2)
