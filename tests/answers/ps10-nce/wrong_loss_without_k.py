"""ln Z is that of one Gaussian: the number of components is missing.

Fails: test_nce_loss, test_nce_loss_other_inputs, test_nce_loss_far_points
"""


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means, log_z = params.reshape(-1, 2), np.log(2 * np.pi)
    squares = spatial.distance.cdist(y, means, "sqeuclidean")
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z
    log_not_h = log_noise(y) - np.logaddexp(log_model, log_noise(y))
    return -log_h(x, means, log_z).sum() - log_not_h.sum()
