"""The noise density is multiplied by m / n, as for other numbers of noise points than data; here it is not asked for.

Fails: test_nce_loss, test_nce_loss_other_inputs
"""


# %% solution="nce_loss"
def nce_loss(params, x, y):
    means = params.reshape(-1, 2)
    log_z = np.log(2 * np.pi * len(means))
    shift = np.log(len(y) / len(x))
    model_x = special.logsumexp(-(spatial.distance.cdist(x, means) ** 2) / 2, axis=1) - log_z
    model_y = special.logsumexp(-(spatial.distance.cdist(y, means) ** 2) / 2, axis=1) - log_z
    noise_x, noise_y = log_noise(x) + shift, log_noise(y) + shift
    return (
        -(model_x - np.logaddexp(model_x, noise_x)).sum()
        - (noise_y - np.logaddexp(model_y, noise_y)).sum()
    )
