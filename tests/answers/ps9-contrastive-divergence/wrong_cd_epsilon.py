"""Epsilon is 0.01 instead of 0.005: the factor 2 in the noise is forgotten.

Fails: test_fit_cd, test_fit_cd_same_points, test_fit_cd_chains
"""


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        chosen = rng.choice(x_real, size=100, replace=False)
        x_model, _ = mala(chosen, means, 1.0, 0.01, 10, rng)
        history.append(update(means, chosen, x_model, eta))
    return np.array(history)
