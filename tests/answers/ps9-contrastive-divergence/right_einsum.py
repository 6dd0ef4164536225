"""Right by another method: einsum, self-contained fits that draw all their noise beforehand, complex numbers.

The chains use the given sampler, and the real points come from a random permutation.

Fails: none
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    logs = x @ means.T - 0.5 * np.einsum("kd,kd->k", means, means)
    logs = logs - logs.max(axis=1, keepdims=True)
    resp = np.exp(logs)
    resp = resp / np.einsum("nk->n", resp)[:, None]
    return np.einsum("nk,nkd->kd", resp, x[:, None, :] - means[None, :, :]) / x.shape[0]


# %% solution="update"
def update(means, x_real, x_model, eta):
    points = np.vstack([x_real, x_model])
    signs = np.repeat([1 / len(x_real), -1 / len(x_model)], [len(x_real), len(x_model)])
    differences = points[:, None] - means
    resp = special.softmax(-0.5 * np.einsum("nkd,nkd->nk", differences, differences), axis=1)
    return means + eta * np.einsum("n,nk,nkd->kd", signs, resp, differences)


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    noise = rng.standard_normal((n_steps, 100, 2))
    uniforms = rng.random((n_steps, 100))
    history = np.empty((n_steps + 1, len(means), 2))
    history[0] = means
    for t in range(n_steps):
        current = history[t]
        y = current[(uniforms[t] * len(current)).astype(int)] + noise[t]
        step = mean_gradient(x_real, current) - mean_gradient(y, current)
        history[t + 1] = current + eta * step
    return history


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    starts = 1.5 + np.sqrt(2) * rng.standard_normal((n_steps, 100, 2))
    history = np.empty((n_steps + 1, len(means), 2))
    history[0] = means
    for t in range(n_steps):
        current = history[t]
        y, _ = mala(starts[t], current, sigma=1, epsilon=0.1**2 / 2, n_steps=1000, rng=rng)
        step = mean_gradient(x_real, current) - mean_gradient(y, current)
        history[t + 1] = current + eta * step
    return history


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = np.empty((n_steps + 1, len(means), 2))
    history[0] = means
    for t in range(n_steps):
        chosen = x_real[rng.permutation(len(x_real))[:100]]
        y, _ = mala(chosen, history[t], sigma=1, epsilon=0.1**2 / 2, n_steps=10, rng=rng)
        step = mean_gradient(chosen, history[t]) - mean_gradient(y, history[t])
        history[t + 1] = history[t] + eta * step
    return history


# %% solution="matched_error"
def matched_error(estimate, truth):
    a = np.asarray(estimate, dtype=float) @ [1, 1j]
    b = np.asarray(truth, dtype=float) @ [1, 1j]
    orders = np.array(list(itertools.permutations(range(len(b)))))
    return (np.abs(a[orders] - b) ** 2).sum(axis=1).min()
