"""The chains continue where the last step left them: persistent, not started anew.

Fails: test_fit_mcmc
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    x_model = rng.normal(1.5, np.sqrt(2), size=(100, 2))
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model, _ = mala(x_model, means, 1.0, 0.005, 10 if len(history) > 1 else 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
