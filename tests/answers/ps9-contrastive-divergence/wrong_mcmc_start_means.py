"""The chains walk on the mixture at the start instead of the current means.

Fails: test_fit_mcmc
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        starts = rng.normal(1.5, np.sqrt(2), size=(100, 2))
        x_model, _ = mala(starts, history[0], 1.0, 0.005, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
