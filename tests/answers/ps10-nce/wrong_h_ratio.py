"""Only the quotient of model and noise: the sum in the denominator is missing. The fits run away with their loss, stop after 200 iterations and keep their points.

Fails: test_log_h, test_log_h_other_inputs, test_log_h_far_points
"""


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


# %% solution="log_h"
def log_h(u, means, log_z):
    squares = ((u[:, None] - means) ** 2).sum(axis=2)
    return special.logsumexp(-squares / 2, axis=1) - log_z - log_noise(u)
