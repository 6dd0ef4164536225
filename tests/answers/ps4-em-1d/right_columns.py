"""Right component by component, in columns, with the responsibilities as inverse sums of ratios.

The sampler draws all of both components and picks, with small integers for z and tuples returned.

Fails: none
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    first = rng.normal(mean_1, sigma_1, size=n)
    second = rng.normal(mean_2, sigma_2, size=n)
    z = rng.binomial(1, prob_1, size=n).astype(np.uint8)
    return z, np.choose(z, [second, first])


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    def logs(j):
        return np.log(weights[j]) - np.log(sigmas[j]) - (x - means[j]) ** 2 / (2 * sigmas[j] ** 2)

    components = range(len(weights))
    columns = [1 / sum(np.exp(logs(i) - logs(j)) for i in components) for j in components]
    return np.column_stack(columns)


# %% solution="m_step"
def m_step(x, resp):
    parts = []
    for column in np.transpose(resp):
        mean = np.average(x, weights=column)
        parts.append((column.mean(), mean, np.average((x - mean) ** 2, weights=column) ** 0.5))
    return tuple(zip(*parts))


# %% solution="log_likelihood"
def log_likelihood(x, weights, means, sigmas):
    columns = [np.log(w) + stats.norm.logpdf(x, m, s) for w, m, s in zip(weights, means, sigmas)]
    return np.logaddexp.reduce(columns).sum()


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    history = []
    for iteration in range(max_iter):
        print("iteration", iteration)
        weights, means, sigmas = map(np.array, m_step(x, e_step(x, weights, means, sigmas)))
        history.append(log_likelihood(x, weights, means, sigmas))
        if iteration > 0 and not history[-1] >= history[-2] + tol:
            return weights, means, sigmas, history
    return weights.tolist(), tuple(means), sigmas, tuple(history)
