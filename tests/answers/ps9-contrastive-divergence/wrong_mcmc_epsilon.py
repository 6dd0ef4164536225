"""Epsilon is 0.01 instead of 0.005: the factor 2 in the noise is forgotten.

Fails: test_fit_mcmc_chains
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        starts = rng.normal(1.5, np.sqrt(2), size=(100, 2))
        x_model, _ = mala(starts, means, 1.0, 0.01, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
