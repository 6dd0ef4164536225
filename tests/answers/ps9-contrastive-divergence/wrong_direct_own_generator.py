"""The fit makes a generator of its own, so every seed gives the same draws.

Fails: test_fit_direct, test_fit_direct_distribution
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    rng = np.random.default_rng(0)
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = means[rng.integers(len(means), size=100)] + rng.standard_normal((100, 2))
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
