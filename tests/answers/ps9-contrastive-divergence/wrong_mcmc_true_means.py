"""The chains walk on the true mixture of the course instead of the current estimate.

Fails: test_fit_mcmc, test_fit_mcmc_chains, test_fit_mcmc_equilibrium
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        starts = rng.normal(1.5, np.sqrt(2), size=(100, 2))
        truth = np.array([[0, 0], [0, 3], [3, 0], [3, 3]])
        x_model, _ = mala(starts, truth, 1.0, 0.005, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
