"""The noise has variance 2; everything after it calls log_noise and inherits that, and keeps its points.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return stats.norm.logpdf(y, 1, np.sqrt(2)).sum(axis=1)


# %% solution="log_h"
def log_model(u, means, log_z):
    return special.logsumexp(-(spatial.distance.cdist(u, means) ** 2) / 2, axis=1) - log_z


def log_h(u, means, log_z):
    return special.log_expit(log_model(u, means, log_z) - log_noise(u))


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(-1, 2)
    log_z = np.log(2 * np.pi * len(means))
    ratio = log_model(y, means, log_z) - log_noise(y)
    return -log_h(x, means, log_z).sum() - special.log_expit(-ratio).sum()


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    means, log_z = params[:-1].reshape(-1, 2), params[-1]
    not_h = log_h(y, means, log_z) + log_noise(y) - log_model(y, means, log_z)
    return -log_h(x, means, log_z).sum() - not_h.sum()
