"""The estimates are returned in sorted order, not in that of the start.

Fails: test_fit_nce_other_inputs, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce"
def fit_nce(x, y, means):
    found = optimize.minimize(nce_loss, means.ravel(), args=(x, y)).x
    return np.array(sorted(found.reshape(-1, 2).tolist()))


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    found = optimize.minimize(nce_loss_z, np.append(means, log_z), args=(x, y)).x
    return np.array(sorted(found[:-1].reshape(-1, 2).tolist())), found[-1]
