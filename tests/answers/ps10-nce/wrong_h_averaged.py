"""Averages over the components, although ln Z holds the factor K already.

Fails: test_log_h, test_log_h_other_inputs, test_log_h_far_points
"""


# %% solution="log_h"
def log_h(u, means, log_z):
    squares = ((u[:, None] - means) ** 2).sum(axis=2)
    model = special.logsumexp(-squares / 2, axis=1) - np.log(len(means)) - log_z
    return model - np.logaddexp(model, log_noise(u))
