"""The starts have the standard deviation 1.5 and the average 1.414: the two are exchanged.

Fails: test_fit_mcmc_chains
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        starts = rng.normal(np.sqrt(2), 1.5, size=(100, 2))
        x_model, _ = mala(starts, means, 1.0, 0.005, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
