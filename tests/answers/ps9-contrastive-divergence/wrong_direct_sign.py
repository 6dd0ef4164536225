"""A fit of its own that goes downhill.

Fails: test_fit_direct, test_fit_direct_distribution, test_fit_direct_long_run
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = means[rng.integers(len(means), size=100)] + rng.standard_normal((100, 2))
        history.append(update(means, x_model, x_real, eta))
    return np.array(history)
