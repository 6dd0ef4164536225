"""The sign is turned once too often: the loss is maximised.

Fails: test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    def objective(params):
        return -nce_loss(params, x, y)

    found = optimize.minimize(objective, means.ravel()).x
    return found.reshape(-1, 2)


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    def objective(params):
        return -nce_loss_z(params, x, y)

    found = optimize.minimize(objective, np.append(means, log_z)).x
    return found[:-1].reshape(-1, 2), found[-1]
