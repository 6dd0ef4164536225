"""One long chain is run and its last 100 states are used: they depend on each other.

Fails: test_fit_mcmc, test_fit_mcmc_chains, test_fit_mcmc_equilibrium
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x = rng.normal(1.5, np.sqrt(2), size=(1, 2))
        x, _ = mala(x, means, 1.0, 0.005, 900, rng)
        x_model = np.zeros((100, 2))
        for i in range(100):
            x, _ = mala(x, means, 1.0, 0.005, 1, rng)
            x_model[i] = x[0]
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
