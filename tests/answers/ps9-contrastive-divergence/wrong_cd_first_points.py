"""The chains always start at the first 100 real points.

Fails: test_fit_cd_same_points
"""


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        chosen = x_real[:100]
        x_model, _ = mala(chosen, means, 1.0, 0.005, 10, rng)
        history.append(update(means, chosen, x_model, eta))
    return np.array(history)
