"""Only the means are fitted; ln Z stays where it started.

Fails: test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    def objective(params):
        return nce_loss_z(np.append(params, log_z), x, y)

    return optimize.minimize(objective, means.ravel()).x.reshape(means.shape), log_z
