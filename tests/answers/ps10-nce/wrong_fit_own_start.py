"""The means given are ignored: the fits start at points of the data.

Fails: test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    start = x[np.linspace(len(x) - 1, 0, len(means)).astype(int)]
    found = optimize.minimize(nce_loss, start.ravel(), args=(x, y)).x
    found = found.reshape(-1, 2)
    return found[np.argsort(-found[:, 0])]


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    start = x[np.linspace(len(x) - 1, 0, len(means)).astype(int)]
    found = optimize.minimize(nce_loss_z, np.append(start, 1.0), args=(x, y)).x
    rows = found[:-1].reshape(-1, 2)
    return rows[np.argsort(-rows[:, 0])], found[-1]
