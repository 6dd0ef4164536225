"""The logistic function written out: its exponential overflows at far points.

Fails: test_log_h_far_points
"""


# %% solution="log_h"
def log_h(u, means, log_z):
    squares = ((u[:, None] - means) ** 2).sum(axis=2)
    ratio = special.logsumexp(-squares / 2, axis=1) - log_z - log_noise(u)
    return -np.log1p(np.exp(-ratio))
