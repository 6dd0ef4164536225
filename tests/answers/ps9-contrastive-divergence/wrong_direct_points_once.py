"""The synthetic points are drawn once, before the loop.

Fails: test_fit_direct, test_fit_direct_long_run
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    means = np.asarray(means)
    points = means[rng.integers(len(means), size=100)] + rng.standard_normal((100, 2))
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = points
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
