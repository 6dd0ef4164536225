"""Right by another method: Python loops and scipy.stats, lists returned, everything self-contained.

Fails: none
"""


# %% solution="sample_two_gaussians"
def sample_two_gaussians(n, prob_1, mean_1, sigma_1, mean_2, sigma_2, rng):
    z, x = [], []
    for _ in range(n):
        if rng.uniform() < prob_1:
            z.append(1)
            x.append(rng.normal(mean_1, sigma_1))
        else:
            z.append(0)
            x.append(rng.normal(mean_2, sigma_2))
    return z, x


# %% solution="e_step"
def e_step(x, weights, means, sigmas):
    rows = []
    for point in x:
        logs = [
            np.log(w) + stats.norm.logpdf(point, m, s) for w, m, s in zip(weights, means, sigmas)
        ]
        top = max(logs)
        ratios = [np.exp(value - top) for value in logs]
        rows.append([ratio / sum(ratios) for ratio in ratios])
    return rows


# %% solution="m_step"
def m_step(x, resp):
    weights, means, sigmas = [], [], []
    for j in range(len(resp[0])):
        count = sum(row[j] for row in resp)
        mean = sum(row[j] * point for row, point in zip(resp, x)) / count
        variance = sum(row[j] * (point - mean) ** 2 for row, point in zip(resp, x)) / count
        weights.append(count / len(x))
        means.append(mean)
        sigmas.append(variance**0.5)
    return weights, means, sigmas


# %% solution="log_likelihood"
def log_likelihood(x, weights, means, sigmas):
    total = 0.0
    for point in x:
        logs = [
            np.log(w) + stats.norm.logpdf(point, m, s) for w, m, s in zip(weights, means, sigmas)
        ]
        total += special.logsumexp(logs)
    return total


# %% solution="fit_em"
def fit_em(x, weights, means, sigmas, max_iter, tol):
    x = np.array(x, dtype=float)
    history = []
    while len(history) < max_iter:
        # Everything in place, around one array of logs.
        logs = stats.norm(means, sigmas).logpdf(x[:, None]) + np.log(weights)
        resp = special.softmax(logs, axis=1)
        counts = resp.sum(0)
        weights = counts / counts.sum()
        means = resp.T @ x / counts
        sigmas = np.sqrt(np.maximum(resp.T @ x**2 / counts - means**2, 0))
        logs = stats.norm(means, sigmas).logpdf(x[:, None]) + np.log(weights)
        history.append(special.logsumexp(logs, axis=1).sum())
        if len(history) > 1 and abs(history[-1] - history[-2]) < tol:
            break
    return [weights, means, sigmas, history]
