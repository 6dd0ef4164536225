"""First the means with ln Z fixed, then ln Z with the means fixed, and no second round.

Fails: test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    flat = optimize.minimize(lambda p: nce_loss_z(np.append(p, log_z), x, y), means.ravel()).x
    found = optimize.minimize(lambda p: nce_loss_z(np.append(flat, p), x, y), [log_z]).x
    return flat.reshape(means.shape), found[0]
