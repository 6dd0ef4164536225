"""The chains walk on the mixture at the start instead of the current means.

Fails: test_fit_cd
"""


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        chosen = rng.choice(x_real, size=100, replace=False)
        x_model, _ = mala(chosen, history[0], 1.0, 0.005, 10, rng)
        history.append(update(means, chosen, x_model, eta))
    return np.array(history)
