"""Right by another method: the given sampler walks in ten pieces of 100 steps.

Fails: none
"""


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        x_model = rng.normal((1.5, 1.5), 2**0.5, (100, 2))
        for _ in range(10):
            x_model, rate = mala(x_model, history[-1], 1.0, 0.005, 100, rng)
            assert 0 < rate <= 1
        history.append(update(history[-1], x_real, x_model, eta))
    return np.array(history)
