"""A global seed inside the fit makes every draw of the starts equal; the chains use rng.

Fails: test_fit_mcmc_chains
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    np.random.seed(0)
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        starts = np.random.normal(1.5, np.sqrt(2), size=(100, 2))
        x_model, _ = mala(starts, means, 1.0, 0.005, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
