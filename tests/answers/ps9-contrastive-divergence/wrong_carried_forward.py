"""The gradient is normalised over the wrong axis, and update and fits use it directly, without update.

Only the gradient loses its points.

Fails: test_mean_gradient, test_mean_gradient_other_inputs, test_mean_gradient_far_points
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    differences = x[:, None] - means
    resp = special.softmax(-(differences**2).sum(axis=2) / 2, axis=0)
    return (resp[:, :, None] * differences).mean(axis=0)


# %% solution="fit_direct"
def fit_direct(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        x_model = means[rng.integers(len(means), size=100)] + rng.standard_normal((100, 2))
        step = mean_gradient(x_real, means) - mean_gradient(x_model, means)
        history.append(means + eta * step)
    return np.array(history)


# %% solution="fit_mcmc"
def fit_mcmc(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        starts = rng.normal(1.5, np.sqrt(2), size=(100, 2))
        x_model, _ = mala(starts, means, 1.0, 0.005, 1000, rng)
        step = mean_gradient(x_real, means) - mean_gradient(x_model, means)
        history.append(means + eta * step)
    return np.array(history)


# %% solution="fit_cd"
def fit_cd(x_real, means, n_steps, eta, rng):
    history = [np.array(means, dtype=float)]
    for _ in range(n_steps):
        means = history[-1]
        chosen = rng.choice(x_real, size=100, replace=False)
        x_model, _ = mala(chosen, means, 1.0, 0.005, 10, rng)
        step = mean_gradient(chosen, means) - mean_gradient(x_model, means)
        history.append(means + eta * step)
    return np.array(history)
