"""A fit of its own, with sums over the points instead of averages.

Fails: test_fit_mcmc, test_fit_mcmc_chains, test_fit_mcmc_equilibrium
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        starts = rng.normal(1.5, np.sqrt(2), size=(100, 2))
        x_model, _ = mala(starts, means, 1.0, 0.005, 1000, rng)
        real = len(x_real) * mean_gradient(x_real, means)
        history.append(means + eta * (real - 100 * mean_gradient(x_model, means)))
    return np.array(history)
