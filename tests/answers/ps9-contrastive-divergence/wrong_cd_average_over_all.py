"""The data average is taken over all real points instead of the 100 that start the chains.

Fails: test_fit_cd_same_points
"""


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        chosen = rng.choice(x_real, size=100, replace=False)
        x_model, _ = mala(chosen, means, 1.0, 0.005, 10, rng)
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
