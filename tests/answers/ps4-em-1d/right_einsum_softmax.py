"""Right with einsum, softmax and True/False for the component; the first rise is taken from the start.

The sampler gives each point its own mean and sigma, and the log-likelihood takes out the largest
term by hand.

Fails: none
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    second = rng.choice(2, size=n, p=[prob_1, 1 - prob_1])
    x = rng.normal(np.array([mean_1, mean_2])[second], np.array([sigma_1, sigma_2])[second])
    return second == 0, x


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    standardised = np.subtract.outer(x, means) / sigmas
    return special.softmax(np.log(weights / sigmas) - standardised**2 / 2, axis=1)


# %% solution="m_step"
def m_step(x, resp):
    counts = np.einsum("nk->k", resp)
    shares = resp / counts
    means = np.einsum("nk,n->k", shares, x)
    differences = np.subtract.outer(x, means)
    sigmas = np.einsum("nk,nk,nk->k", shares, differences, differences) ** 0.5
    return [counts / counts.sum(), means, sigmas]


# %% solution="log_likelihood"
def log_likelihood(x, weights, means, sigmas):
    exponents = -0.5 * (np.subtract.outer(x, means) / sigmas) ** 2
    largest = exponents.max(axis=1)
    factors = weights / (np.sqrt(2 * np.pi) * sigmas)
    inside = (factors * np.exp(exponents - largest[:, np.newaxis])).sum(axis=1)
    return np.sum(largest + np.log(inside))


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    values = [log_likelihood(x, weights, means, sigmas)]
    rise = np.inf
    while len(values) <= max_iter and rise >= tol:
        resp = e_step(x, weights, means, sigmas)
        weights, means, sigmas = m_step(x, resp)
        values.append(log_likelihood(x, weights, means, sigmas))
        rise = values[-1] - values[-2]
    return weights, means, sigmas, values[1:]
