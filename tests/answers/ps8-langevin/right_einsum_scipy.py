"""Right by another method: SciPy's Gaussians, einsum, a proposal density with its constant, exponentials for uniforms.

Fails: none
"""


# %% solution="log_density"
def log_density(x, means, sigma):
    logs = [
        np.atleast_1d(stats.multivariate_normal(mean, sigma**2 * np.eye(2)).logpdf(x))
        for mean in means
    ]  # k arrays (n,)
    return special.logsumexp(logs, axis=0, b=1 / len(means))


# %% solution="score"
def score(x, means, sigma):
    difference = means[None, :, :] - x[:, None, :]  # (n, k, 2)
    logs = -0.5 * np.einsum("nka,nka->nk", difference, difference) / sigma**2
    logs -= logs.max(axis=1, keepdims=True)
    resp = np.exp(logs)
    return np.einsum("nk,nka,n->na", resp, difference, 1 / resp.sum(axis=1)) / sigma**2


# %% solution="langevin_step"
def langevin_step(x, means, sigma, epsilon, noise):
    step = np.multiply(epsilon, score(x, means, sigma))
    return np.add(x, step) + stats.norm(scale=np.sqrt(2 * epsilon)).std() * noise


# %% solution="log_proposal"
def log_proposal(x_to, x_from, means, sigma, epsilon):
    rest = x_to - langevin_step(x_from, means, sigma, epsilon, np.zeros(np.shape(x_from)))
    return stats.norm.logpdf(rest, scale=np.sqrt(2 * epsilon)).sum(axis=1)


# %% solution="log_acceptance"
def log_acceptance(x_new, x, means, sigma, epsilon):
    def log_flow(a, b):
        return log_density(a, means, sigma) + log_proposal(b, a, means, sigma, epsilon)

    log_ratio = log_flow(x_new, x) - log_flow(x, x_new)
    return np.where(log_ratio > 0, 0.0, log_ratio)


# %% solution="mala"
def mala(x, means, sigma, epsilon, n_steps, rng):
    normals = rng.standard_normal((n_steps, *x.shape))
    exponentials = rng.exponential(size=(n_steps, len(x)))
    moves = np.zeros(len(x))
    for noise, limit in zip(normals, exponentials):
        x_new = langevin_step(x, means, sigma, epsilon, noise)
        accepted = log_acceptance(x_new, x, means, sigma, epsilon) > -limit
        x = np.where(accepted[:, None], x_new, x)
        moves = moves + accepted
    return x, np.mean(moves / n_steps)
