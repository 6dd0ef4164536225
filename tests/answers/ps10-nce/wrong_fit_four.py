"""Four means are taken for granted in the shape of the result.

Fails: test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    return optimize.minimize(nce_loss, means.ravel(), args=(x, y)).x.reshape(4, 2)


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    found = optimize.minimize(nce_loss_z, np.append(means, log_z), args=(x, y)).x
    return found[:8].reshape(4, 2), found[8]
