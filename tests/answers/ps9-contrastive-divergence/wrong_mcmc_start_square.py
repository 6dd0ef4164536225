"""The chains start uniformly in the square [0, 3] x [0, 3].

Fails: test_fit_mcmc_chains
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model, _ = mala(rng.uniform(0, 3, (100, 2)), means, 1.0, 0.005, 1000, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
