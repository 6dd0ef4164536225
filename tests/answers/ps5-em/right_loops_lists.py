"""Right by loops over points and components, with lists returned where arrays are asked for.

The M-step has no loop; the fit starts from random responsibilities.

Fails: none
"""


# %% solution="gmm_log_likelihood"
def gmm_log_likelihood(samples, weights, means, covariances):
    total = 0.0
    for x in samples:
        logs = []
        for w, m, c in zip(weights, means, covariances):
            logs.append(np.log(w) + gaussian_log_density(x[None], m, c)[0])
        top = max(logs)
        total += top + np.log(sum(np.exp(value - top) for value in logs))
    return total


# %% solution="e_step"
def e_step(samples, weights, means, covariances):
    rows = []
    for x in samples:
        logs = [
            np.log(w) + gaussian_log_density(x[None], m, c)[0]
            for w, m, c in zip(weights, means, covariances)
        ]
        joint = [np.exp(value - max(logs)) for value in logs]
        rows.append([value / sum(joint) for value in joint])
    return rows


# %% solution="m_step"
def m_step(samples, resp):
    r = np.asarray(resp, dtype=float).T[:, :, None]  # (k, n, 1)
    counts = r.sum(axis=1)  # (k, 1)
    means = (r * samples).sum(axis=1) / counts
    centred = np.asarray(samples)[None] - means[:, None]
    covariances = np.swapaxes(r * centred, 1, 2) @ centred / counts[:, :, None]
    return [(counts[:, 0] / len(samples)).tolist(), means.tolist(), covariances.tolist()]


# %% solution="fit_gaussian_mixture"
def fit_gaussian_mixture(samples, num_components, num_iters, rng):
    resp = rng.dirichlet(np.ones(num_components), size=len(samples))
    weights, means, covariances = map(np.array, m_step(samples, resp))
    history = []
    for _ in range(num_iters):
        resp = np.array(e_step(samples, weights, means, covariances))
        weights, means, covariances = map(np.array, m_step(samples, resp))
        history.append(gmm_log_likelihood(samples, weights, means, covariances))
    return weights.tolist(), means.tolist(), covariances.tolist(), history


# %% solution="match_components"
def match_components(estimated_means, true_means):
    k, best, best_total = len(true_means), None, np.inf
    for order in itertools.permutations(range(k)):
        total = 0.0
        for i in range(k):
            total += float(np.sum((estimated_means[order[i]] - true_means[i]) ** 2))
        if total < best_total:
            best, best_total = order, total
    return list(best)
