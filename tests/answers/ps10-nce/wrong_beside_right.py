"""The mean of the noise is (0, 0); h, losses and fits are right on their own and pass.

Fails: test_log_noise, test_log_noise_other_inputs
"""


# %% solution="log_noise"
def log_noise(y):
    return -0.5 * (y**2).sum(axis=1) / 4 - np.log(8 * np.pi)


# %% solution="log_h"
def ratio(u, means, log_z):
    noise = stats.norm.logpdf(u, 1, 2).sum(axis=1)
    return special.logsumexp(-(spatial.distance.cdist(u, means) ** 2) / 2, axis=1) - log_z - noise


def log_h(u, means, log_z):
    return special.log_expit(ratio(u, means, log_z))


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(-1, 2)
    log_z = np.log(2 * np.pi * len(means))
    return (
        np.logaddexp(0, -ratio(x, means, log_z)).sum()
        + np.logaddexp(0, ratio(y, means, log_z)).sum()
    )


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    means, log_z = params[:-1].reshape(-1, 2), params[-1]
    return (
        np.logaddexp(0, -ratio(x, means, log_z)).sum()
        + np.logaddexp(0, ratio(y, means, log_z)).sum()
    )
