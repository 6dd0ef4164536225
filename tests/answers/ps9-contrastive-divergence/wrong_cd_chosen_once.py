"""The 100 real points are drawn once, before the loop.

Fails: test_fit_cd_same_points
"""


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    chosen = rng.choice(x_real, size=100, replace=False)
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model, _ = mala(chosen, means, 1.0, 0.005, 10, rng)
        history.append(update(means, chosen, x_model, eta))
    return np.array(history)
