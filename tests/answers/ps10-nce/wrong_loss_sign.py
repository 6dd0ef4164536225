"""The log-likelihood without the minus sign: its maximum is wanted, but the loss is minimised. The fits run away with their loss, stop after 200 iterations and keep their points.

Fails: test_nce_loss, test_nce_loss_other_inputs, test_nce_loss_far_points, test_nce_loss_z, test_nce_loss_z_other_inputs, test_nce_loss_z_far_points
"""


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(-1, 2)
    log_z = np.log(2 * np.pi * len(means))
    squares = spatial.distance.cdist(y, means, "sqeuclidean")
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z
    log_not_h = log_noise(y) - np.logaddexp(log_model, log_noise(y))
    return log_h(x, means, log_z).sum() + log_not_h.sum()


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    means, log_z = params[:-1].reshape(-1, 2), params[-1]
    squares = spatial.distance.cdist(y, means, "sqeuclidean")
    log_model = special.logsumexp(-squares / 2, axis=1) - log_z
    log_not_h = log_noise(y) - np.logaddexp(log_model, log_noise(y))
    return log_h(x, means, log_z).sum() + log_not_h.sum()


# %% solution="fit_nce"
def fit_nce(x, y, means):
    options = {"maxiter": 200}
    found = optimize.minimize(nce_loss, means.ravel(), args=(x, y), options=options)
    return found.x.reshape(means.shape)


# %% solution="fit_nce_z"
def fit_nce_z(x, y, means, log_z):
    start, options = np.append(means, log_z), {"maxiter": 200}
    found = optimize.minimize(nce_loss_z, start, args=(x, y), options=options)
    return found.x[:-1].reshape(means.shape), found.x[-1]
