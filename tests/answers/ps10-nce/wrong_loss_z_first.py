"""ln Z is looked for at the front of the parameters. The fit minimises what it is given and keeps its points.

Fails: test_nce_loss_z, test_nce_loss_z_other_inputs, test_nce_loss_z_far_points
"""


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    means, log_z = params[1:].reshape(-1, 2), params[0]
    squares = spatial.distance.cdist(y, means, "sqeuclidean")
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z
    log_not_h = log_noise(y) - np.logaddexp(log_model, log_noise(y))
    return -log_h(x, means, log_z).sum() - log_not_h.sum()
