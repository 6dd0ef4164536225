"""Contrastive divergence never ends: it waits for the means to stop moving.

Fails: test_fit_cd, test_fit_cd_same_points, test_fit_cd_chains
"""


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    while True:
        chosen = rng.choice(x_real, size=100, replace=False)
        x_model, _ = mala(chosen, history[-1], 1.0, 0.005, 10, rng)
        new = update(history[-1], chosen, x_model, eta)
        if np.abs(new - history[-1]).max() < 1e-9:
            return np.array(history)
        history = [*history[:n_steps], new]
