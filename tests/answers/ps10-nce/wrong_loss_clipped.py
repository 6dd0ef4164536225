"""h is kept away from 0 and 1, so that the logarithm stays finite.

Fails: test_nce_loss_far_points, test_nce_loss_z_far_points
"""


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(-1, 2)
    log_z = np.log(2 * np.pi * len(means))
    h_x, h_y = np.exp(log_h(x, means, log_z)), np.exp(log_h(y, means, log_z))
    return (
        -np.log(np.clip(h_x, 1e-12, 1 - 1e-12)).sum()
        - np.log(1 - np.clip(h_y, 1e-12, 1 - 1e-12)).sum()
    )


# %% solution="nce_loss_z"
def nce_loss_z(params, x, y):
    means, log_z = params[:-1].reshape(-1, 2), params[-1]
    h_x, h_y = np.exp(log_h(x, means, log_z)), np.exp(log_h(y, means, log_z))
    return (
        -np.log(np.clip(h_x, 1e-12, 1 - 1e-12)).sum()
        - np.log(1 - np.clip(h_y, 1e-12, 1 - 1e-12)).sum()
    )
