"""The history is right, but the fit changes the start that it is given.

Fails: test_fit_direct_distribution
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [means.copy()]
    for _ in range(n_steps):
        x_model = means[rng.integers(len(means), size=100)] + rng.standard_normal((100, 2))
        means += eta * (mean_gradient(x_real, means) - mean_gradient(x_model, means))
        history.append(means.copy())
    return np.array(history)
