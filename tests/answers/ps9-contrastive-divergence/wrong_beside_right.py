"""The gradient and the update are wrong; the fits do everything themselves, are right, and pass.

Fails: test_mean_gradient, test_mean_gradient_other_inputs, test_mean_gradient_far_points, test_update, test_update_other_inputs
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    squares = ((x[:, None] - means) ** 2).sum(axis=2)
    resp = special.softmax(-squares / 2, axis=1)
    return resp.T @ x / resp.sum(axis=0)[:, None] - means


# %% solution="update"
def update(means, x_real, x_model, eta):
    return means - eta * (mean_gradient(x_real, means) - mean_gradient(x_model, means))


# %% solution="fit_direct"
def own_gradient(x, means):
    x = np.asarray(x, dtype=float)
    resp = special.softmax(x @ means.T - (means**2).sum(axis=1) / 2, axis=1)
    return (resp.T @ x - resp.sum(axis=0)[:, None] * means) / len(x)


def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        m = history[-1]
        y = m[rng.integers(len(m), size=100)] + rng.normal(size=(100, 2))
        history.append(m + eta * (own_gradient(x_real, m) - own_gradient(y, m)))
    return history


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        m = history[-1]
        y, _ = mala(rng.normal(1.5, 2**0.5, (100, 2)), m, 1, 0.005, 1000, rng)
        history.append(m + eta * (own_gradient(x_real, m) - own_gradient(y, m)))
    return history


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        m = history[-1]
        x = rng.choice(x_real, size=100)
        y, _ = mala(x, m, 1, 0.005, 10, rng)
        history.append(m + eta * (own_gradient(x, m) - own_gradient(y, m)))
    return history
