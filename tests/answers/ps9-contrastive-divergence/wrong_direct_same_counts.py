"""Every component gives the same number of points.

Fails: test_fit_direct_distribution
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        components = np.arange(100) % len(means)
        x_model = means[components] + rng.standard_normal((100, 2))
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
