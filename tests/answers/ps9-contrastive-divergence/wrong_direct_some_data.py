"""The data average is taken over 100 points drawn from the data, not over all.

Fails: test_fit_direct_distribution
"""


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = means[rng.integers(len(means), size=100)] + rng.standard_normal((100, 2))
        some = rng.choice(x_real, size=100)
        history.append(update(means, some, x_model, eta))
    return np.array(history)
