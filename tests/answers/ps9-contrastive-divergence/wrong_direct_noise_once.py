"""The noise is drawn once, before the loop, and used in every step.

Fails: test_fit_direct
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    components = rng.integers(len(means), size=100)
    noise = rng.standard_normal((100, 2))
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = means[components] + noise
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
