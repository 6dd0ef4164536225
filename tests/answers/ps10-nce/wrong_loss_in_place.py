"""The noise is centred in place, and moved back before the end.

Fails: test_nce_loss_other_inputs, test_fit_nce_other_inputs
"""


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(-1, 2)
    log_z = np.log(2 * np.pi * len(means))
    y -= 1
    squares = spatial.distance.cdist(y + 1, means, "sqeuclidean")
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z
    log_p_noise = -(y**2).sum(axis=1) / 8 - np.log(8 * np.pi)
    y += 1
    log_not_h = log_p_noise - np.logaddexp(log_model, log_p_noise)
    return -log_h(x, means, log_z).sum() - log_not_h.sum()
