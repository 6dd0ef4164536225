"""The synthetic points come from the true means of the course instead of the current estimate.

Fails: test_fit_direct, test_fit_direct_distribution, test_fit_direct_long_run
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        truth = np.array([[0, 0], [0, 3], [3, 0], [3, 3]])
        x_model = truth[rng.integers(4, size=100)] + rng.standard_normal((100, 2))
        history.append(update(means, x_real, x_model, eta))
    return np.array(history)
