"""Both fits return everything that the optimiser returned.

Fails: test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    return optimize.minimize(nce_loss, means.ravel(), args=(x, y))


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    return optimize.minimize(nce_loss_z, np.append(means, log_z), args=(x, y))
