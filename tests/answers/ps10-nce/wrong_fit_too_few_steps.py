"""The optimiser is stopped after five iterations.

Fails: test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    options = {"maxiter": 5}
    found = optimize.minimize(nce_loss, means.ravel(), args=(x, y), options=options).x
    return found.reshape(-1, 2)


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    start, options = np.append(means, log_z), {"maxiter": 5}
    found = optimize.minimize(nce_loss_z, start, args=(x, y), options=options).x
    return found[:-1].reshape(-1, 2), found[-1]
