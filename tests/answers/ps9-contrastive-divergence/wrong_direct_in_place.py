"""The fit changes the start that it is given, and its history holds the same array many times.

Fails: test_fit_direct, test_fit_direct_distribution, test_fit_direct_long_run
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [means]
    for _ in range(n_steps):
        x_model = means[rng.integers(len(means), size=100)] + rng.standard_normal((100, 2))
        means += eta * (mean_gradient(x_real, means) - mean_gradient(x_model, means))
        history.append(means)
    return np.array(history)
