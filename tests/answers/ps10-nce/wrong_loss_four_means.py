"""The means are reshaped to (4, 2), whatever k is; the fits fall with the losses.

Fails: test_nce_loss, test_nce_loss_other_inputs, test_nce_loss_far_points, test_nce_loss_z, test_nce_loss_z_other_inputs, test_nce_loss_z_far_points, test_fit_nce, test_fit_nce_other_inputs, test_fit_nce_z, test_fit_nce_z_other_inputs
"""


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(4, 2)
    log_z = np.log(8 * np.pi)
    squares = spatial.distance.cdist(y, means, "sqeuclidean")
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z
    log_not_h = log_noise(y) - np.logaddexp(log_model, log_noise(y))
    return -log_h(x, means, log_z).sum() - log_not_h.sum()


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    means, log_z = params[:-1].reshape(4, 2), params[-1]
    squares = spatial.distance.cdist(y, means, "sqeuclidean")
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z
    log_not_h = log_noise(y) - np.logaddexp(log_model, log_noise(y))
    return -log_h(x, means, log_z).sum() - log_not_h.sum()
