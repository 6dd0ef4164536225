"""The chains start with the standard deviation 2 instead of the variance 2.

Fails: test_fit_mcmc_chains
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model, _ = mala(rng.normal(1.5, 2, (100, 2)), means, 1.0, 0.005, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
