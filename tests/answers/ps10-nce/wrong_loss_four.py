"""ln Z is that of four components, whatever k is.

Fails: test_nce_loss, test_nce_loss_other_inputs, test_nce_loss_far_points
"""


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(-1, 2)
    log_z = np.log(8 * np.pi)
    squares = spatial.distance.cdist(y, means, "sqeuclidean")
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z
    log_not_h = log_noise(y) - np.logaddexp(log_model, log_noise(y))
    return -log_h(x, means, log_z).sum() - log_not_h.sum()
