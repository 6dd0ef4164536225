"""Centres the points in place; everything that calls it loses its data.

Fails: test_log_noise_other_inputs, test_log_h_other_inputs, test_nce_loss_other_inputs, test_nce_loss_z_other_inputs, test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    y -= 1
    return -(y**2).sum(axis=1) / 8 - np.log(8 * np.pi)
