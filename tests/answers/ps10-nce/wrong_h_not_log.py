"""Returns h, not its logarithm.

Fails: test_log_h, test_log_h_other_inputs, test_log_h_far_points
"""


# %% solution="log_h"
def log_h(u, means, log_z):
    squares = ((u[:, None] - means) ** 2).sum(axis=2)
    ratio = special.logsumexp(-squares / 2, axis=1) - log_z - log_noise(u)
    return special.expit(ratio)
