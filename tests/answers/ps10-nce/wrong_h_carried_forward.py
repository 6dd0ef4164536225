"""The squared distances are averaged over the coordinates; the losses find ln(1 - h) from that and keep their points.

Fails: test_log_h, test_log_h_other_inputs, test_log_h_far_points
"""


# %% solution="log_h"
def log_ratio(u, means, log_z):
    squares = ((u[:, None] - means) ** 2).mean(axis=2)
    return special.logsumexp(-squares / 2, axis=1) - log_z - log_noise(u)


def log_h(u, means, log_z):
    return special.log_expit(log_ratio(u, means, log_z))


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(-1, 2)
    log_z = np.log(2 * np.pi * len(means))
    return -log_h(x, means, log_z).sum() - np.log(-np.expm1(log_h(y, means, log_z))).sum()


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    means, log_z = params[:-1].reshape(-1, 2), params[-1]
    return -log_h(x, means, log_z).sum() - special.log_expit(-log_ratio(y, means, log_z)).sum()
