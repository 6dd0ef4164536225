"""The start is overwritten by the result.

Fails: test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    means[:] = optimize.minimize(nce_loss, means.ravel(), args=(x, y)).x.reshape(-1, 2)
    return means


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    found = optimize.minimize(nce_loss_z, np.append(means, log_z), args=(x, y)).x
    means[:] = found[:-1].reshape(-1, 2)
    return means, found[-1]
