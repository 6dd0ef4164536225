"""The responsibilities are left out: every mean is drawn to all points.

Fails: test_mean_gradient, test_mean_gradient_other_inputs, test_mean_gradient_far_points
"""


# %% solution="mean_gradient"
def mean_gradient(x, means):
    return (x[:, None] - means).mean(axis=0)
