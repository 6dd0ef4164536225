"""The responsibilities are made from log-densities instead of densities.

Fails: test_mean_gradient, test_mean_gradient_other_inputs, test_mean_gradient_far_points
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    differences = x[:, None] - means
    logs = -(differences**2).sum(axis=2) / 2 - np.log(2 * np.pi)
    resp = logs / logs.sum(axis=1, keepdims=True)
    return (resp[:, :, None] * differences).mean(axis=0)
