"""The points scatter with the standard deviation 2 instead of 1.

Fails: test_fit_direct_distribution
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = means[rng.integers(len(means), size=100)] + rng.normal(0, 2, (100, 2))
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
