"""ln Z is taken as known: the argument log_z is ignored.

Fails: test_log_h, test_log_h_other_inputs, test_log_h_far_points
"""


# %% solution="log_h"
def log_h(u, means, log_z):
    squares = ((u[:, None] - means) ** 2).sum(axis=2)
    log_z = np.log(2 * np.pi * len(means))
    ratio = special.logsumexp(-squares / 2, axis=1) - log_z - log_noise(u)
    return special.log_expit(ratio)
