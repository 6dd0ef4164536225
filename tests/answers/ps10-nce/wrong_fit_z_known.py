"""The means are those for the known Z, and only then ln Z is fitted.

Fails: test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    means = np.asarray(fit_nce(x, y, means))

    def objective(params):
        return nce_loss_z(np.append(means, params), x, y)

    return means, optimize.minimize(objective, [log_z]).x[0]
