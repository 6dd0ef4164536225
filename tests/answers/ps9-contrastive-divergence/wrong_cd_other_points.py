"""The data average is taken over another 100 real points.

Fails: test_fit_cd_same_points
"""


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        chosen = rng.choice(x_real, size=100, replace=False)
        x_model, _ = mala(chosen, means, 1.0, 0.005, 10, rng)
        others = rng.choice(x_real, size=100, replace=False)
        history.append(update(means, others, x_model, eta))
    return np.array(history)
