"""A fit of its own, with sums over the points instead of averages.

Fails: test_fit_direct, test_fit_direct_distribution, test_fit_direct_long_run
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = means[rng.integers(len(means), size=100)] + rng.standard_normal((100, 2))
        real = len(x_real) * mean_gradient(x_real, means)
        history.append(means + eta * (real - 100 * mean_gradient(x_model, means)))
    return np.array(history)
