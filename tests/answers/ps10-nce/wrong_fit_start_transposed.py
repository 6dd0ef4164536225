"""The start is flattened column by column, so that the fit starts at other means.

Fails: test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    found = optimize.minimize(nce_loss, means.T.ravel(), args=(x, y)).x
    return found.reshape(2, -1).T


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    found = optimize.minimize(nce_loss_z, np.append(means.T, log_z), args=(x, y)).x
    return found[:-1].reshape(2, -1).T, found[-1]
