"""The update changes the means that it is given; the fits hand it a copy and pass.

Fails: test_update_other_inputs
"""


# %% solution="update"
def update(means, x_real, x_model, eta):
    means += eta * (mean_gradient(x_real, means) - mean_gradient(x_model, means))
    return means


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1].copy()
        x_model = means[rng.integers(len(means), size=100)] + rng.normal(size=(100, 2))
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1].copy()
        x_model, _ = mala(rng.normal(1.5, 2**0.5, (100, 2)), means, 1, 0.005, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1].copy()
        chosen = x_real[rng.integers(len(x_real), size=100)]
        x_model, _ = mala(chosen, means, 1, 0.005, 10, rng)
        history.append(update(means, chosen, x_model, eta))
    return np.array(history)
