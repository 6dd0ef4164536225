"""The result is written into an array of the start's type: integers, where the start is.

Fails: test_fit_nce_other_inputs, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    found = np.zeros_like(means)
    found.flat[:] = optimize.minimize(nce_loss, means.ravel(), args=(x, y)).x
    return found


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    result = optimize.minimize(nce_loss_z, np.append(means, log_z), args=(x, y)).x
    found = np.zeros_like(means)
    found.flat[:] = result[:-1]
    return found, result[-1]
