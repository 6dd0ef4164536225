"""One acceptance decision for all chains together, by the sum of the log ratios.

It is MALA in 200 dimensions, and long chains with these small steps do not show it: nearly every
proposal is accepted all the same. On a ridge nothing moves.

Fails: test_fit_cd_chains
"""


# %% solution="fit_mcmc"
def walk(x, means, n_steps, rng):
    means = np.asarray(means, dtype=float)

    def evaluate(x):
        logs = x @ means.T - (means**2).sum(axis=1) / 2
        top = logs.max(axis=1, keepdims=True)
        shares = np.exp(logs - top)
        totals = shares.sum(axis=1, keepdims=True)
        log_p = (top + np.log(totals))[:, 0] - (x**2).sum(axis=1) / 2
        return log_p, shares @ means / totals - x

    log_p, score = evaluate(x)
    for _ in range(n_steps):
        new = x + 0.005 * score + 0.1 * rng.standard_normal(x.shape)
        new_log_p, new_score = evaluate(new)
        forward = -((new - x - 0.005 * score) ** 2).sum(axis=1) / 0.02
        backward = -((x - new - 0.005 * new_score) ** 2).sum(axis=1) / 0.02
        log_ratio = np.sum(new_log_p - log_p + backward - forward)
        accepted = np.full(len(x), np.log(rng.random()) < log_ratio)
        x = np.where(accepted[:, None], new, x)
        score = np.where(accepted[:, None], new_score, score)
        log_p = np.where(accepted, new_log_p, log_p)
    return x


def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        starts = rng.normal(1.5, np.sqrt(2), size=(100, 2))
        x_model = walk(starts, means, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        chosen = rng.choice(x_real, size=100, replace=False)
        history.append(update(means, chosen, walk(chosen, means, 10, rng), eta))
    return np.array(history)
