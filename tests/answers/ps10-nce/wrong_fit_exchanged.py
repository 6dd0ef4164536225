"""Data and noise are handed to the loss in the wrong order.

Fails: test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    found = optimize.minimize(nce_loss, means.ravel(), args=(y, x)).x
    return found.reshape(-1, 2)


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    found = optimize.minimize(nce_loss_z, np.append(means, log_z), args=(y, x)).x
    return found[:-1].reshape(-1, 2), found[-1]
